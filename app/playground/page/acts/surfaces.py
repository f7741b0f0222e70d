"""What is done to the elements of messages, modals and the home: clicks, choices, submissions."""

from app.playground.page.acts.act import Handler

ACTS: dict[str, Handler] = {}
