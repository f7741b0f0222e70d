"""What README and docs show is typed here, and does what they show."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.demo.stage import Stage, set_up
from app.playground import LocalSlack
from tests.docs.snippets import GIVEN_BILLING, Snippet, Step, pages, snippets_of
from tests.docs.terminal import CHANNEL, terminal
from tests.docs.warm import warm_kpi
from tests.project.files import text_of
from tests.slack.stage import MANIFEST

LANGUAGES = {"console", "slack", "python", "yaml", "json", "text", "ini", "sh"}
LOAD_BILLING = Step(f"kpi load app/demo/billing.yaml --channel {CHANNEL}", "")
SNIPPETS = [snippet for page in pages() for snippet in snippets_of(page)]


def run_in(language: str) -> list[str]:
    """The pages with something to run in a language."""
    found = [each.page for each in SNIPPETS if each.language == language and not each.why_not]
    return list(dict.fromkeys(found))


def steps_of(page: str, language: str) -> list[Step]:
    found = [each for each in snippets_of(page) if each.language == language and not each.why_not]
    return [step for snippet in found for step in snippet.steps]


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with warm_kpi(tmp_path_factory.mktemp("warm")) as folder:
        yield folder


@pytest.mark.parametrize("page", run_in("console"))
async def test_what_is_typed_in_a_terminal_does_what_the_page_shows(
    page: str, commands: Path, tmp_path: Path
) -> None:
    async with LocalSlack(MANIFEST) as slack:
        channel = slack.add_channel("billing", members=[slack.add_person("ana")])
        given = [LOAD_BILLING] if GIVEN_BILLING in text_of(page) else []
        async with terminal(tmp_path, commands, slack.environment, channel.id) as opened:
            for step in [*given, *steps_of(page, "console")]:
                printed = await opened.types(step)
                assert step.is_shown_by(printed), f"{step.typed} prints:\n{printed}"


@pytest.mark.parametrize("page", run_in("slack"))
async def test_what_is_typed_in_slack_is_answered_as_the_page_shows(page: str) -> None:
    async with set_up() as stage:
        for step in steps_of(page, "slack"):
            seen = await _answered(stage, step.typed)
            for line in step.shown.splitlines():
                assert " ".join(line.split()) in seen, f"{step.typed} is answered with:\n{seen}"


async def _answered(stage: Stage, typed: str) -> str:
    """Everything that Ana sees after a command: the answer, what is posted, and an open form."""
    ana, before = stage.ana, {message.ts for message in stage.ana.sees(stage.channel)}
    seen = await ana.types(typed.strip(), stage.channel)
    assert seen.error is None, seen.error
    await stage.running.bot.tasks.drain(10)
    await stage.slack.settled()
    messages = [each for each in ana.sees(stage.channel) if each.ts not in before]
    wordings = [each.wording for each in messages]
    if seen.message is not None:
        wordings.append(seen.message.wording)
    with suppress(TimeoutError):
        view = await ana.sees_view(timeout=0.1)
        wordings.append(json.dumps(view.content, ensure_ascii=False))
        await ana.closes(view)
    return " ".join(" ".join(wordings).replace("\u200b", "").split())


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda each: f"{each.page}:{each.language}")
def test_a_block_says_what_it_is(snippet: Snippet) -> None:
    """Commands stand in blocks that are run, or that say why they aren't."""
    assert snippet.language in LANGUAGES, snippet.content
    if snippet.language not in {"console", "slack"} and not snippet.page.startswith(
        "docs/reference/"
    ):
        assert not re.search(r"^(\$ |kpi |/kpi|make |docker )", snippet.content, re.MULTILINE)
    if snippet.language in {"console", "slack"}:
        assert snippet.steps, snippet.content
    assert snippet.language != "sh" or snippet.page == "docs/api.md"
