"""Tasks of an app at work, alone and in a plan
(docs.slack.dev/reference/block-kit/blocks/task-card-block, .../plan-block)."""

import htpy as h

from app.playground.blocks import Json
from app.playground.page.html.reader import Reader
from app.playground.page.html.text import link, render_passages
from app.playground.richtext import read_rich_text

_STATUS = {
    "pending": "Waiting",
    "in_progress": "In progress",
    "complete": "Done",
    "error": "Failed",
}


def render_task(task: Json, reader: Reader) -> h.Node:
    """A task with its status in words, what it did and where it looked."""
    return h.div(class_=f"task task-{task['status']}")[
        h.p[h.b[task["title"]], " ", h.span(".quiet")[_STATUS[task["status"]]]],
        (
            render_passages(read_rich_text(task[part]), reader)
            for part in ("details", "output")
            if part in task
        ),
        h.ul[(h.li[link(each["url"], each["text"])] for each in task["sources"])]
        if "sources" in task
        else None,
    ]


def render_plan(plan: Json, reader: Reader) -> h.Node:
    """A plan and its tasks, in their order."""
    return [
        h.p(".card-title")[plan["title"]],
        h.ol(".plan")[(h.li[render_task(each, reader)] for each in plan.get("tasks", []))],
    ]
