"""The host's buttons."""

from app.playground.page.acts.act import Act, Handler


async def use_control(act: Act) -> None:
    """Click one of the host's buttons; answered when its work is done."""
    await act.screen.controls.use(str(act.given("control", "")))


ACTS: dict[str, Handler] = {"control": use_control}
