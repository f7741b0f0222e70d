"""What a developer does: send again, let things go wrong."""

from app.playground.page.acts.act import Handler

ACTS: dict[str, Handler] = {}
