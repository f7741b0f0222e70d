"""The progress page in Slack: its links are made, shown and revoked from /kpi setup."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from app.domain.links import Link, LinkAddresses
from app.playground import View
from app.playground.blockkit import problems_in_view
from app.playground.users import Standing
from app.services.links import MOST_OPEN
from app.slack.blocks.links import links_view
from app.slack.blocks.metric_fields import FormPlace
from tests.builders import NOW
from tests.slack.conftest import Opening
from tests.slack.scorecards import HOSTILE, a_large_scorecard
from tests.slack.stage import HOME, Stage, read

ON = {"kpi_public_url": "https://kpi.example.com", "kpi_link_key": "k" * 32}


@pytest.fixture
async def stage(open_stage: Opening) -> AsyncIterator[Stage]:
    """The bot with progress pages, and Ana, who is an admin of the workspace."""
    async with open_stage(settings=ON) as stage:
        stage.ana.user.standing = Standing(is_admin=True)
        yield stage


async def opens_links(stage: Stage) -> tuple[View, View]:
    """The menu of the set-up, and the links above it."""
    await stage.ana.types("/kpi setup", stage.billing)
    menu = await stage.ana.sees_view("Progress page")
    await stage.rests()
    await stage.ana.clicks(menu, "setup_links")
    await stage.rests()
    return menu, await stage.ana.sees_view()


def addresses_in(view: View) -> list[str]:
    return re.findall(r"https://kpi\.example\.com/progress/[\w.-]+", str(view.blocks))


async def opens(stage: Stage, address: str) -> httpx.Response:
    path = address.removeprefix("https://kpi.example.com")
    async with httpx.AsyncClient(trust_env=False, timeout=60) as somebody:
        return await somebody.get(f"http://127.0.0.1:{stage.running.port}{path}")


async def test_a_link_is_made_opened_and_revoked(stage: Stage) -> None:
    menu, links = await opens_links(stage)
    assert "It has no link yet" in read(menu)
    told = read(links)
    assert "Everybody who has a link sees the page of Billing Platform" in told
    assert f"also those who can't read <#{HOME}>" in told
    await stage.ana.clicks(links, "new_link:30")
    await stage.rests()
    [address] = addresses_in(links)
    assert f"Made by <@{stage.ana.id}>" in read(links)
    assert "never opened" in read(links)
    assert "Open: 1 link" in read(menu)
    page = await opens(stage, address)
    assert page.status_code == 200
    assert "Rollbacks / day" in page.text
    await stage.ana.clicks(links, "revoke_link")
    await stage.rests()
    assert "The link is revoked" in read(links)
    assert addresses_in(links) == []
    assert (await opens(stage, address)).status_code == 404
    history = read(await stage.types("/kpi history"))
    assert "button · link made" in history
    assert "button · link revoked" in history
    assert address.rpartition(".")[2] not in history


async def test_revoking_is_asked_about_first(stage: Stage) -> None:
    _, links = await opens_links(stage)
    await stage.ana.clicks(links, "new_link:0")
    await stage.rests()
    [button] = [
        block["accessory"] for block in links.blocks if block.get("accessory", {}).get("confirm")
    ]
    assert button["confirm"]["title"]["text"] == "Revoke this link?"


async def test_more_links_than_the_form_shows_are_refused(stage: Stage) -> None:
    _, links = await opens_links(stage)
    for _ in range(MOST_OPEN + 1):
        await stage.ana.clicks(links, "new_link:90")
        await stage.rests()
    assert len(set(addresses_in(links))) == MOST_OPEN
    assert "There are 20 open links already" in read(links)


async def test_without_the_settings_it_tells_how_to_turn_it_on(open_stage: Opening) -> None:
    async with open_stage() as stage:
        stage.ana.user.standing = Standing(is_admin=True)
        _, links = await opens_links(stage)
        told = read(links)
        assert "KPI_PUBLIC_URL" in told
        assert "KPI_LINK_KEY" in told
        assert "Make a link" not in told


def test_the_largest_form_fits_slacks_limits() -> None:
    scorecard = a_large_scorecard(1, HOSTILE)
    links = [Link(f"{n:016x}", "U0ANA", NOW, NOW, last_opened_at=NOW) for n in range(MOST_OPEN)]
    address = LinkAddresses("https://kpi.example.com/" + "long/" * 40, b"k" * 32)
    view = links_view(scorecard, links, address, FormPlace(scorecard.key, HOME), "done")
    assert problems_in_view(view) == []
