"""What a reply has used so far; if it breaks off, nothing else can tell."""

from __future__ import annotations

from dataclasses import dataclass

from antiphon.dialogue.estimate import estimate_prompt_tokens
from antiphon.dialogue.reply import (
    AudioSpoken,
    ReplyPiece,
    ReplyRequest,
    TextWritten,
    TranscriptSpoken,
)
from antiphon.engines.interfaces import ToolCallDelta
from antiphon.vocabulary.tokens import OUTPUT_TOKENS_A_SECOND, estimate_text_tokens
from antiphon.vocabulary.usage import Usage


@dataclass(slots=True)
class Spending:
    """An estimate, by the measure used to admit requests."""

    request: ReplyRequest
    _text: str = ""
    _seconds: float = 0.0

    def take(self, event: ReplyPiece) -> None:
        match event:
            case TextWritten() | TranscriptSpoken():
                self._text += event.text
            case ToolCallDelta():
                self._text += f"{event.name or ''}{event.arguments}"
            case AudioSpoken():
                self._seconds += event.audio.seconds
            case _:
                pass

    @property
    def has_made_anything(self) -> bool:
        return bool(self._text) or self._seconds > 0

    @property
    def usage(self) -> Usage:
        return Usage(
            input_text_tokens=estimate_prompt_tokens(self.request),
            output_text_tokens=estimate_text_tokens(self._text),
            output_audio_tokens=round(self._seconds * OUTPUT_TOKENS_A_SECOND),
        )
