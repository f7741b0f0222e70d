"""The milestones by status, with what moved since."""

from collections.abc import Iterator, Sequence

import htpy as h

from app.pages.content import ASSOCIATED, MilestoneGroup, MilestoneItem, Ticket
from app.pages.pieces import link


def groups(known: Sequence[MilestoneGroup]) -> h.Node:
    """Shipped, in progress and planned ones; none without any milestone."""
    if not known:
        return None
    moved = any(item.moved for group in known for item in group.items)
    return [
        *(_group(group) for group in known),
        h.p(".quiet")[ASSOCIATED] if moved else None,
    ]


def _group(group: MilestoneGroup) -> h.Element:
    return h.div(f".group.is-{group.status.value}")[
        h.h3[group.title, " ", h.span(".count")[f"({len(group.items)})"]],
        h.ol(".milestones", role="list")[(_milestone(item) for item in group.items)],
    ]


def _milestone(item: MilestoneItem) -> h.Element:
    return h.li[
        h.h4[item.title],
        h.p(".facts")[_between(list(_facts(item)))] if any(_facts(item)) else None,
        h.p(".detail")[item.detail] if item.detail else None,
        h.dl(".moved")[(h.div[h.dt[each.metric], h.dd[each.told]] for each in item.moved)]
        if item.moved
        else None,
        h.ul(".links")[(h.li[link(address)] for address in item.links)] if item.links else None,
    ]


def _facts(item: MilestoneItem) -> Iterator[h.Node]:
    if item.when:
        yield h.span(".when")[item.when]
    if item.is_late:
        yield h.strong(".late")["late"]
    yield from item.work_streams
    yield from (_ticket(ticket) for ticket in item.tickets)


def _ticket(ticket: Ticket) -> h.Element:
    if ticket.address is None:
        return h.span(".ticket")[ticket.key]
    return h.a(".ticket", href=ticket.address, rel="noopener noreferrer")[ticket.key]


def _between(facts: Sequence[h.Node]) -> list[h.Node]:
    """Facts with a dot between each two."""
    return [part for fact in facts for part in (" · ", fact)][1:]
