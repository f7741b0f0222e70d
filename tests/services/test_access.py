"""Who may do what: every right, for everybody who may ask."""

from dataclasses import dataclass, field, replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.access import Access
from app.domain.errors import BadInput, NotAllowed, NotFound
from app.services import editing, scorecards
from app.services.callers import Actor, Right, Role, Standing, demand, may
from app.store.engine import Store
from tests.domain.test_access import PEOPLE, accesses
from tests.services.builders import a_caller, an_admin, billing_on_sqlite, the_operator

HOME, ELSEWHERE = "C0HOME", "C0ELSEWHERE"
CHANGES = (Right.RECORD, Right.SHIP, Right.POST_DIGEST, Right.EDIT)
EDITOR = frozenset(Right) - {Right.EDIT}
VIEWER = frozenset({Right.SEE, Right.SHARE})
ALL, NONE = frozenset(Right), frozenset[Right]()


@dataclass(frozen=True)
class AScorecard:
    """What rights are decided by."""

    channel: str | None = HOME
    access: Access = field(default_factory=Access)
    key: str = "billing"


def an_actor(
    user: str = "U0ANA", standing: Standing = Standing.MEMBER, channel: str | None = HOME
) -> Actor:
    return Actor(user, channel=channel, standing=standing)


def rights(actor: Actor, scorecard: AScorecard) -> frozenset[Right]:
    return frozenset(right for right in Right if may(actor, right, scorecard))


MEMBER, ADMIN, STRANGER, UNKNOWN = (
    Standing.MEMBER,
    Standing.ADMIN,
    Standing.STRANGER,
    Standing.UNKNOWN,
)
OWNED = Access(owners=("U0OWNER",))
EDITED = Access(owners=("U0OWNER",), editors=("U0EDITOR",))
SEEN = Access(owners=("U0OWNER",), viewers=("U0VIEWER",))
OPEN = Access(owners=("U0OWNER",), strangers_edit=True)


@pytest.mark.parametrize(
    ("access", "user", "standing", "given"),
    [
        (Access(), "U0ANA", MEMBER, EDITOR),
        (Access(), "U0ANA", ADMIN, ALL),
        (Access(), "U0EVE", STRANGER, VIEWER),
        (Access(), "U0ANA", UNKNOWN, VIEWER),
        (OWNED, "U0OWNER", MEMBER, ALL),
        (OWNED, "U0OWNER", UNKNOWN, VIEWER),
        (OWNED, "U0OWNER", STRANGER, VIEWER),
        (EDITED, "U0EDITOR", MEMBER, EDITOR),
        (EDITED, "U0ANA", MEMBER, VIEWER),
        (EDITED, "U0OWNER", MEMBER, ALL),
        (SEEN, "U0VIEWER", MEMBER, EDITOR),
        (SEEN, "U0ANA", MEMBER, NONE),
        (SEEN, "U0ANA", ADMIN, ALL),
        (SEEN, "U0OWNER", MEMBER, ALL),
        (SEEN, "U0EVE", STRANGER, NONE),
        (OPEN, "U0EVE", STRANGER, EDITOR),
        (OPEN, "U0OWNER", STRANGER, ALL),
    ],
)
def test_in_its_own_channel(
    access: Access, user: str, standing: Standing, given: frozenset[Right]
) -> None:
    assert rights(an_actor(user, standing), AScorecard(access=access)) == given


@pytest.mark.parametrize("standing", [MEMBER, ADMIN, STRANGER])
def test_elsewhere_only_who_is_proven_to_read_its_channel(standing: Standing) -> None:
    actor = an_actor("U0OWNER", standing, ELSEWHERE)
    here, there = an_actor("U0OWNER", standing), replace(actor, channels=frozenset({HOME}))
    scorecard = AScorecard(access=OPEN)
    assert rights(actor, scorecard) == NONE
    assert rights(there, scorecard) == rights(here, scorecard) - {Right.SHARE}


@pytest.mark.parametrize(
    ("standing", "given"),
    [(MEMBER, EDITOR), (ADMIN, ALL), (STRANGER, NONE), (UNKNOWN, NONE)],
)
def test_one_without_a_home_is_everybodys_in_the_workspace(
    standing: Standing, given: frozenset[Right]
) -> None:
    actor = an_actor(standing=standing, channel=ELSEWHERE)
    assert rights(actor, AScorecard(channel=None)) == given


def test_a_user_group_gives_what_it_is_named_for() -> None:
    scorecard = AScorecard(access=Access(("S0BOSS",), ("S0TEAM",), ("S0TEAM",)))
    actor = an_actor()
    assert rights(actor, scorecard) == NONE
    assert rights(replace(actor, groups=frozenset({"S0TEAM"})), scorecard) == EDITOR
    assert rights(replace(actor, groups=frozenset({"S0BOSS"})), scorecard) == ALL


@pytest.mark.parametrize("allowed", [False, True])
def test_workflows_write_where_an_owner_lets_them(allowed: bool) -> None:
    workflow = Actor("workflow", Role.WORKFLOW, channel=HOME)
    given = {Right.SEE, Right.RECORD, Right.SHIP} if allowed else NONE
    assert rights(workflow, AScorecard(access=Access(workflows_edit=allowed))) == given


def test_the_operator_may_everything() -> None:
    assert rights(the_operator().actor, AScorecard(access=SEEN)) == ALL


actors = st.builds(
    Actor,
    st.sampled_from(PEOPLE[:3]),
    st.sampled_from(Role),
    st.sampled_from([HOME, ELSEWHERE, None]),
    st.sampled_from([frozenset[str](), frozenset({HOME})]),
    st.frozensets(st.sampled_from(PEOPLE[3:])),
    st.sampled_from(Standing),
)
boards = st.builds(AScorecard, st.sampled_from([HOME, None]), accesses)


@given(actors, boards)
def test_who_may_edit_may_record_and_who_may_record_may_see(
    actor: Actor, scorecard: AScorecard
) -> None:
    if may(actor, Right.EDIT, scorecard):
        assert all(may(actor, right, scorecard) for right in CHANGES)
    for right in (*CHANGES, Right.SHARE):
        assert may(actor, Right.SEE, scorecard) or not may(actor, right, scorecard)


@given(actors, boards)
def test_what_slack_has_not_said_counts_as_no(actor: Actor, scorecard: AScorecard) -> None:
    if actor.role is Role.PERSON:
        unknown = replace(
            actor, standing=Standing.UNKNOWN, channels=frozenset(), groups=frozenset()
        )
        assert rights(unknown, scorecard) <= rights(actor, scorecard) | VIEWER
        assert not rights(unknown, scorecard) & set(CHANGES)


@given(actors, boards)
def test_strangers_may_never_more_than_members_nor_members_than_admins(
    actor: Actor, scorecard: AScorecard
) -> None:
    by_standing = [
        rights(replace(actor, standing=standing), scorecard)
        for standing in (Standing.STRANGER, Standing.MEMBER, Standing.ADMIN)
    ]
    assert by_standing[0] <= by_standing[1] <= by_standing[2]


@pytest.mark.parametrize(
    ("reach", "writes", "expected"),
    [
        (["billing"], True, {Right.SEE, Right.RECORD, Right.SHIP}),
        (["billing"], False, {Right.SEE}),
        (["other"], True, set()),
    ],
)
@pytest.mark.parametrize("role", [Role.TOKEN, Role.HOOK])
def test_a_token_or_a_hook_does_what_it_was_made_for_and_nothing_else(
    role: Role, reach: list[str], writes: bool, expected: set[Right]
) -> None:
    program = Actor("token “CI” (1)", role, reach=frozenset(reach), writes=writes)
    for access in (Access(), Access(owners=("U0ANA",), viewers=("U0ANA",), workflows_edit=True)):
        assert rights(program, AScorecard(access=access)) == expected


@given(actors, boards)
def test_a_refusal_says_who_can_help(actor: Actor, scorecard: AScorecard) -> None:
    caller = replace(a_caller(), actor=actor)
    for right in Right:
        if may(actor, right, scorecard):
            demand(caller, right, scorecard)
            continue
        with pytest.raises(NotAllowed) as refused:
            demand(caller, right, scorecard)
        assert right.value in refused.value.refusal
        if refused.value.who_can_help:
            assert refused.value.who_can_help == scorecard.access.owners


def test_a_refusal_for_want_of_slacks_answer_says_so() -> None:
    actor = replace(an_actor(standing=UNKNOWN), unanswered="Slack can't be reached.")
    with pytest.raises(NotAllowed, match=r"Slack did not say .* nothing was changed") as refused:
        demand(replace(a_caller(), actor=actor), Right.RECORD, AScorecard())
    assert "Slack can't be reached." in refused.value.message


@billing_on_sqlite
async def test_a_scorecard_that_the_caller_may_not_see_is_nowhere(billing: Store) -> None:
    await editing.edit_scorecard(billing, the_operator(), {"access": SEEN}, key="billing")
    bob = a_caller("U0BOB")
    for key in (None, "billing"):
        with pytest.raises(NotFound) as nothing:
            await scorecards.show(billing, bob, key)
        assert "billing" not in nothing.value.message
        assert "Billing" not in nothing.value.message
    assert await scorecards.homes(billing, bob) == {}
    assert await scorecards.named(billing, bob) == {}
    assert await scorecards.show_all(billing, bob) == []
    for seeing in (a_caller("U0VIEWER"), a_caller("U0OWNER"), an_admin()):
        assert (await scorecards.show(billing, seeing)).scorecard.key == "billing"


@billing_on_sqlite
async def test_only_those_are_named_with_which_the_caller_may_do_it(billing: Store) -> None:
    await editing.edit_scorecard(billing, the_operator(), {"access": EDITED}, key="billing")
    named = {
        (user, right): list(await scorecards.named(billing, a_caller(user), right))
        for user, right in product(("U0ANA", "U0EDITOR"), (Right.SEE, Right.SHIP))
    }
    assert named["U0ANA", Right.SHIP] == []
    assert named["U0ANA", Right.SEE] == named["U0EDITOR", Right.SHIP] == ["billing"]


@billing_on_sqlite
async def test_an_access_that_leaves_no_owner_changes_nothing(billing: Store) -> None:
    await editing.edit_scorecard(billing, the_operator(), {"access": OWNED}, key="billing")
    with pytest.raises(BadInput, match="at least one owner"):
        await editing.edit_scorecard(billing, an_admin(), {"access": Access()}, key="billing")
    assert (await scorecards.show(billing, an_admin())).scorecard.access == OWNED
