"""Milestones from git that are offered in the channel, and what came of each."""

from collections.abc import Iterator

from app.domain.landings import Landed, LandedKind, LandingState
from app.domain.metrics import Reading
from app.domain.milestones import Effect
from app.domain.outcomes import Offer
from app.slack.blocks import figures, kit
from app.slack.blocks.kit import Block, Message, bold, escaped
from app.slack.blocks.milestones import Draft, link, tickets
from app.slack.ids import Action

# What each part of an offer may take of `kit.MOST_POST_LENGTH`.
MOST_DETAIL_LENGTH = 1_800
MOST_EFFECTS_LENGTH = 2_400
MOST_PROBLEMS_LENGTH = 1_200


def offer_message(offer: Offer) -> Message:
    """What the channel is offered, with the buttons to decide; after that, what came of it."""
    if offer.state is not LandingState.OFFERED:
        return _decided(offer)
    title = [f"A milestone? {bold(offer.proposal.title)}", _landed(offer.landed)]
    detail = escaped(offer.proposal.detail).splitlines()
    effects = [figures.effect(effect) for effect in effects_of(offer)]
    problems = [f"Not taken: {escaped(problem)}" for problem in offer.proposal.problems]
    blocks = [
        *kit.sections(title),
        *kit.sections(detail, most=MOST_DETAIL_LENGTH),
        *kit.sections(effects, most=MOST_EFFECTS_LENGTH, rest="metrics"),
        *kit.sections(problems, most=MOST_PROBLEMS_LENGTH, rest="lines"),
        *kit.contexts(list(_asides(offer))),
        _buttons(offer),
    ]
    words = [*title, *detail, *effects, *problems]
    return Message(kit.in_words(words), tuple(blocks))


def _decided(offer: Offer) -> Message:
    who = kit.person(offer.by or "")
    if offer.state is LandingState.DECLINED:
        told = f"{who}: no milestone."
    elif offer.logged is None:
        told = f"{who} logged it as a milestone, which is gone since."
    else:
        told = f"{who} logged it: {bold(offer.logged.title)}"
    landed = _landed(offer.landed)
    return Message(kit.in_words([told, landed]), (kit.section(told), *kit.contexts([landed])))


def _landed(landed: Landed) -> str:
    """Who merged or published what, where and when."""
    did = "merged" if landed.kind is LandedKind.MERGE else "published"
    who = f"{landed.forge.words}: {landed.by} {did}" if landed.by else f"{landed.forge.words}:"
    what = link(landed.url, f"{landed.repository} {landed.number}")
    name = "" if landed.kind is LandedKind.RELEASE else f" “{escaped(_short(landed.title))}”"
    return f"{escaped(who)} {what}{name}, {kit.moment(landed.at)}"


def _short(title: str) -> str:
    return kit.shortened(" ".join(title.split()), 200)


def effects_of(offer: Offer) -> list[Effect]:
    """What logging the milestone would move, from how each metric stands now."""
    effects = []
    for key, value in offer.proposal.moved.items():
        state = offer.snapshot.state(key)
        at, note = offer.snapshot.as_of, offer.proposal.notes.get(key, "")
        before = state.current.value if state.current else state.metric.baseline.value
        after = Reading(0, key, value, at, at, offer.landed.reporter, note)
        effects.append(Effect(state.metric, before, after))
    return effects


def _asides(offer: Offer) -> Iterator[str]:
    proposal, scorecard = offer.proposal, offer.snapshot.scorecard
    yield f"{escaped(scorecard.name)}: shipped on {kit.calendar_day(proposal.shipped_on)}"
    if offer.planned is not None:
        status = offer.planned.status.words
        yield f"It ships {bold(offer.planned.title)}, which is {status}."
    if offer.similar is not None:
        close, status = bold(offer.similar.title), offer.similar.status.words
        yield f"Is it {close}, which is {status}? Then give it that title: Edit…"
    if proposal.work_streams:
        yield escaped(", ".join(scorecard.stream_names(proposal.work_streams)))
    if proposal.tickets:
        yield tickets(scorecard, proposal.tickets)


def _buttons(offer: Offer) -> Block:
    value = str(offer.id)
    return kit.actions(
        kit.button("Log it", Action.LOG_OFFER, value, style="primary"),
        kit.button("Edit…", Action.EDIT_OFFER, value),
        kit.button("Not a milestone", Action.DECLINE_OFFER, value),
    )


def draft_of(offer: Offer) -> Draft:
    """What the form to log it is opened with; a planned milestone keeps what it has."""
    proposal, planned = offer.proposal, offer.planned
    return Draft(
        planned.title if planned else proposal.title,
        proposal.detail or (planned.detail if planned else ""),
        proposal.links,
        proposal.tickets or (planned.tickets if planned else ()),
        proposal.work_streams or (planned.work_streams if planned else ()),
        proposal.shipped_on,
        {key: str(value) for key, value in proposal.moved.items()},
    )
