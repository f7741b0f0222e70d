"""Whom a scorecard's access makes an owner, an editor or a viewer."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.access import Access, refuse_no_owner_left
from app.domain.errors import BadInput

PEOPLE = ("U0ANA", "U0BOB", "U0CARA", "S0TEAM", "S0BOSS")

some = st.lists(st.sampled_from(PEOPLE), unique=True).map(tuple)
accesses = st.builds(Access, some, some, some, st.booleans(), st.booleans())
ids = st.frozensets(st.sampled_from(PEOPLE), min_size=1)


def test_by_default_nobody_is_an_owner_and_everybody_an_editor() -> None:
    access = Access()
    assert not access.is_owner({"U0ANA"})
    assert access.is_editor({"U0ANA"})
    assert access.is_viewer({"U0ANA"})


def test_where_editors_are_named_the_others_see() -> None:
    access = Access(editors=("U0ANA",))
    assert access.is_editor({"U0ANA"})
    assert not access.is_editor({"U0BOB"})
    assert access.is_viewer({"U0BOB"})


def test_where_viewers_are_named_they_are_editors_and_nobody_else_sees() -> None:
    access = Access(owners=("U0ANA",), viewers=("U0BOB",))
    assert access.is_editor({"U0BOB"})
    assert access.is_viewer({"U0ANA"})
    assert not access.is_viewer({"U0CARA"})
    assert not access.is_editor({"U0CARA"})


def test_a_user_group_stands_for_its_members() -> None:
    access = Access(editors=("S0TEAM",), viewers=("U0ANA", "S0BOSS"))
    assert access.groups == {"S0TEAM", "S0BOSS"}
    assert access.is_editor({"U0BOB", "S0TEAM"})
    assert not access.is_viewer({"U0BOB"})


@given(accesses, ids)
def test_who_is_an_owner_is_an_editor_and_who_is_an_editor_is_a_viewer(
    access: Access, who: frozenset[str]
) -> None:
    assert access.is_editor(who) or not access.is_owner(who)
    assert access.is_viewer(who) or not access.is_editor(who)


@given(accesses, ids, st.sampled_from(PEOPLE))
def test_being_in_one_more_group_never_takes_a_right(
    access: Access, who: frozenset[str], group: str
) -> None:
    for holds in (access.is_owner, access.is_editor, access.is_viewer):
        assert holds(who | {group}) or not holds(who)


@given(accesses, ids, st.sampled_from(PEOPLE))
def test_naming_one_more_never_takes_a_right_from_who_was_named(
    access: Access, who: frozenset[str], one: str
) -> None:
    more = replace(access, owners=(*access.owners, one))
    for holds, held in (
        (access.is_owner, more.is_owner),
        (access.is_editor, more.is_editor),
        (access.is_viewer, more.is_viewer),
    ):
        assert held(who) or not holds(who)


@pytest.mark.parametrize(
    ("before", "after"),
    [(("U0ANA",), ("U0BOB",)), (("U0ANA",), ("S0TEAM",)), ((), ()), ((), ("U0ANA",))],
)
def test_an_owner_may_be_replaced(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    refuse_no_owner_left(Access(before), Access(after))


def test_the_last_owner_stays() -> None:
    with pytest.raises(BadInput, match="at least one owner") as refused:
        refuse_no_owner_left(Access(("U0ANA",)), Access())
    assert refused.value.field == "owners"
