"""Hooks: made, edited, shown and revoked by who may edit their scorecard, called by git servers."""

import re
import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.domain import names
from app.domain.errors import AlreadyDone, BadInput, NotFound
from app.domain.hooks import Forge, Hook, HookForm, HookMode, is_hook_id
from app.services.callers import Caller, Right, demand, may
from app.services.changes import Action, write_change
from app.services.scorecards import meant
from app.store.engine import Store
from app.store.queries import Listed
from app.store.tables import HookRow, ScorecardRow
from app.store.writes import held, needed_id

MOST_HOOKS = 20
"""Of one scorecard, so that a modal can list them."""
MOST_REPOSITORIES = 20
MOST_REPOSITORY_LENGTH = 140
"""So many repositories fit a field of a form."""
_ID_BYTES = 8
_REPOSITORY = re.compile(r"[\w.*-]+(?:/[\w.*-]+)+")


async def make(store: Store, caller: Caller, form: HookForm, *, key: str | None = None) -> Hook:
    """A new hook of a scorecard.

    Raises `BadInput` at the field `repositories`, `label` or `mode`, `NotFound` and `NotAllowed`
    for who may not edit the scorecard.
    """
    form = _checked(form)
    async with store.transaction() as session:
        row = await held(session, (await meant(session, store, caller, key)).id)
        demand(caller, Right.EDIT, row)
        _refuse_homeless_offers(row, form)
        if len(await _hooks(session, HookRow.scorecard_id == row.id)) >= MOST_HOOKS:
            raise BadInput(f"There are {MOST_HOOKS} hooks already. Revoke one first.")
        hook = HookRow(
            id=secrets.token_hex(_ID_BYTES),
            scorecard_id=needed_id(row.id),
            made_by=caller.actor.id,
            made_at=caller.now,
            **_columns(form),
        )
        session.add(hook)
        await _note(session, caller, hook, Action.HOOK_MADE, after=_in_words(form))
        return _hook(hook, row.key)


async def edit(store: Store, caller: Caller, hook_id: str, form: HookForm) -> Hook:
    """Change what a hook takes and makes of it; the kind of server stays. Raises as `make` does."""
    form = _checked(form)
    async with store.transaction() as session:
        hook, row = await _held(session, caller, hook_id)
        form = replace(form, forge=Forge(hook.forge))
        _refuse_homeless_offers(row, form)
        before = _in_words(_form(hook))
        hook.sqlmodel_update(_columns(form))
        session.add(hook)
        after = _in_words(form)
        if before != after:
            await _note(session, caller, hook, Action.HOOK_EDITED, before=before, after=after)
        return _hook(hook, row.key)


async def revoke(store: Store, caller: Caller, hook_id: str) -> Hook:
    """End a hook for good: what calls it is turned away. Raises as `edit` does."""
    async with store.transaction() as session:
        hook, row = await _held(session, caller, hook_id)
        hook.revoked_at = caller.now
        session.add(hook)
        await _note(session, caller, hook, Action.HOOK_REVOKED, before=_in_words(_form(hook)))
        return _hook(hook, row.key)


async def of_scorecard(store: Store, caller: Caller, key: str | None = None) -> list[Hook]:
    """The hooks of a scorecard, for who may edit it; raises `NotFound`, `NotAllowed`."""
    async with store.reading() as session:
        listed = await meant(session, store, caller, key)
        demand(caller, Right.EDIT, listed)
        return await hooks_of(session, listed)


async def hooks_of(session: AsyncSession, listed: Listed) -> list[Hook]:
    """The hooks of a scorecard, the oldest first."""
    return await _hooks(session, HookRow.scorecard_id == listed.id)


async def all_of(store: Store, caller: Caller) -> list[Hook]:
    """The hooks of all scorecards that the caller may edit, the oldest first."""
    async with store.reading() as session:
        listed = await store.listing.read(session)
        theirs = [each.id for each in listed if may(caller.actor, Right.EDIT, each)]
        return await _hooks(session, col(HookRow.scorecard_id).in_(theirs))


async def called(store: Store, forge: str, hook_id: str) -> Hook | None:
    """The hook that is called; None unless it is there, not revoked, and its scorecard is too."""
    if not is_hook_id(hook_id):
        return None
    async with store.reading() as session:
        found = await _hooks(session, HookRow.id == hook_id, HookRow.forge == forge)
        return found[0] if found else None


async def note_trouble(store: Store, hook_id: str, trouble: str, at: datetime) -> None:
    """Remember, for the hook's owners, a delivery that could not be taken."""
    noted = update(HookRow).where(col(HookRow.id) == hook_id)
    async with store.transaction() as session:
        await session.exec(
            noted.values(troubles=col(HookRow.troubles) + 1, trouble=trouble, trouble_at=at)
        )


async def note_told(store: Store, hook_id: str, told: str, at: datetime) -> None:
    """Remember what came of a delivery."""
    noted = update(HookRow).where(col(HookRow.id) == hook_id)
    async with store.transaction() as session:
        await session.exec(noted.values(told=told, told_at=at))


def _checked(form: HookForm) -> HookForm:
    label = names.checked_text(form.label, names.MOST_NAME_LENGTH, "The label", field="label")
    repositories = tuple(dict.fromkeys(form.repositories))
    if len(repositories) > MOST_REPOSITORIES:
        raise BadInput(
            f"At most {MOST_REPOSITORIES} repositories can be named; acme/* stands for all of a "
            "group.",
            field="repositories",
        )
    for each in repositories:
        if _REPOSITORY.fullmatch(each) is None or len(each) > MOST_REPOSITORY_LENGTH:
            raise BadInput(
                f"“{each[:60]}” isn't a repository. Write its owner or group and its name, such as "
                "acme/billing, or acme/* for all.",
                field="repositories",
            )
    return replace(form, label=label, repositories=repositories)


def _refuse_homeless_offers(row: ScorecardRow, form: HookForm) -> None:
    if form.mode is HookMode.OFFER and row.channel is None:
        raise BadInput(
            "The scorecard has no home channel to offer milestones in. Choose one under Digest, or "
            "let them be logged at once.",
            field="mode",
        )


async def _held(
    session: AsyncSession, caller: Caller, hook_id: str
) -> tuple[HookRow, ScorecardRow]:
    """A hook with its scorecard, held for a change by who may edit that."""
    hook = await session.get(HookRow, hook_id)
    row = await held(session, hook.scorecard_id) if hook else None
    if hook is None or row is None or not may(caller.actor, Right.SEE, row):
        raise NotFound(f"There is no hook “{hook_id[:60]}”.")
    demand(caller, Right.EDIT, row)
    await session.refresh(hook)
    if hook.revoked_at is not None:
        raise AlreadyDone("This hook has been revoked.")
    return hook, row


async def _hooks(session: AsyncSession, *conditions: ColumnElement[bool] | bool) -> list[Hook]:
    """The hooks that weren't revoked, of scorecards that weren't retired, the oldest first."""
    query = (
        select(HookRow, ScorecardRow.key)
        .join(ScorecardRow, col(ScorecardRow.id) == col(HookRow.scorecard_id))
        .where(
            col(HookRow.revoked_at).is_(None), col(ScorecardRow.retired_at).is_(None), *conditions
        )
        .order_by(col(HookRow.made_at), col(HookRow.id))
    )
    return [_hook(row, key) for row, key in (await session.exec(query)).all()]


def _columns(form: HookForm) -> dict[str, Any]:
    return {
        "forge": form.forge.value,
        "repositories": list(form.repositories),
        "label": form.label,
        "releases": form.releases,
        "mode": form.mode.value,
    }


def _form(row: HookRow) -> HookForm:
    return HookForm(
        Forge(row.forge), tuple(row.repositories), row.label, row.releases, HookMode(row.mode)
    )


def _hook(row: HookRow, scorecard: str) -> Hook:
    return Hook(
        row.id,
        scorecard,
        _form(row),
        row.made_by,
        row.made_at,
        row.told,
        row.told_at,
        row.troubles,
        row.trouble,
        row.trouble_at,
    )


def _in_words(form: HookForm) -> dict[str, str]:
    """What a hook takes, as changes record it."""
    return {
        "repositories": ", ".join(form.repositories) or "all",
        "label": form.label,
        "releases": "yes" if form.releases else "no",
        "milestones are": "offered" if form.mode is HookMode.OFFER else "logged at once",
    }


async def _note(
    session: AsyncSession,
    caller: Caller,
    hook: HookRow,
    action: Action,
    *,
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> None:
    """What was done to a hook; its id alone opens nothing."""
    subject = f"{Forge(hook.forge).words} hook {hook.id}"
    await write_change(
        session, hook.scorecard_id, caller, action, subject, before=before, after=after
    )
