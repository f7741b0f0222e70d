"""The page without what is in it: its regions, empty until the stream fills them."""

import htpy as h

from app.playground.page.screen import Screen

STYLES = ("page", "blocks", "elements", "modals", "inspector")


def shell(screen: Screen) -> h.Renderable:
    """The document; `screen` only names the workspace."""
    return h.html(lang="en")[
        h.head[
            h.meta(charset="utf-8"),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.title[f"{screen.slack.workspace.bot.real_name} · playground"],
            h.link(rel="icon", href="/static/icon.svg"),
            (h.link(rel="stylesheet", href=f"/static/{name}.css") for name in STYLES),
            h.script(type="module", src="/static/page.js"),
        ],
        h.body[
            h.noscript["The playground needs JavaScript."],
            h.header[h.div(data_region="bar"), h.div(data_region="controls")],
            h.nav(aria_label="Channels")[h.ul(data_region="channels")],
            h.main[
                h.div(data_region="head"),
                h.div("#messages", data_region="messages", role="log", aria_label="Messages"),
                h.div("#home", data_region="home"),
                h.div(data_region="notices"),
                h.form("#composer")[
                    h.label(for_="composer-text")["Message"],
                    h.textarea("#composer-text", name="text", rows="1"),
                    h.button(type="submit")["Send"],
                ],
            ],
            h.aside("#thread", aria_label="Thread")[h.div(data_region="thread")],
            h.aside("#inspector", aria_label="Inspector")[h.div(data_region="inspector")],
            h.div("#modals", data_region="modals"),
            h.div("#told", role="alert"),
        ],
    ]
