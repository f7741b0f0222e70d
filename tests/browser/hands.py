"""The two ways in which a person uses the page: with a mouse, and with the keyboard alone."""

from abc import ABC, abstractmethod

from playwright.async_api import Locator, Page, expect

MOST_KEYS = 120
"""So many presses lead to everything on the page, or it counts as out of reach."""

ALL_IS_MARKED = "ControlOrMeta+a"


class Hands(ABC):
    """What a person can do with one thing on the page. Each waits until it is to be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keyboard = page.keyboard

    @abstractmethod
    async def press(self, what: Locator) -> None:
        """Use a button, link, tab or menu item."""

    @abstractmethod
    async def reach(self, field: Locator) -> None:
        """Bring the keyboard to a field."""

    @abstractmethod
    async def points_at(self, what: Locator) -> None:
        """Turn to something, which may show what can be done with it."""

    @abstractmethod
    async def take(self, option: Locator) -> None:
        """Take one of the options that are offered for the field that one is in."""

    async def write(self, words: str, into: Locator) -> None:
        """Type into a field in place of what stands there."""
        await self.reach(into)
        await self.keyboard.press(ALL_IS_MARKED)
        await self.keyboard.press("Backspace")
        await self.keyboard.type(words)


class Mouse(Hands):
    """Points and clicks, and types where it clicked."""

    async def press(self, what: Locator) -> None:
        await what.click()

    async def reach(self, field: Locator) -> None:
        await field.click()

    async def points_at(self, what: Locator) -> None:
        await what.hover()

    async def take(self, option: Locator) -> None:
        await option.click()


# The key that leads from where the keyboard is towards an element: arrows between the items of one
# menu, list or group, Tab otherwise; none when it is there.
_TOWARDS = """wanted => {
    const here = document.activeElement;
    if (here === wanted) return "";
    const forward = here === document.body
        || here.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_FOLLOWING;
    const group = wanted.closest("[role=menu], [role=listbox], [role=tablist], [role=radiogroup]");
    if (group?.contains(here)) return forward ? "ArrowDown" : "ArrowUp";
    return forward ? "Tab" : "Shift+Tab";
}"""


# In a list, it is the field above it that has the keyboard, and names the option that Enter takes.
_IS_ACTIVE = """option =>
    document.activeElement.getAttribute("aria-activedescendant") === option.id"""


class Keyboard(Hands):
    """Tab, arrows, Enter and typing; never a pointer."""

    async def press(self, what: Locator) -> None:
        await self.reach(what)
        await self.keyboard.press("Enter")

    async def reach(self, field: Locator) -> None:
        await expect(field).to_be_visible()
        for _ in range(MOST_KEYS):
            key = await field.evaluate(_TOWARDS)
            if not key:
                return
            await self.keyboard.press(key)
        raise AssertionError(f"no key leads to {field}")

    async def points_at(self, what: Locator) -> None:
        """The keyboard comes by all that can be done."""

    async def take(self, option: Locator) -> None:
        if not await option.is_visible():
            await self.keyboard.press("ArrowDown")
        await expect(option).to_be_visible()
        for _ in range(MOST_KEYS):
            if await option.evaluate(_IS_ACTIVE):
                await self.keyboard.press("Enter")
                return
            await self.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {option}")
