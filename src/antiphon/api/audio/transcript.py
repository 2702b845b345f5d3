"""`Transcript`: what was recognized so far, and how each response format tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from antiphon.api.chat.completion import JsonObject
from antiphon.dialogue import subtitles
from antiphon.dialogue.captions import captions
from antiphon.dialogue.transcription import Transcribed
from antiphon.engines.interfaces import RecognizedSpeech
from antiphon.vocabulary.languages import language_name
from antiphon.vocabulary.logprobs import TokenLogprob

_UNSPACED = frozenset({"ja", "lo", "my", "th", "yue", "zh"})
"""Languages that are written without spaces."""


@dataclass(slots=True)
class Transcript:
    """Of one recording."""

    task: Literal["transcribe", "translate"]
    asked_language: str | None
    stretches: list[Transcribed] = field(default_factory=list[Transcribed])
    seconds: float = 0.0
    _added: list[str] = field(default_factory=list[str])

    def add(self, transcribed: Transcribed) -> str:
        """Take the next stretch; return what it adds to the text."""
        speech = transcribed.speech
        written = "en" if self.task == "translate" else speech.language
        is_first = not self.stretches
        self.stretches.append(transcribed)
        added = speech.text if is_first or written in _UNSPACED else f" {speech.text}"
        self._added.append(added)
        return added

    @property
    def text(self) -> str:
        return "".join(self._added)

    @property
    def language(self) -> str:
        """ISO 639-1: the one spoken longest."""
        if self.asked_language is not None:
            return self.asked_language
        spoken: Counter[str] = Counter()
        for stretch in self.stretches:
            spoken[stretch.speech.language] += stretch.speech.end_ms - stretch.speech.start_ms + 1
        return spoken.most_common(1)[0][0] if spoken else "en"

    @property
    def logprobs(self) -> Sequence[TokenLogprob]:
        return [token for stretch in self.stretches for token in stretch.speech.logprobs]

    def plain(self) -> str:
        return f"{self.text}\n"

    def srt(self) -> str:
        return "".join(subtitles.srt(self._cues()))

    def vtt(self) -> str:
        return "".join(subtitles.vtt(self._cues()))

    def verbose(self, *, words: bool, segments: bool, usage: JsonObject) -> JsonObject:
        whole: JsonObject = {
            "task": self.task,
            "language": "english" if self.task == "translate" else language_name(self.language),
            "duration": round(self.seconds, 2),
            "text": self.text,
        }
        if words:
            whole["words"] = [
                {"word": word.text.strip(), "start": word.start_ms / 1000, "end": word.end_ms / 1000}
                for stretch in self.stretches
                for word in stretch.speech.words
            ]
        if segments:
            whole["segments"] = [
                _segment(index, each, stretch) for index, (each, stretch) in enumerate(self._captions())
            ]
        return whole | {"usage": usage}

    def diarized(self, usage: JsonObject) -> JsonObject:
        return {
            "task": self.task,
            "duration": round(self.seconds, 2),
            "text": self.text,
            "segments": [segment_json(index, stretch) for index, stretch in enumerate(self.stretches)],
            "usage": usage,
        }

    def _cues(self) -> Iterator[subtitles.Cue]:
        for each, _ in self._captions():
            yield subtitles.Cue(start_ms=each.start_ms, end_ms=each.end_ms, text=each.text)

    def _captions(self) -> Iterator[tuple[RecognizedSpeech, Transcribed]]:
        for stretch in self.stretches:
            for each in captions(stretch.speech):
                yield each, stretch


def segment_json(index: int, stretch: Transcribed) -> JsonObject:
    """What somebody said, and who: also an event of a stream."""
    return {
        "type": "transcript.text.segment",
        "id": f"seg_{index}",
        "start": stretch.speech.start_ms / 1000,
        "end": stretch.speech.end_ms / 1000,
        "text": stretch.speech.text,
        "speaker": stretch.speaker,
    }


def _segment(index: int, caption: RecognizedSpeech, stretch: Transcribed) -> JsonObject:
    """The measures are those of the whole stretch, of which the caption is a part."""
    details = caption.details
    is_whole = caption.text == stretch.speech.text
    return {
        "id": index,
        "seek": stretch.window_start_ms // 10,
        "start": caption.start_ms / 1000,
        "end": caption.end_ms / 1000,
        "text": f" {caption.text}",
        "tokens": list(details.token_ids) if details and is_whole else [],
        "temperature": details.temperature if details else 0.0,
        "avg_logprob": details.mean_logprob if details else 0.0,
        "compression_ratio": details.compression_ratio if details else 1.0,
        "no_speech_prob": caption.no_speech_probability,
    }
