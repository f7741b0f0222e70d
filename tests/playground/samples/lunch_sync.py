"""A Bolt app by Bolt's own rules, which knows of no other Slack than Slack."""

import os
from typing import Any

from slack_bolt import Ack, App, Complete, Fail, Respond, Say
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

MENU = ["Soup", "Salad", "Sandwich", "Stew"]

app = App(token=os.environ["SLACK_BOT_TOKEN"], signing_secret=os.environ["SLACK_SIGNING_SECRET"])


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
def lunch(ack: Ack, command: dict[str, Any], client: WebClient) -> None:
    if command["text"] == "menu":
        ack(f"Today: {', '.join(MENU)}")
        return
    ack()
    client.views_open(trigger_id=command["trigger_id"], view=form(command["channel_id"]))


@app.options("find_dish")
def find_dish(ack: Ack, payload: dict[str, Any]) -> None:
    typed = payload["value"].lower()
    ack(options=[option(dish) for dish in MENU if dish.lower().startswith(typed)])


@app.view("order")
def take_order(ack: Ack, body: dict[str, Any], view: dict[str, Any], client: WebClient) -> None:
    values = view["state"]["values"]
    if values["wish"]["typed"]["value"] == "everything":
        ack(response_action="errors", errors={"wish": "That is too much"})
        return
    ack()
    dish = values["dish"]["find_dish"]["selected_option"]["value"]
    client.chat_postMessage(channel=view["private_metadata"], **order(body["user"]["id"], dish))


@app.action("me_too")
def me_too(ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond) -> None:
    ack()
    respond(text=f"{body['message']['text']}, <@{body['user']['id']}> too", replace_original=True)


@app.message("hungry")
def hungry(message: dict[str, Any], say: Say) -> None:
    say(f"Type /lunch, <@{message['user']}>", thread_ts=message["ts"])


@app.event("message")
def other_messages() -> None:
    """Acknowledged, for Slack would send them again."""


@app.event("app_mention")
def mentioned(event: dict[str, Any], say: Say) -> None:
    say(f"Today: {', '.join(MENU)}")


@app.event("app_home_opened")
def show_home(event: dict[str, Any], client: WebClient) -> None:
    text = {"type": "mrkdwn", "text": f"*Today*: {', '.join(MENU)}"}
    view = {"type": "home", "blocks": [{"type": "section", "text": text}]}
    client.views_publish(user_id=event["user"], view=view)


@app.shortcut("order")
def order_anywhere(ack: Ack, shortcut: dict[str, Any], client: WebClient) -> None:
    ack()
    client.views_open(trigger_id=shortcut["trigger_id"], view=form(shortcut["user"]["id"]))


@app.shortcut("same")
def order_the_same(ack: Ack, shortcut: dict[str, Any], respond: Respond) -> None:
    ack()
    respond(f"The same for <@{shortcut['user']['id']}>: {shortcut['message']['text']}")


@app.function("order_step")
def order_step(inputs: dict[str, Any], complete: Complete, fail: Fail) -> None:
    if inputs["dish"] in MENU:
        complete({"order": f"One {inputs['dish']}"})
    else:
        fail(f"There is no {inputs['dish']} today")


if __name__ == "__main__":
    if "PORT" in os.environ:
        app.start(port=int(os.environ["PORT"]))
    else:
        SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()
