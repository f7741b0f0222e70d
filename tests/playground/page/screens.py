"""Screens without a page around them."""

from app.playground import Channel, LocalSlack, Person
from app.playground.page.controls import Controls
from app.playground.page.place import Place
from app.playground.page.screen import Screen, screen_at


def screen_of(slack: LocalSlack, person: Person, channel: Channel, **place: str) -> Screen:
    """What a person sees of a channel who has read nothing so far."""
    controls = Controls((), slack.workspace.changes)
    return screen_at(slack, Place(person.id, channel.id, **place), {}, controls)
