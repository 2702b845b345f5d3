"""`Reader`: reads a text aloud as it is written. Nothing is added, left out or answered."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from antiphon.audio.pcm import Pcm
from antiphon.dialogue.clauses import ClauseSplitter
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.dialogue.reply import Voice
from antiphon.dialogue.script import Script, Silence, Words
from antiphon.dialogue.speaking import ClauseSpeaker
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.engines.errors import NotSupportedByEngine
from antiphon.engines.interfaces import RecognizedWord, Synthesizer, WordAligner

_AT_A_TIME = 2_000
"""How many characters of a text are looked at before the clauses found so far are spoken."""
_NOTHING_SECONDS = 0.25
"""How much silence stands for a text without anything to say, so that its audio can be played."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseRead:
    """A clause has been spoken; its audio comes before this."""

    text: str
    """As it stands in what was to be read, including the space around it."""
    start_seconds: float
    end_seconds: float
    words: Sequence[RecognizedWord] = ()
    """When each word is said in the whole, if that was asked for; all of them together are what is written."""


class Reader:
    """Reads with a synthesizer, each clause in the language it is written in."""

    def __init__(
        self,
        synthesizer: Synthesizer,
        languages: LanguageIdentifier,
        pronouncer: Pronouncer,
        *,
        aligner: WordAligner | None = None,
    ) -> None:
        self._aligner = aligner
        self._synthesizer = synthesizer
        self._languages = languages
        self._pronouncer = pronouncer

    @property
    def sample_rate(self) -> int:
        """Hz of everything that `read` yields."""
        return self._synthesizer.sample_rate

    @property
    def reads_with(self) -> tuple[Synthesizer, LanguageIdentifier, Pronouncer]:
        """What it reads with, for those who read in a way of their own."""
        return self._synthesizer, self._languages, self._pronouncer

    @property
    def voices(self) -> frozenset[str]:
        """The voice names that can be requested."""
        return self._synthesizer.voices

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1: the languages that can be asked for."""
        return self._synthesizer.languages

    @property
    def tells_words(self) -> bool:
        """Whether `read` can tell when words are said."""
        return self._aligner is not None

    async def read(
        self, text: str | Script, voice: Voice, *, with_words: bool = False
    ) -> AsyncGenerator[Pcm | ClauseRead]:
        """Yield the audio of each clause, then where in the whole it is; also each of its words, if `with_words`."""
        script: Script = [Words(text=text)] if isinstance(text, str) else text
        whole = " ".join(part.text for part in script if isinstance(part, Words))
        language = self._languages.identify(whole)
        speaker = ClauseSpeaker(self._synthesizer, self._languages, self._pronouncer, voice, language)
        position = 0
        for clause in _parts(script):
            if isinstance(clause, Silence):
                silence = Pcm.silence(clause.seconds, self.sample_rate)
                position += len(silence.samples)
                if len(silence.samples):
                    yield silence
                continue
            start = position
            spoken: list[Pcm] = []
            async with aclosing(speaker.speak(clause)) as stretches:
                async for audio in stretches:
                    position += len(audio.samples)
                    if with_words:
                        spoken.append(audio)
                    yield audio
            written = "".join(words.text for words in clause)
            yield ClauseRead(
                text=written,
                start_seconds=start / self.sample_rate,
                end_seconds=position / self.sample_rate,
                words=await self._words(spoken, written, speaker.language, start) if spoken else (),
            )
        if not position:
            yield Pcm.silence(_NOTHING_SECONDS, self.sample_rate)

    async def _words(self, spoken: Sequence[Pcm], written: str, language: str, start: int) -> Sequence[RecognizedWord]:
        """When each word of a clause is said, `start` samples after the beginning."""
        if self._aligner is None:
            raise NotSupportedByEngine("timestamp_granularities")
        audio = Pcm.concatenate(spoken, self.sample_rate)
        start_ms, longest_ms = round(1000 * start / self.sample_rate), round(1000 * audio.seconds)
        return [
            replace(
                word,
                start_ms=start_ms + min(word.start_ms, longest_ms),
                end_ms=start_ms + min(word.end_ms, longest_ms),
            )
            for word in await self._aligner.align(audio, written, language=language)
        ]


def _parts(script: Script) -> Iterator[list[Words] | Silence]:
    """The script clause by clause."""
    passage: list[Words] = []
    for part in script:
        if passage and (isinstance(part, Silence) or _manner(part) != _manner(passage[0])):
            yield from _clauses_of(passage)
            passage = []
        if isinstance(part, Silence):
            yield part
        else:
            passage.append(part)
    if passage:
        yield from _clauses_of(passage)


def _manner(words: Words) -> tuple[str | None, str | None, float]:
    """What all words of a clause have in common."""
    return words.language, words.voice, words.rate


def _clauses_of(passage: Sequence[Words]) -> Iterator[list[Words]]:
    """A passage cut into clauses. What has sounds of its own, and is cut, has them all in the first of its clauses."""
    position = 0
    for clause in _clauses("".join(words.text for words in passage)):
        begin, position = position, position + len(clause)
        if parts := list(_between(passage, begin, position)):
            yield parts


def _between(passage: Sequence[Words], begin: int, end: int) -> Iterator[Words]:
    start = 0
    for words in passage:
        first, last = max(begin - start, 0), min(end - start, len(words.text))
        if first < last and not (words.phonemes is not None and first > 0):
            yield replace(words, text=words.text[first:last])
        start += len(words.text)


def _clauses(text: str) -> Iterator[str]:
    """The text, cut into clauses; a long one little by little."""
    splitter = ClauseSplitter()
    for start in range(0, len(text), _AT_A_TIME):
        yield from splitter.feed(text[start : start + _AT_A_TIME])
    yield from splitter.finish()
