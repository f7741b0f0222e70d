"""Rich text: the block that Slack's own composer writes.

Source: docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from app.playground.blockkit.checks import (
    Check,
    array,
    boolean,
    by_type,
    integer,
    shape,
    text,
    word,
)
from app.playground.blockkit.objects import BLOCK_ID

_STYLE = shape(
    optional=dict.fromkeys(
        (
            "bold",
            "italic",
            "strike",
            "code",
            "underline",
            "highlight",
            "client_highlight",
            "unlink",
        ),
        boolean,
    ),
)
_STYLED: dict[str, Check] = {"style": _STYLE}

_PART = by_type(
    {
        "text": shape(required={"text": text()}, optional=_STYLED),
        "link": shape(
            required={"url": text()}, optional=_STYLED | {"text": text(least=0), "unsafe": boolean}
        ),
        "emoji": shape(
            required={"name": text()},
            optional=_STYLED | {"unicode": text(), "skin_tone": integer(1, 6)},
        ),
        "user": shape(required={"user_id": text()}, optional=_STYLED),
        "usergroup": shape(required={"usergroup_id": text()}, optional=_STYLED),
        "channel": shape(required={"channel_id": text()}, optional=_STYLED),
        "team": shape(required={"team_id": text()}, optional=_STYLED),
        "broadcast": shape(
            required={"range": word("here", "channel", "everyone")}, optional=_STYLED
        ),
        "color": shape(required={"value": text()}, optional=_STYLED),
        "date": shape(
            required={"timestamp": integer(), "format": text()},
            optional=_STYLED | {"url": text(), "fallback": text()},
        ),
    },
)
_PARTS = array(_PART, least=0)
_BORDER: dict[str, Check] = {"border": integer(0)}
_SECTION = shape(required={"elements": _PARTS})

RICH_TEXT = shape(
    required={
        "elements": array(
            by_type(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_list": shape(
                        required={
                            "style": word("bullet", "ordered"),
                            "elements": array(by_type({"rich_text_section": _SECTION})),
                        },
                        optional=_BORDER | {"indent": integer(0), "offset": integer(0)},
                    ),
                    "rich_text_preformatted": shape(
                        required={"elements": _PARTS}, optional=_BORDER | {"language": text()}
                    ),
                    "rich_text_quote": shape(required={"elements": _PARTS}, optional=_BORDER),
                },
            ),
        ),
    },
    optional={"block_id": BLOCK_ID},
)
