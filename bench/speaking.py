"""Speaking: what a recognizer makes of what the voices say, word by word."""

from __future__ import annotations

import time
import tomllib
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping, Sequence
from pathlib import Path

from antiphon.audio.pcm import Pcm
from antiphon.compose.profiles import Engines
from antiphon.dialogue.chain import Chain
from antiphon.dialogue.hearing import Hearing
from antiphon.dialogue.language import LanguageIdentifier
from antiphon.dialogue.reply import AudioSpoken, ReplyRequest, Turn, Voice
from antiphon.dialogue.spoken.pronunciation import Pronouncer
from antiphon.engines.interfaces import GenerationFinished, Prompt, TextDelta
from bench.results import Result, overall
from bench.word_errors import WordErrors, word_errors

_SENTENCES = Path(__file__).with_name("sentences.toml")
_ENGLISH_TARGET_PERCENT = 2.0
_VOICES_BUT_ENGLISH = ("alloy", "echo")
"""A woman's and a man's: in other languages, the rest are shades of these."""


class _Parrot:
    """A `LanguageModel` that writes what it was told, so that a reply says just that."""

    async def generate(self, prompt: Prompt) -> AsyncGenerator[TextDelta | GenerationFinished]:
        yield TextDelta(text=prompt.messages[-1].text)
        yield GenerationFinished(finish_reason="stop", prompt_tokens=0, cached_tokens=0, completion_tokens=0)

    async def prefill(self, prompt: Prompt) -> None:
        """There is nothing to it."""


async def measure(engines: Engines, *, quick: bool) -> list[Result]:
    """Have every sentence said as a reply is, from its language to its clauses, and recognize it again."""
    pronouncer = Pronouncer()
    chain = Chain(
        hearing=Hearing(engines.recognizer, engines.detector),
        language_model=_Parrot(),
        synthesizer=engines.synthesizer,
        languages=LanguageIdentifier(),
        pronouncer=pronouncer,
    )
    errors: defaultdict[tuple[str, str], WordErrors] = defaultdict(WordErrors)
    making_s = speaking_s = 0.0
    for language, sentences in _sentences(engines.synthesizer.languages).items():
        voices = sorted(engines.synthesizer.voices) if language == "en" else _VOICES_BUT_ENGLISH
        for index, sentence in enumerate(sentences[:: 3 if quick else 1]):
            voice = voices[index % len(voices)]
            started = time.perf_counter()
            audio = await _say(chain, sentence, voice)
            making_s += time.perf_counter() - started
            speaking_s += audio.seconds
            heard = await _recognize(engines, audio, language)
            errors[language, voice] += word_errors(sentence, heard, language, pronouncer)
    speed = overall("synthesis / its length", "×", making_s / speaking_s, sum(each.words for each in errors.values()))
    return [*_results(errors), speed]


def _sentences(languages: frozenset[str]) -> Mapping[str, Sequence[str]]:
    """By language, those that there is a voice for."""
    every: dict[str, list[str]] = tomllib.loads(_SENTENCES.read_text(encoding="utf-8"))
    return {language: sentences for language, sentences in every.items() if language in languages}


async def _say(chain: Chain, text: str, voice: str) -> Pcm:
    request = ReplyRequest(conversation=[Turn(role="user", parts=(text,))], voice=Voice(name=voice))
    pieces = [event.audio async for event in chain.respond(request) if isinstance(event, AudioSpoken)]
    return Pcm.concatenate(pieces, chain.sample_rate)


async def _recognize(engines: Engines, audio: Pcm, language: str) -> str:
    return " ".join([segment.text async for segment in engines.recognizer.recognize(audio, language=language)])


def _results(errors: Mapping[tuple[str, str], WordErrors]) -> list[Result]:
    results: list[Result] = []
    for language in dict.fromkeys(language for language, _ in errors):
        by_voice = {voice: each for (spoken, voice), each in errors.items() if spoken == language}
        everything = sum(by_voice.values(), WordErrors())
        target = _ENGLISH_TARGET_PERCENT if language == "en" else None
        results.append(overall(f"{language}: word errors", "%", everything.percent, everything.words, target=target))
        results += [
            overall(f"{language}, {voice}: word errors", "%", each.percent, each.words)
            for voice, each in by_voice.items()
        ]
    return results
