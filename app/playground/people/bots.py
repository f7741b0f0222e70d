"""Bots of other apps."""

from collections.abc import Sequence

from app.playground.blocks import Json
from app.playground.messages import Message
from app.playground.people.writing import Writer
from app.playground.workspace import Channel


class OtherBot(Writer):
    """Another app's bot. It posts where it is a member; it types no commands and clicks nothing."""

    async def posts(
        self,
        text: str,
        channel: Channel,
        *,
        blocks: Sequence[Json] = (),
        thread: Message | None = None,
    ) -> Message:
        """Post a message with blocks; `text` is what is read aloud."""
        return await self._write({"text": text, "blocks": list(blocks)}, channel, thread)
