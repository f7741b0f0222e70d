"""The same app in Bolt's asynchronous form."""

import asyncio
import os
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond, AsyncSay
from slack_bolt.context.complete.async_complete import AsyncComplete
from slack_bolt.context.fail.async_fail import AsyncFail
from slack_sdk.web.async_client import AsyncWebClient

MENU = ["Soup", "Salad", "Sandwich", "Stew"]

app = AsyncApp(
    token=os.environ["SLACK_BOT_TOKEN"], signing_secret=os.environ["SLACK_SIGNING_SECRET"]
)


def option(dish: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": dish}, "value": dish.lower()}


def form(channel: str) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "order",
        "private_metadata": channel,
        "title": {"type": "plain_text", "text": "Order lunch"},
        "submit": {"type": "plain_text", "text": "Order"},
        "blocks": [
            {
                "type": "input",
                "block_id": "dish",
                "label": {"type": "plain_text", "text": "Dish"},
                "element": {
                    "type": "external_select",
                    "action_id": "find_dish",
                    "min_query_length": 1,
                },
            },
            {
                "type": "input",
                "block_id": "wish",
                "optional": True,
                "label": {"type": "plain_text", "text": "Wish"},
                "element": {"type": "plain_text_input", "action_id": "typed"},
            },
        ],
    }


def order(user: str, dish: str) -> dict[str, Any]:
    words = f"<@{user}> orders {dish}"
    return {
        "text": words,
        "blocks": [
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": words},
                "accessory": {
                    "type": "button",
                    "action_id": "me_too",
                    "value": dish,
                    "text": {"type": "plain_text", "text": "Me too"},
                },
            }
        ],
    }


@app.command("/lunch")
async def lunch(ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
    if command["text"] == "menu":
        await ack(f"Today: {', '.join(MENU)}")
        return
    await ack()
    await client.views_open(trigger_id=command["trigger_id"], view=form(command["channel_id"]))


@app.options("find_dish")
async def find_dish(ack: AsyncAck, payload: dict[str, Any]) -> None:
    typed = payload["value"].lower()
    await ack(options=[option(dish) for dish in MENU if dish.lower().startswith(typed)])


@app.view("order")
async def take_order(
    ack: AsyncAck, body: dict[str, Any], view: dict[str, Any], client: AsyncWebClient
) -> None:
    values = view["state"]["values"]
    if values["wish"]["typed"]["value"] == "everything":
        await ack(response_action="errors", errors={"wish": "That is too much"})
        return
    await ack()
    dish = values["dish"]["find_dish"]["selected_option"]["value"]
    await client.chat_postMessage(
        channel=view["private_metadata"], **order(body["user"]["id"], dish)
    )


@app.action("me_too")
async def me_too(
    ack: AsyncAck, body: dict[str, Any], action: dict[str, Any], respond: AsyncRespond
) -> None:
    await ack()
    await respond(
        text=f"{body['message']['text']}, <@{body['user']['id']}> too", replace_original=True
    )


@app.message("hungry")
async def hungry(message: dict[str, Any], say: AsyncSay) -> None:
    await say(f"Type /lunch, <@{message['user']}>", thread_ts=message["ts"])


@app.event("message")
async def other_messages() -> None:
    """Acknowledged, for Slack would send them again."""


@app.event("app_mention")
async def mentioned(event: dict[str, Any], say: AsyncSay) -> None:
    await say(f"Today: {', '.join(MENU)}")


@app.event("app_home_opened")
async def show_home(event: dict[str, Any], client: AsyncWebClient) -> None:
    text = {"type": "mrkdwn", "text": f"*Today*: {', '.join(MENU)}"}
    view = {"type": "home", "blocks": [{"type": "section", "text": text}]}
    await client.views_publish(user_id=event["user"], view=view)


@app.shortcut("order")
async def order_anywhere(ack: AsyncAck, shortcut: dict[str, Any], client: AsyncWebClient) -> None:
    await ack()
    await client.views_open(trigger_id=shortcut["trigger_id"], view=form(shortcut["user"]["id"]))


@app.shortcut("same")
async def order_the_same(ack: AsyncAck, shortcut: dict[str, Any], respond: AsyncRespond) -> None:
    await ack()
    await respond(f"The same for <@{shortcut['user']['id']}>: {shortcut['message']['text']}")


@app.function("order_step")
async def order_step(inputs: dict[str, Any], complete: AsyncComplete, fail: AsyncFail) -> None:
    if inputs["dish"] in MENU:
        await complete({"order": f"One {inputs['dish']}"})
    else:
        await fail(f"There is no {inputs['dish']} today")


async def main() -> None:
    await AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start_async()


if __name__ == "__main__":
    asyncio.run(main())
