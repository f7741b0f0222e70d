"""Images as HTML. The page loads what it serves itself, and nothing from elsewhere."""

import re
from urllib.parse import quote

import htpy as h

from app.playground.blocks import Json
from app.playground.page.html.reader import Reader
from app.playground.page.html.text import link, render_inline

_INLINE_DATA = re.compile(r"data:image/[\w.+-]+[;,]", re.ASCII)
_SERVED_HERE = re.compile(r"https?://(?:127\.0\.0\.1|localhost)(?::\d+)?(/files/\w+)", re.ASCII)
_FILE_ADDRESS = re.compile(r"/files-pri/[^/]+-(\w+)/|/files/\w+/(\w+)/", re.ASCII)
"""The addresses of a file object: `url_private` and `permalink`."""


def address_here(image: Json) -> str | None:
    """Where the page finds an image; None for one that stands elsewhere."""
    if "slack_file" in image:
        return _address_of_file(image["slack_file"])
    url = image["image_url"]
    if _INLINE_DATA.match(url):
        return str(url)
    served = _SERVED_HERE.fullmatch(url)
    return served[1] if served else None


def render_image_block(block: Json, reader: Reader) -> h.Node:
    """An image with its title. One that isn't loaded is told by its alternative text."""
    address = address_here(block)
    shown = _opening(address, block["alt_text"]) if address else _not_loaded(block)
    title = block.get("title")
    return h.figure[h.figcaption[render_inline(title, reader)] if title else None, shown]


def render_small_image(image: Json) -> h.Node:
    """An image element beside text, in the size that its place gives it."""
    address = address_here(image)
    if address:
        return h.img(src=address, alt=image["alt_text"])
    return h.span(".not-loaded")[link(_outside(image), image["alt_text"])]


def _outside(image: Json) -> str:
    """Where an image stands that the page doesn't serve."""
    return str(image["slack_file"]["url"] if "slack_file" in image else image["image_url"])


def _address_of_file(reference: Json) -> str | None:
    if "id" in reference:
        return f"/files/{quote(reference['id'], safe='')}"
    found = _FILE_ADDRESS.search(reference["url"])
    return f"/files/{found[1] or found[2]}" if found else None


def _opening(address: str, alt: str) -> h.Node:
    """An image that opens in its full size, unless it stands in its address itself."""
    image = h.img(src=address, alt=alt)
    return image if address.startswith("data:") else h.a(href=address, target="_blank")[image]


def _not_loaded(image: Json) -> h.Element:
    url = _outside(image)
    return h.div(".not-loaded")[
        h.p[image["alt_text"]],
        h.p(".quiet")["Not shown: the playground loads nothing from outside. ", link(url, url)],
    ]
