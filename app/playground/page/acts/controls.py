"""The host's buttons."""

from app.playground.page.acts.act import Handler

ACTS: dict[str, Handler] = {}
