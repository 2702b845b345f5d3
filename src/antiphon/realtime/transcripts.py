"""The transcripts of what the user said: each is told once."""

from __future__ import annotations

from collections.abc import Iterable

from antiphon.realtime.commands import Output, Transcribe
from antiphon.realtime.configuration import Configuration
from antiphon.realtime.events import TranscriptionCompleted, TranscriptionDelta, TranscriptionRefused
from antiphon.realtime.history import History
from antiphon.realtime.inputs import ReplyHeard, Transcribed, TranscriptionFailed
from antiphon.realtime.items import Audio, MessageItem


class Transcripts:
    def __init__(self, history: History) -> None:
        self._history = history
        self._promised: set[str] = set()
        """Items whose words are not known yet."""

    @property
    def are_awaited(self) -> bool:
        return bool(self._promised)

    @property
    def promised(self) -> frozenset[str]:
        return frozenset(self._promised)

    def promise(self, item_ids: Iterable[str]) -> None:
        """Owe the words of these as well."""
        self._promised.update(item_ids)

    def make_good(self, configuration: Configuration) -> list[Output]:
        """Have what was promised in an earlier session transcribed, unless it is gone."""
        outputs: list[Output] = []
        for item_id in sorted(self._promised):
            self._promised.discard(item_id)
            item = self._history.conversation.get(item_id)
            if isinstance(item, MessageItem) and isinstance(audio := item.parts[0], Audio) and audio.data:
                outputs += self.transcribe(item_id, audio, configuration, None)
        return outputs

    def transcribe(
        self, item_id: str, audio: Audio, configuration: Configuration, heard: ReplyHeard | None
    ) -> list[Output]:
        """Have a committed utterance transcribed, or use the words that the prepared reply `heard`."""
        if configuration.transcription is None:
            return []
        if heard is not None:
            seconds = audio.duration_ms / 1000
            known = Transcribed(item_id=item_id, transcript=heard.transcript, seconds=seconds, logprobs=heard.logprobs)
            return self.take(known, configuration)
        self._promised.add(item_id)
        return [
            Transcribe(
                item_id=item_id,
                audio=audio.data,
                format=audio.format,
                transcription=configuration.transcription,
                logprobs=configuration.tells_logprobs,
            )
        ]

    def take(self, result: Transcribed | TranscriptionFailed, configuration: Configuration) -> list[Output]:
        item_id = result.item_id
        self._promised.discard(item_id)
        if isinstance(result, TranscriptionFailed):
            return [TranscriptionRefused(item_id=item_id, content_index=0, error=result.error)]
        self._history.transcribe(item_id, result.transcript)
        logprobs = result.logprobs if configuration.tells_logprobs else None
        delta = TranscriptionDelta(item_id=item_id, content_index=0, delta=result.transcript, logprobs=logprobs)
        completed = TranscriptionCompleted(
            item_id=item_id,
            content_index=0,
            transcript=result.transcript,
            seconds=result.seconds,
            logprobs=logprobs,
        )
        return [delta, completed] if result.transcript else [completed]
