"""HTML, read strictly: what is open is closed, and what can be read of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self

import htpy as h

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}


@dataclass
class Element:
    """An element with its attributes and all that stands in it."""

    tag: str
    attributes: dict[str, str | None]
    content: list["Element | str"] = field(default_factory=list)

    @classmethod
    def of(cls, node: h.Node) -> Self:
        """What was rendered, as the content of one element. Fails if it isn't well-formed."""
        return cls.read(str(h.div[node]))

    @classmethod
    def read(cls, html: str) -> Self:
        """The element that a text of HTML is. Fails if it isn't well-formed."""
        reading = _Reading()
        reading.feed(html)
        reading.close()
        assert reading.open == [reading.root], "something was never closed"
        (element,) = reading.root.content
        assert isinstance(element, Element)
        return cls(element.tag, element.attributes, element.content)

    def all(self, *tags: str) -> Iterator["Element"]:
        """This element and those within it, of any of these tags if some are named."""
        if not tags or self.tag in tags:
            yield self
        for each in self.content:
            if isinstance(each, Element):
                yield from each.all(*tags)

    def one(self, *tags: str) -> "Element":
        """The only element of these tags."""
        (found,) = self.all(*tags)
        return found

    def of_class(self, name: str) -> list["Element"]:
        """The elements of a class."""
        return [each for each in self.all() if name in (each["class"] or "").split()]

    def __getitem__(self, attribute: str) -> str | None:
        return self.attributes.get(attribute)

    @property
    def text(self) -> str:
        """What stands in it to be read, a line break where there is one."""
        if self.tag == "br":
            return "\n"
        return "".join(each if isinstance(each, str) else each.text for each in self.content)

    @property
    def spoken(self) -> str:
        """What can be read or heard of it: its text, and that of its pictures."""
        own = [self[name] or "" for name in ("alt", "aria-label", "placeholder")]
        inner = (each if isinstance(each, str) else each.spoken for each in self.content)
        return "".join([*own, *inner])


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice in {tag}"
        element = Element(tag, dict(attrs))
        self.open[-1].content.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"{tag} is closed, and something in it isn't"

    def handle_data(self, data: str) -> None:
        self.open[-1].content.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(f"a declaration: {data}")
