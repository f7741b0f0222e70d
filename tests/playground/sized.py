"""Payloads made from a size, and the smallest ones that Slack takes."""

from typing import Any

Payload = dict[str, Any]


def plain(size: int = 1) -> Payload:
    return {"type": "plain_text", "text": "x" * size}


def mrkdwn(size: int = 1) -> Payload:
    return {"type": "mrkdwn", "text": "x" * size}


def address(size: int) -> str:
    return "https://" + "x" * (size - 8)


def message(*blocks: Payload) -> Payload:
    return {"blocks": list(blocks)}


def section(**fields: Any) -> Payload:
    return message({"type": "section", "text": mrkdwn(), **fields})


def actions(*elements: Payload) -> Payload:
    return message({"type": "actions", "elements": list(elements)})


def context(*elements: Payload) -> Payload:
    return message({"type": "context", "elements": list(elements)})


def button(**fields: Any) -> Payload:
    return {"type": "button", "text": plain(), **fields}


def option(number: int = 0, **fields: Any) -> Payload:
    return {"text": plain(), "value": str(number), **fields}


def options(count: int) -> list[Payload]:
    return [option(number) for number in range(count)]


def menu(*shown: Payload, **fields: Any) -> Payload:
    return {"type": "static_select", "options": list(shown) or [option()], **fields}


def group(**fields: Any) -> Payload:
    return {"label": plain(), "options": [option()], **fields}


def confirm(**fields: Any) -> Payload:
    texts = {name: plain() for name in ("title", "text", "confirm", "deny")}
    return actions(button(confirm=texts | fields))


def asking(element: Payload | None = None, **fields: Any) -> Payload:
    shown = element or {"type": "plain_text_input"}
    return modal({"type": "input", "label": plain(), "element": shown, **fields})


def modal(*blocks: Payload, **fields: Any) -> Payload:
    shown = list(blocks) or [{"type": "divider"}]
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": shown, **fields}


def home(*blocks: Payload, **fields: Any) -> Payload:
    return {"type": "home", "blocks": list(blocks) or [{"type": "divider"}], **fields}


def image(**fields: Any) -> Payload:
    return {"type": "image", "alt_text": "x", "image_url": "https://x.test", **fields}


def cell(size: int = 1) -> Payload:
    return {"type": "raw_text", "text": "x" * size}


def table(rows: list[list[Payload]], **fields: Any) -> Payload:
    return message({"type": "table", "rows": rows, **fields})


def data_table(rows: list[list[Payload]], **fields: Any) -> Payload:
    return message({"type": "data_table", "caption": "x", "rows": rows, **fields})


def plot(series: int = 1, categories: int = 1, **fields: Any) -> Payload:
    labels = [f"week {number}" for number in range(categories)]
    data = [{"label": label, "value": 1} for label in labels]
    lines = [{"name": f"line {number}", "data": data} for number in range(series)]
    axes = {"categories": labels, **fields}
    return {"type": "line", "series": lines, "axis_config": axes}


def chart(drawn: Payload | None = None, title: str = "x") -> Payload:
    return {"type": "data_visualization", "title": title, "chart": drawn or plot()}


def pie(segments: list[Payload]) -> Payload:
    return message(chart({"type": "pie", "segments": segments}))


def named_line(size: int) -> Payload:
    drawn = plot()
    drawn["series"][0]["name"] = "x" * size
    return message(chart(drawn))


def video(**fields: Any) -> Payload:
    required = {
        "type": "video",
        "alt_text": "x",
        "title": plain(),
        "thumbnail_url": "https://x.test/t.png",
        "video_url": "https://x.test/v",
    }
    return message(required | fields)


def card(**fields: Any) -> Payload:
    return {"type": "card", "title": mrkdwn(), **fields}


def container(**fields: Any) -> Payload:
    children = {"child_blocks": [{"type": "divider"}]}
    return message({"type": "container", "title": plain(), **children, **fields})


def task(**fields: Any) -> Payload:
    required = {"type": "task_card", "task_id": "1", "title": "x", "status": "pending"}
    return message(required | fields)


def source(url: str) -> Payload:
    return {"type": "url", "url": url, "text": "x"}


def feedback(**fields: Any) -> Payload:
    good = {"text": plain(), "value": "good"}
    buttons = {"positive_button": good | fields, "negative_button": good}
    element = {"type": "feedback_buttons", **buttons}
    return message({"type": "context_actions", "elements": [element]})


def trashing(**fields: Any) -> Payload:
    return message({"type": "context_actions", "elements": [trash() | fields]})


def workflow(**fields: Any) -> Payload:
    trigger = {"trigger": {"url": "https://slack.com/shortcuts/Ft1/x"}}
    return {"type": "workflow_button", "text": plain(), "workflow": trigger, **fields}


def trash() -> Payload:
    return {"type": "icon_button", "icon": "trash", "text": plain()}
