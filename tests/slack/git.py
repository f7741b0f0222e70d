"""A git server that calls the bot of a stage."""

from typing import Any

import httpx

from app.domain.hooks import Forge, Hook, HookAddresses, HookForm
from app.playground import Message
from app.services import hooks
from tests.payloads import a_delivery
from tests.slack.stage import OPERATING, Stage

PUBLIC_URL = "https://kpi.example.com"
LINK_KEY = "k" * 32
SETTINGS = {"kpi_public_url": PUBLIC_URL, "kpi_link_key": LINK_KEY}
ADDRESSES = HookAddresses(PUBLIC_URL, LINK_KEY.encode())
MERGE = {Forge.GITHUB: "pull_request.closed", Forge.GITLAB: "merge_request.merge"}


async def a_hook(stage: Stage, forge: Forge = Forge.GITHUB, **said: Any) -> Hook:
    """A hook of the only scorecard, made by the operator."""
    return await hooks.make(stage.running.bot.store, OPERATING, HookForm(forge, **said))


async def delivers(
    stage: Stage, hook: Hook, name: str | None = None, **changed: Any
) -> httpx.Response:
    """Call a hook of the bot as the git server does; gives what is answered."""
    forge = hook.form.forge
    secret = ADDRESSES.secret(hook.id)
    body, headers = a_delivery(forge, name or MERGE[forge], secret, **changed)
    address = ADDRESSES.of(forge, hook.id).removeprefix(PUBLIC_URL)
    async with httpx.AsyncClient(trust_env=False) as git:
        url = f"http://127.0.0.1:{stage.running.port}{address}"
        answer = await git.post(url, content=body, headers=headers)
    await stage.rests()
    return answer


async def offers(stage: Stage, **changed: Any) -> Message:
    """A merged change is offered; gives the message in the channel."""
    assert (await delivers(stage, await a_hook(stage), **changed)).status_code == 202
    return stage.posts()[-1]
