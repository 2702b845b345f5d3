"""Recognition by Whisper on CTranslate2, in this process."""

from __future__ import annotations

import os
import re
import threading
from collections import deque
from collections.abc import AsyncGenerator, Collection, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from faster_whisper.transcribe import Word, pad_or_trim
from numpy.typing import NDArray

from antiphon.audio.level import at_usual_level
from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.spoken_language import likeliest
from antiphon.engines.embedded.synthesis.voices import LANGUAGES
from antiphon.engines.embedded.whisper_tokens import token_logprobs
from antiphon.engines.embedded.word_times import said_words
from antiphon.engines.embedded.worker_pool import Job, WorkerPool
from antiphon.engines.interfaces import (
    PLAIN_RECOGNITION,
    RecognitionDetails,
    RecognitionOptions,
    RecognizedSpeech,
    RecognizedWord,
)
from antiphon.hardening.fair_turns import FairTurns
from antiphon.vocabulary.logprobs import TokenLogprob

SAMPLE_RATE = 16_000

EncoderOutput: TypeAlias = Any
"""CTranslate2's tensor of encoded speech, which has no types."""

_WINDOWS = (800, 1_000, 1_500, 3_000)
"""How many mel frames (10 ms each) the encoder may be given. Whisper was trained on the last; the others cost a quarter
to a half as much, at the same word error rate as long as the speech leaves room."""

_WHOLE_WINDOW = _WINDOWS[-1] * SAMPLE_RATE // 100
"""In samples. In longer speech, Whisper has to output timestamps, to continue where it ended; in shorter speech they
would only take longer, and make it repeat itself more often."""

_ROOM = 150
"""Frames of silence to leave after the speech: a window cut tightly to the speech breaks recognition."""

_SILENT = 1e-3
"""The peak, -60 dBFS, up to which audio certainly is not speech."""
_LEADING_SILENCE = SAMPLE_RATE // 4
"""How many samples of silence Whisper hears before a recording's first sound. With more than a second of it, in a
shortened window, it kept repeating the same sentence."""

_BEAMS_BUT_ENGLISH = 5
"""How many hypotheses to follow in languages other than English, where a small model's first guess is often wrong: a
quarter fewer errors, for twice the time. In English, this gains nothing."""

_TEMPERATURES = (0.0, 0.4)
"""If the likeliest text repeats itself or is unlikely after all, it is sampled once more."""

_REPEATED = re.compile(r"\b(\w.{10,}?)\w* +\1\b|\b(\w+(?: \w+){0,3})(?: +\2\b){3,}|^(.+?)(?: +\3)+$")

_PHRASE_WORDS = 6
"""Hardly anybody repeats this many words in the same order within half a minute."""

_TOKENS_A_SECOND = 25
_ENGLISH_TOKENS_A_SECOND = 12
_FEWEST_TOKENS = 16
"""Nobody says more: anything beyond is invented, as Whisper does where speech is cut off, and takes seconds. Whisper
knows English words best; those of other languages take more tokens."""
_MOST_TOKENS = 220
"""What the longest prompt leaves of the decoder's context; this alone bounds longer utterances."""

_REMEMBERED = 8
_MARGIN_S = 0.05
"""Resampling changes the last samples if more follow."""


def _use_wide_vectors() -> None:
    """Make CTranslate2 use AVX-512, which it only does on request: it takes a twelfth less time. Processors that have
    it without Ice Lake's extensions slow down for it."""
    if "AVX512_ICL" in np.show_config(mode="dicts")["SIMD Extensions"]["found"]:
        os.environ.setdefault("CT2_FORCE_CPU_ISA", "AVX512")


class Whisper:
    """A `Recognizer`: any CTranslate2 Whisper folder, such as one converted for faster-whisper.

    `workers` utterances are recognized at a time, each by one thread: the small matrices of a token gain nothing from a
    second thread, and lose a third of their speed if that thread has other work as well.

    Quiet speech is raised to the usual level first. Whisper expects the levels of its training data: tightly cut speech
    that peaks at -38 dBFS comes out with twice the errors, often as one syllable said twice.
    """

    def __init__(
        self,
        folder: Path,
        *,
        workers: int,
        max_waiting: int,
        likely_languages: Set[str] = LANGUAGES,
        device: str = "cpu",
        pool: WorkerPool | None = None,
    ) -> None:
        """`likely_languages` (ISO 639-1) are those to consider first: by default, those that can be spoken. `device` is
        "cpu" or "cuda". `pool`, by default its own, has the `workers` and what may wait for them."""
        _use_wide_vectors()
        self._model = _WindowedWhisper(
            str(folder),
            device=device,
            compute_type="int8" if device == "cpu" else "auto",  # The fastest that the GPU knows.
            cpu_threads=1,
            num_workers=workers,
        )
        self._workers = pool or WorkerPool("whisper", workers=workers, max_waiting=max_waiting)
        self._likely_languages = likely_languages
        self._beginnings: deque[_Beginning] = deque(maxlen=_REMEMBERED)

    @property
    def turns(self) -> FairTurns:
        """Where its work waits."""
        return self._workers.turns

    async def warm_up(self) -> None:
        """Recognize a second of silence, so that the first utterance meets a model that has run."""
        async for _ in self.recognize(Pcm.silence(1.0, SAMPLE_RATE), language="en"):
            pass

    def recognize(
        self,
        utterance: Pcm,
        *,
        language: str | None = None,
        expected_language: str | None = None,
        prompt: str = "",
        options: RecognitionOptions = PLAIN_RECOGNITION,
    ) -> AsyncGenerator[RecognizedSpeech]:
        """Yield the utterance's text, a segment at a time; a short transcription is one segment."""
        is_translation = options.task == "translate"
        if is_translation:
            options = replace(options, words=False, logprobs=False)  # Its words were never said.

        def work(job: Job[RecognizedSpeech]) -> None:
            whole = utterance.resample(SAMPLE_RATE)
            audible = at_usual_level(whole).samples
            begin = _begin(audible)
            samples, begin_ms = audible[begin:], 1000 * begin // SAMPLE_RATE
            spoken, is_certain = (
                (language, True)
                if language
                else self._language_of(whole.samples, samples, expected_language, options.languages)
            )
            tokens_a_second = _ENGLISH_TOKENS_A_SECOND if spoken == "en" else _TOKENS_A_SECOND
            is_one_segment = len(samples) <= _WHOLE_WINDOW and not is_translation
            most_tokens = _FEWEST_TOKENS + tokens_a_second * len(samples) // SAMPLE_RATE
            segments, info = self._model.transcribe(
                samples,
                language=spoken,
                initial_prompt=prompt or None,
                beam_size=1 if spoken == "en" else _BEAMS_BUT_ENGLISH,
                task=options.task,
                temperature=options.temperature or _TEMPERATURES,
                word_timestamps=options.words,
                max_new_tokens=most_tokens if most_tokens <= _MOST_TOKENS else None,
                condition_on_previous_text=False,
                without_timestamps=is_one_segment,
            )
            for segment in segments:
                if job.cancelled:
                    return
                job.emit(
                    RecognizedSpeech(
                        text=segment.text.strip(),
                        language=info.language,
                        language_is_certain=is_certain,
                        start_ms=begin_ms + round(segment.start * 1000),
                        end_ms=begin_ms + round(segment.end * 1000),
                        no_speech_probability=segment.no_speech_prob,
                        words=_words(segment.words or (), begin_ms),
                        logprobs=self._model.logprobs(segment.tokens, spoken) if options.logprobs else (),
                        details=RecognitionDetails(
                            token_ids=tuple(segment.tokens),
                            mean_logprob=segment.avg_logprob,
                            compression_ratio=segment.compression_ratio,
                            temperature=segment.temperature or 0.0,
                        ),
                    )
                )
                if is_one_segment:  # With words' times, the silence after the last would be recognized again.
                    return

        return self._workers.stream(work)

    async def align(self, audio: Pcm, text: str, *, language: str) -> Sequence[RecognizedWord]:
        """See `WordAligner.align`."""

        def work() -> Sequence[RecognizedWord]:
            samples = at_usual_level(audio.resample(SAMPLE_RATE)).samples
            if len(samples) > _WHOLE_WINDOW:
                return ()
            aligned = _words(self._model.words_in(samples, text, language), 0)
            return said_words(aligned, samples, sample_rate=SAMPLE_RATE)

        return await self._workers.run(work)

    def _language_of(
        self,
        whole: NDArray[np.float32],
        samples: NDArray[np.float32],
        expected: str | None,
        languages: Collection[str],
    ) -> tuple[str, bool]:
        """The language of `whole`, of which `samples` are heard, and whether it is certain, as it is if part of the
        same utterance was heard a moment ago. It is one of `languages`, if there are any."""
        for beginning in tuple(self._beginnings):  # Other threads append to it.
            if beginning.is_of(whole) and (not languages or beginning.language in languages):
                return beginning.language, True
        _, _, probabilities = self._model.detect_language(samples)
        language, is_certain = likeliest(
            dict(probabilities),
            seconds=len(samples) / SAMPLE_RATE,
            likely=self._likely_languages,
            expected=expected,
            possible=languages,
        )
        if is_certain:
            self._beginnings.appendleft(_Beginning(whole[: -round(_MARGIN_S * SAMPLE_RATE)], language))
        return language, is_certain


def _words(words: Iterable[Word], begin_ms: int) -> Sequence[RecognizedWord]:
    return [
        RecognizedWord(
            text=word.word,
            start_ms=begin_ms + round(word.start * 1000),
            end_ms=begin_ms + round(word.end * 1000),
            probability=word.probability,
        )
        for word in words
    ]


@dataclass(frozen=True, slots=True)
class _Beginning:
    """The part of an utterance heard so far, and its language."""

    samples: NDArray[np.float32]
    language: str

    def is_of(self, samples: NDArray[np.float32]) -> bool:
        length = len(self.samples)
        return 0 < length <= len(samples) and np.array_equal(self.samples, samples[:length])


def _begin(samples: NDArray[np.float32]) -> int:
    """The first sample of a recording worth hearing."""
    sounding = np.abs(samples) > _SILENT
    return max(0, int(sounding.argmax()) - _LEADING_SILENCE) if sounding.any() else 0


class _Latest(threading.local):
    """The features that this thread encoded last, with and without padding, and the result."""

    features: NDArray[np.float32] | None = None
    content: NDArray[np.float32] | None = None
    encoded: EncoderOutput = None


class _WindowedWhisper(WhisperModel):
    """A Whisper that encodes no more silence than it needs, and never encodes the same features twice in a row."""

    def __init__(self, folder: str, **options: Any) -> None:
        super().__init__(folder, **options)
        self._latest = _Latest()

    def encode(self, features: NDArray[np.float32]) -> EncoderOutput:
        """Encode log-mel `features`, shape (mel bins, frames), zero-padded on the right."""
        content = features[..., : _content_frames(features)]
        latest = self._latest
        if latest.content is None or not _is_all_but_last_frame(content, latest.content):
            latest.encoded = super().encode(features[..., : _window(content.shape[-1])])
            latest.features, latest.content = features, content
        return latest.encoded

    def generate_with_fallback(
        self, encoder_output: EncoderOutput, prompt: list[int], tokenizer: Any, options: Any
    ) -> tuple[Any, float, float, float]:
        """Do as faster-whisper does, but try again if Whisper repeats itself, as it sometimes does in a shortened
        window and hardly ever in a whole one."""
        generated = super().generate_with_fallback(encoder_output, prompt, tokenizer, options)
        latest = self._latest
        if latest.features is None or latest.content is None:
            return generated
        for window in _wider(_window(latest.content.shape[-1])):
            if not says_twice(tokenizer.decode(generated[0].sequences_ids[0])):
                break
            encoded = super().encode(latest.features[..., :window])
            generated = super().generate_with_fallback(encoded, prompt, tokenizer, options)
        return generated

    def words_in(self, samples: NDArray[np.float32], text: str, language: str) -> Sequence[Word]:
        """When each word of a text is said, in `samples` that say nothing else."""
        tokenizer = Tokenizer(self.hf_tokenizer, self.model.is_multilingual, task="transcribe", language=language)
        tokens: Any = [tokenizer.encode(f" {' '.join(text.split())}")[:_MOST_TOKENS]]
        encoded = self.encode(pad_or_trim(self.feature_extractor(samples)[..., : _WINDOWS[-1]]))
        content = self._latest.content
        if not text.strip() or content is None:
            return ()
        (found,) = self.find_alignment(tokenizer, tokens, encoded, content.shape[-1])
        return [Word(each["start"], each["end"], each["word"], float(each["probability"])) for each in found]

    def logprobs(self, tokens: Sequence[int], language: str) -> Sequence[TokenLogprob]:
        """How likely the tokens are in what this thread has encoded last."""
        tokenizer = Tokenizer(self.hf_tokenizer, self.model.is_multilingual, task="transcribe", language=language)
        written = [token for token in tokens if token < tokenizer.eot]
        latest = self._latest
        if not written or latest.content is None:
            return ()
        frames = min(latest.content.shape[-1], _WINDOWS[-1])
        (aligned,) = self.model.align(latest.encoded, tokenizer.sot_sequence, [written], frames)
        return token_logprobs(self.hf_tokenizer, written, aligned.text_token_probs)


def _content_frames(features: NDArray[np.float32]) -> int:
    sounding = np.flatnonzero(features.any(axis=0))
    return int(sounding[-1]) + 1 if len(sounding) else 0


def _is_all_but_last_frame(content: NDArray[np.float32], whole: NDArray[np.float32]) -> bool:
    """Whether `content` is `whole` with or without its last frame: faster-whisper detects the language with that frame
    and recognizes without it."""
    frames = content.shape[-1]
    return 0 <= whole.shape[-1] - frames <= 1 and np.array_equal(content, whole[..., :frames])


def says_twice(text: str) -> bool:
    """Whether the text says a phrase twice in a row, the second time perhaps without the end of its last word, or a few
    words four times, or consists only of something said twice or more, mostly a single word. Or whether it returns to a
    sequence of several words that it has already said."""
    plain = re.sub(r"[^\w' ]", "", text.lower()).strip()
    words = plain.split()
    phrases = [tuple(words[begin : begin + _PHRASE_WORDS]) for begin in range(len(words) - _PHRASE_WORDS + 1)]
    return len(set(phrases)) < len(phrases) or _REPEATED.search(plain) is not None


def _window(content_frames: int) -> int:
    """The smallest window, in frames, that holds the content and leaves room after it."""
    return next((window for window in _WINDOWS if window >= content_frames + _ROOM), _WINDOWS[-1])


def _wider(window: int) -> Sequence[int]:
    """The windows to try again in if Whisper repeats itself in this one: the next, which nearly always helps and takes
    a fifth of the time, and a whole one."""
    wider = [each for each in _WINDOWS if each > window]
    return [each for each in wider if each in (wider[0], wider[-1])]
