"""The baseline: a Bolt app that only acknowledges, in a process of its own.

It takes the same settings as the bot. `/kpi ship` opens the smallest modal, so
that opening one can be compared as well.
"""

import asyncio
import os
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

SMALLEST_VIEW = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Empty"},
    "blocks": [{"type": "divider"}],
}


def build_app(client: AsyncWebClient) -> AsyncApp:
    app = AsyncApp(client=client, process_before_response=True)

    @app.command("/kpi")
    async def acknowledge(ack: AsyncAck, command: Mapping[str, Any]) -> None:
        if command["text"] == "ship":
            await client.views_open(trigger_id=command["trigger_id"], view=SMALLEST_VIEW)
        await ack()

    return app


async def healthy(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def main() -> None:
    client = AsyncWebClient(
        token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]
    )
    await client.auth_test()
    handler = AsyncSocketModeHandler(build_app(client), os.environ["SLACK_APP_TOKEN"])
    await handler.connect_async()
    http = web.Application()
    http.router.add_get("/health", healthy)
    runner = web.AppRunner(http)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["KPI_PORT"])).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
