"""The tools of a message keep out of the way of what it shows."""

import pytest
from playwright.async_api import Page, expect

from app.playground import LocalSlack

pytestmark = pytest.mark.asyncio(loop_scope="session")

BUTTON = {"type": "button", "action_id": "join", "text": {"type": "plain_text", "text": "Join"}}


@pytest.mark.parametrize("width", [1280, 700, 390])
async def test_a_button_beside_the_first_line_can_be_clicked(
    page: Page, slack: LocalSlack, width: int
) -> None:
    billing = slack.workspace.channel("billing")
    text = {"type": "mrkdwn", "text": "Lunch is ready, and there is enough for everybody here"}
    blocks = [{"type": "section", "text": text, "accessory": BUTTON}]
    for _ in range(2):
        slack.workspace.post(billing, slack.bot_user_id, {"text": "Lunch", "blocks": blocks})
    await page.set_viewport_size({"width": width, "height": 700})
    await page.goto(slack.url)

    for button in await page.get_by_role("button", name="Join").all():
        await button.click()
    await expect(page.get_by_role("link", name="Reply in thread").last).to_be_visible()
