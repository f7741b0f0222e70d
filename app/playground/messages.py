"""A message as the workspace keeps it."""

from dataclasses import dataclass, field

from app.playground.blocks import Json, every_block, words_in
from app.playground.files import File


@dataclass(eq=False)
class Message:
    """One message. `ts` names it within its channel; `visible_to` is set on an ephemeral one.

    It changes in place when the app updates it, so whoever holds it sees what people see now.
    """

    ts: str
    channel_id: str
    user_id: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    bot_id: str | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    metadata: Json | None = None
    edited_ts: str | None = None
    visible_to: str | None = None

    @property
    def is_ephemeral(self) -> bool:
        """Whether one person alone sees it."""
        return self.visible_to is not None

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread below another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def all_blocks(self) -> list[Json]:
        """Its blocks, then those of its attachments."""
        attached = (block for each in self.attachments for block in each.get("blocks", []))
        return [*self.blocks, *attached]

    def attachment_of(self, block: Json) -> Json | None:
        """The attachment that a block stands in; None for one of the message itself."""
        for attachment in self.attachments:
            if any(each is block for each in every_block(attachment.get("blocks", []))):
                return attachment
        return None

    @property
    def wording(self) -> str:
        """Everything in it that can be read: text, words of blocks, titles of files, by line."""
        titles = (file.title for file in self.files)
        parts = [self.text, *words_in(self.blocks), *words_in(self.attachments), *titles]
        return "\n".join(part for part in parts if part)
