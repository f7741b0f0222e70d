"""A newcomer's way through the page, written once and gone with a mouse or by keyboard alone.

Each step does what a person does, and waits for what she sees of it.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

from app.demo.stage import Stage
from tests.browser.hands import Hands

Look = Callable[[str], Awaitable[None]]
"""What is done after a step, which is named."""


@dataclass(frozen=True)
class Journey:
    """Ana at her browser, with the real bot behind it."""

    stage: Stage
    hands: Hands

    @property
    def page(self) -> Page:
        return self.hands.page

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message", exact=True)

    @property
    def messages(self) -> Locator:
        return self.page.get_by_role("log", name="Messages", exact=True)

    @property
    def form(self) -> Locator:
        return self.page.get_by_role("dialog")

    def message(self, words: str) -> Locator:
        """The newest message with these words."""
        return self.messages.get_by_role("article").filter(has_text=words).last

    async def says(self, words: str) -> None:
        """Type into the composer and send it."""
        await self.hands.write(words, self.composer)
        await self.hands.keyboard.press("Enter")

    async def presses(self, label: str, within: Locator) -> None:
        """Use the first button with this label."""
        await self.hands.press(within.get_by_role("button", name=label, exact=True).first)

    async def chooses(self, option: str, field: str) -> None:
        """Take an option of a select in the form."""
        await self.hands.reach(self.form.get_by_role("combobox", name=field))
        await self.hands.take(self.form.get_by_role("option", name=option))

    async def goes_to(self, conversation: str) -> None:
        """Follow a link of the side bar, which a narrow screen shows when it is asked to."""
        opener = self.page.get_by_role("button", name="Conversations")
        if await opener.is_visible():
            await self.hands.press(opener)
        side = self.page.get_by_role("navigation", name="Conversations")
        await self.hands.press(side.get_by_role("link", name=conversation))

    async def sees(self, *words: str) -> None:
        """Words in the newest messages."""
        for each in words:
            await expect(self.message(each)).to_be_in_viewport()

    async def sees_picture(self, words: str) -> None:
        """A picture that says this in words, the first of which takes a few seconds."""
        picture = self.messages.get_by_role("img", name=words).last
        await expect(picture).to_be_in_viewport(timeout=30_000)


Step = Callable[[Journey], Awaitable[None]]


async def arrives(journey: Journey) -> None:
    """She opens the address: a channel, where to write, and how to begin."""
    await journey.page.goto(journey.stage.slack.url)
    await expect(journey.page.get_by_role("heading", name="billing")).to_be_visible()
    await expect(journey.composer).to_be_visible()
    await expect(journey.messages).to_contain_text("Type / to see the commands of KPI Trajectories")


async def asks_how_things_stand(journey: Journey) -> None:
    """She types a slash, takes the command that is suggested, and sends it."""
    await journey.hands.write("/k", journey.composer)
    await journey.hands.take(journey.page.get_by_role("option", name="/kpi"))
    await expect(journey.composer).to_have_value("/kpi ")
    await journey.hands.keyboard.press("Enter")
    await journey.sees("0 of 5 at target")
    await expect(journey.message("0 of 5 at target")).to_contain_text("Only visible to you")


async def looks_at_a_metric(journey: Journey) -> None:
    """She takes the first metric's details, which the picture of its trajectory follows."""
    await journey.presses("Details", journey.message("0 of 5 at target"))
    await journey.sees("remaining off-session flows")
    await journey.sees_picture("Rollbacks / day: ~12 → 0")


async def slips_in_the_form(journey: Journey) -> None:
    """She fills in the form to update it, with what is no value: the field says so."""
    await journey.presses("Update", journey.message("remaining off-session flows"))
    value = journey.form.get_by_label("Rollbacks / day: new value")
    await journey.hands.write("lots", value)
    await journey.presses("Record", journey.form)
    await expect(value).to_have_accessible_description(re.compile("“lots” isn't a value"))


async def records_a_value(journey: Journey) -> None:
    """She types a value: the form closes, and the answer tells before and after."""
    value = journey.form.get_by_label("Rollbacks / day: new value")
    await journey.hands.write("~9", value)
    await journey.presses("Record", journey.form)
    await expect(journey.form).to_be_hidden()
    await journey.sees("~12 → ~9")


async def takes_it_back(journey: Journey) -> None:
    """She undoes it; the same message says what stands now."""
    await journey.presses("Undo", journey.message("~12 → ~9"))
    await journey.sees("It is ~12 again")


async def logs_a_milestone_from_a_message(journey: Journey) -> None:
    """She writes a message and logs it as a milestone that moved a metric."""
    await journey.says("PDE step 2c is live: trial conversions pay before they commit.")
    message = journey.message("PDE step 2c is live")
    await journey.hands.points_at(message)
    await journey.presses("More actions", message)
    await journey.hands.press(journey.page.get_by_role("menuitem", name="Log as milestone"))
    title = journey.form.get_by_label("Title")
    await expect(title).to_have_value(
        "PDE step 2c is live: trial conversions pay before they commit."
    )
    await journey.hands.write("PDE step 2c", title)
    await journey.chooses("Rollbacks / day", "Metrics it moved")
    await journey.hands.write("~8", journey.form.get_by_label("Rollbacks / day: new value"))
    await journey.presses("Ship it", journey.form)
    await expect(journey.form).to_be_hidden()
    await journey.sees("shipped PDE step 2c", "~12 → ~8")


async def opens_home(journey: Journey) -> None:
    """She opens the app's Home tab: her scorecards, metrics, milestones and the next digest."""
    await journey.goes_to("KPI")
    await journey.hands.press(journey.page.get_by_role("link", name="Home"))
    for title in ("Scorecards", "Your metrics", "Recent milestones", "Next digests"):
        await expect(journey.page.get_by_role("heading", name=title)).to_be_visible()


async def travels_to_the_digest(journey: Journey) -> None:
    """Back in the channel, she moves the clock to the next digest, which arrives."""
    await journey.goes_to("billing")
    await journey.presses("Next digest", journey.page.get_by_role("banner"))
    await journey.sees("PDE step 2c by")
    await expect(journey.page.get_by_role("banner")).to_contain_text(
        "The digest is posted in #billing"
    )


async def shares_the_scorecard(journey: Journey) -> None:
    """She shows all in the channel how things stand."""
    await journey.says("/kpi")
    await journey.presses("Share in the channel", journey.message("0 of 5 at target"))
    await journey.sees("Shared by @Ana Beck")
    await expect(journey.message("Shared in the channel: see it there.")).to_be_visible()


async def perform(journey: Journey, look: Look) -> None:
    """Every step in its order, with a look at the page after each."""
    for step in STEPS:
        await step(journey)
        await look(step.__name__)


STEPS: tuple[Step, ...] = (
    arrives,
    asks_how_things_stand,
    looks_at_a_metric,
    slips_in_the_form,
    records_a_value,
    takes_it_back,
    logs_a_milestone_from_a_message,
    opens_home,
    travels_to_the_digest,
    shares_the_scorecard,
)
