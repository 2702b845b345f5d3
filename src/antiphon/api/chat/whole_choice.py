"""A choice of a completion that is answered whole."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from antiphon.api.chat.choice_message import ChoiceMessage
from antiphon.audio.encode import Encoder
from antiphon.dialogue.reply import AudioSpoken, ReplyEvent


@dataclass(slots=True, kw_only=True)
class WholeChoice(ChoiceMessage):
    """Gathers one reply; its audio is encoded while it is still being spoken."""

    encoder: Encoder | None
    """None for a reply that is text alone."""

    async def add(self, event: ReplyEvent) -> None:
        self.note(event)
        if isinstance(event, AudioSpoken) and self.encoder is not None:
            await asyncio.to_thread(self.encoder.feed, event.audio)

    async def audio_file(self) -> bytes | None:
        """What was said; None for a reply that is text, or calls of tools."""
        if self.encoder is None or not self.transcript:
            return None
        return await asyncio.to_thread(self.encoder.finish)
