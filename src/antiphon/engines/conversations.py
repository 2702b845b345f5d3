"""Which conversation a prompt continues, for engines that are better at one whose beginning they have read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from antiphon.engines.interfaces import AudioMessage, Message


def conversation_key(messages: Sequence[Message | AudioMessage]) -> str:
    """The same for every turn of a conversation: made of its instructions and what the user said first."""
    key = hashlib.sha256()
    first = next((message for message in messages if message.role == "user"), None)
    for message in [*(message for message in messages if message.role == "system"), *([first] if first else [])]:
        for part in (message.text,) if isinstance(message, Message) else message.parts:
            key.update(part.encode("utf-8", "replace") if isinstance(part, str) else part.samples.tobytes())
            key.update(b"\0")
    return key.hexdigest()
