"""/kpi setup, Files: readings from a table, looked at and recorded; files to who asks alone."""

from collections.abc import AsyncIterator

import pytest

from app.domain.access import Access
from app.domain.imports import Imported, MetricPlan, Plan, Refusal
from app.files import read_scorecard_file
from app.playground import Message, Person, View
from app.playground.blockkit import problems_in_message, problems_in_view
from app.playground.users import Standing
from app.services.editing import edit_scorecard
from app.slack.blocks.metric_fields import FormPlace
from app.slack.blocks.tables import TablePlace, files_form, plan_form, recorded_reply, recorded_view
from app.slack.listeners import tables
from tests.slack.access import let
from tests.slack.conftest import Opening
from tests.slack.scorecards import HOSTILE, PLAIN, SIZES, a_large_scorecard, a_snapshot
from tests.slack.stage import OPERATING, Stage, read

TABLE = """\
metric;date;value;note
Rollbacks;2026-02-01;~40;<!channel>
invoice coverage;2026-02-01 09:30;70%;
rollbacks;2026-03-19 11:00;9+;after the fix
"""
REFUSED = "rolbacks;2026-02-01;1;\nbad debt;2026-02-01;<!here>;\n"


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """The bot with the real scorecard, and Ana, who is an admin of the workspace."""
    async with open_stage() as stage:
        stage.ana.user.standing = Standing(is_admin=True)
        yield stage


async def opens_files(stage: Stage) -> View:
    await stage.ana.types("/kpi setup", stage.billing)
    await stage.rests()
    menu = await stage.ana.sees_view()
    await stage.ana.clicks(menu, "setup_files")
    await stage.rests()
    form = await stage.ana.sees_view()
    assert form is not menu
    return form


async def opens_files_of(stage: Stage, person: Person, shown: Message | View) -> View:
    """A person opens the form from a screen of the scorecard."""
    await person.clicks(shown, "setup_files")
    await stage.rests()
    return await person.sees_view("Readings from a table")


async def gives(stage: Stage, form: View, content: str | bytes) -> str:
    """Ana gives a table; what the modal says once it has been looked at."""
    data = content.encode() if isinstance(content, str) else content
    stage.ana.fills(form, {"file": None})
    stage.ana.attaches(form, "file", "readings.csv", data)
    sent = await stage.ana.submits(form)
    assert (sent.closed, sent.errors) == (False, {})
    await stage.rests()
    return read(form)


async def test_a_table_is_looked_at_recorded_and_undone(stage: Stage) -> None:
    form = await opens_files(stage)
    shown = await gives(stage, form, TABLE)
    assert "*Rollbacks / day*: 2 new; newest value ~12 → 9+" in shown
    assert "*Invoice coverage*: 1 new; newest value stays ~78%" in shown
    assert "~12" in read(await stage.types("/kpi rollbacks")), "nothing is recorded yet"
    assert (await stage.ana.submits(form)).errors == {}
    await stage.rests()
    assert "Recorded from a table: 3 readings" in read(form)
    told = await stage.sees_answer("Recorded from a table: 3 readings in *Billing Platform*.")
    assert "9+" in read(await stage.types("/kpi rollbacks"))
    assert stage.posts() == [], "nothing is announced"
    await stage.ana.clicks(told, "undo")
    await stage.sees_answer("2 readings taken back")
    assert "9+ →" not in read(await stage.types("/kpi rollbacks"))


async def test_refused_rows_are_told_by_line_and_the_others_can_be_recorded(stage: Stage) -> None:
    form = await opens_files(stage)
    shown = await gives(stage, form, TABLE + REFUSED)
    assert "*Refused: 2 rows*" in shown
    assert "line 5: There is no metric “rolbacks” in Billing Platform. Did you mean" in shown
    assert "line 6: “<!here>” isn't a value" in shown
    assert form.content["submit"]["text"] == "Record the others"
    await stage.ana.submits(form)
    await stage.rests()
    assert "3 readings" in read(form)
    assert "Left out: 2 rows" in read(form)


async def test_who_owns_nothing_finds_the_form_at_the_scorecard(stage: Stage) -> None:
    bob = stage.slack.add_person("bob")
    stage.billing.members.append(bob.id)
    screen = (await bob.types("/kpi", stage.billing)).message
    assert screen is not None
    form = await opens_files_of(stage, bob, screen)
    bob.attaches(form, "file", "readings.csv", TABLE.encode())
    assert (await bob.submits(form)).errors == {}
    await stage.rests()
    await bob.submits(form)
    await stage.rests()
    answer = await bob.sees_message(stage.billing, "Recorded from a table: 3 readings")
    assert answer.visible_to == bob.id


async def test_who_only_sees_takes_files_out_and_is_told_that_they_record_nothing(
    stage: Stage,
) -> None:
    bob = stage.slack.add_person("bob")
    stage.billing.members.append(bob.id)
    await let(stage, owners=(stage.ana.id,), editors=(stage.ana.id,))
    screen = (await bob.types("/kpi", stage.billing)).message
    assert screen is not None
    form = await opens_files_of(stage, bob, screen)
    await bob.clicks(form, "export_csv")
    await stage.rests()
    assert any(each.files for each in stage.slack.direct_message(bob).messages)
    bob.attaches(form, "file", "readings.csv", TABLE.encode())
    await bob.submits(form)
    await stage.rests()
    assert "You can't record readings in this scorecard." in read(form)


async def test_the_form_opens_from_the_home_tab_too(stage: Stage) -> None:
    await stage.ana.opens_home()
    await stage.rests()
    home = stage.slack.home_of(stage.ana)
    assert home is not None
    await stage.ana.clicks(home, "show_page")
    form = await opens_files_of(stage, stage.ana, await stage.ana.sees_view("Dunning code paths"))
    assert "3 readings" in await recorded(stage, form)


async def recorded(stage: Stage, form: View) -> str:
    await gives(stage, form, TABLE)
    await stage.ana.submits(form)
    await stage.rests()
    return read(form)


async def test_a_table_that_is_there_already_leaves_nothing_to_record(stage: Stage) -> None:
    form = await opens_files(stage)
    await gives(stage, form, TABLE)
    await stage.ana.submits(form)
    await stage.rests()
    await stage.ana.closes(form)
    again = await opens_files(stage)
    assert "There is nothing new to record." in await gives(stage, again, TABLE)
    assert "submit" not in again.content


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("metric,date\nrollbacks,2026-02-01\n", "readings.csv:1: there is no column “value”"),
        ("metric,value,note\na,1,größer\n".encode("latin-1"), "readings.csv:2: a character isn't"),
        ('metric,value\nrollbacks,"1\n', "readings.csv:2: the quotes here don't close"),
    ],
)
async def test_what_is_no_table_is_told_and_the_mended_one_is_taken(
    stage: Stage, content: str | bytes, told: str
) -> None:
    form = await opens_files(stage)
    assert told in await gives(stage, form, content)
    assert "2 new" in await gives(stage, form, TABLE)


async def test_a_table_that_is_too_large_is_told_at_its_field(stage: Stage) -> None:
    form = await opens_files(stage)
    stage.ana.attaches(form, "file", "readings.csv", b"x" * (tables.MOST_BYTES + 1))
    errors = (await stage.ana.submits(form)).errors
    assert errors == {"file": "The file is larger than 2 MB, the most that is taken here."}


async def test_long_work_tells_how_far_it_is_and_others_are_answered(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "TOLD_EVERY", 0.02)
    rows = "".join(
        f"rollbacks,{n},2026-01-01 {n // 60 % 24:02}:{n % 60:02}\n" for n in range(9_000)
    )
    form = await opens_files(stage)
    stage.ana.fills(form, {"file": None})
    stage.ana.attaches(form, "file", "readings.csv", f"metric,value,at\n{rows}".encode())
    await stage.ana.submits(form)
    assert (await stage.ana.types("/kpi help", stage.billing)).error is None
    await stage.ana.sees_view("9,000 new", timeout=60)
    await stage.ana.submits(form)
    await stage.ana.sees_view("Recorded from a table: 9,000 readings", timeout=60)
    shown = [str(call.payload) for call in stage.slack.journal.calls("views.update")]
    assert any("Reading the table: " in each and "rows." in each for each in shown)


@pytest.mark.parametrize(
    ("button", "name", "words"),
    [
        ("export_csv", "billing.csv", b"rollbacks,~12,2026-03-16"),
        ("export_yaml", "billing.yaml", b"key: billing"),
    ],
)
async def test_files_go_to_who_asks_alone(
    stage: Stage, button: str, name: str, words: bytes
) -> None:
    form = await opens_files(stage)
    await stage.ana.clicks(form, button)
    await stage.rests()
    direct = stage.slack.direct_message(stage.ana)
    [message] = [each for each in direct.messages if each.files]
    [file] = message.files
    assert (file.name, words in (file.content or b"")) == (name, True)
    assert list(file.shares) == [direct.id]
    assert "of Billing Platform, as you asked for." in read(message)
    assert stage.posts() == []
    if name.endswith("yaml"):
        assert read_scorecard_file((file.content or b"").decode(), name).key == "billing"


async def test_who_lost_the_right_meanwhile_records_nothing_and_gets_nothing(stage: Stage) -> None:
    form = await opens_files(stage)
    others = Access(owners=("U0OTHER",), editors=("U0OTHER",), viewers=("U0OTHER",))
    await edit_scorecard(stage.running.bot.store, OPERATING, {"access": others}, key="billing")
    stage.ana.user.standing = Standing()
    stage.clock.passes(minutes=10)
    assert "There is no such scorecard that you may see" in await gives(stage, form, TABLE)
    assert stage.slack.direct_message(stage.ana).messages == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("words", [PLAIN, HOSTILE])
def test_every_screen_fits_slacks_limits(size: int, words: str) -> None:
    snapshot = a_snapshot(a_large_scorecard(size, words))
    scorecard = snapshot.scorecard
    value = snapshot.metrics[0].current.value if snapshot.metrics[0].current else None
    metrics = [MetricPlan(each, 9, 9, 9, value, value) for each in scorecard.metrics]
    refused = [Refusal(line, words * 20) for line in range(size * 5)]
    plan = Plan(scorecard, 1, [], metrics, refused)
    place = TablePlace(scorecard.key, "C0BILLING", "C0BILLING", "F0FILE")
    imported = Imported(7, plan, snapshot)
    for view in (
        files_form(scorecard, FormPlace(scorecard.key, "C0BILLING"), [words] * size),
        plan_form(plan, [words] * size, place),
        recorded_view(imported, place),
    ):
        assert problems_in_view(view) == []
    assert problems_in_message(recorded_reply(imported).as_payload()) == []
