"""Loudness as audiobooks have it: every voice equally loud, peaks below a ceiling, room tone between and at the ends.

ACX ("Audio Submission Requirements") asks of each chapter: RMS of -23 to -18 dB, peaks below -3 dB, noise below -60 dB,
0.5 to 1 s of room tone before it and 1 to 5 s after it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from antiphon.audio.limiting import limited
from antiphon.audio.pcm import Pcm

LEAD_SECONDS = 0.75
TAIL_SECONDS = 2.0

_WHOLE_RMS = 10 ** (-20.0 / 20)
_GREATEST_SPEECH_RMS = 10 ** (-16.5 / 20)
"""A chapter that is mostly room tone, such as a title, is not made louder than this."""
_CEILING = 10 ** (-5.0 / 20)
"""Leaves room for what lossy encoding adds to peaks."""
_ROOM_TONE_RMS = 10 ** (-72.0 / 20)
_GREATEST_GAIN = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A stretch of a chapter's raw audio; with `voice` None, a pause."""

    voice: str | None
    audio: Pcm


@dataclass(slots=True)
class Loudness:
    """Measures a chapter's passages, one by one."""

    energy: dict[str, float] = field(default_factory=dict[str, float])
    spoken: dict[str, int] = field(default_factory=dict[str, int])
    """Samples, by voice."""
    samples: int = 0

    def measure(self, passage: Passage) -> None:
        self.samples += len(passage.audio.samples)
        if passage.voice is not None:
            power = np.square(passage.audio.samples, dtype=np.float64).sum()
            self.energy[passage.voice] = self.energy.get(passage.voice, 0.0) + float(power)
            self.spoken[passage.voice] = self.spoken.get(passage.voice, 0) + len(passage.audio.samples)

    def gains(self, sample_rate: int) -> Mapping[str, float]:
        """What each voice is multiplied by."""
        speech = sum(self.spoken.values())
        whole = self.samples + round((LEAD_SECONDS + TAIL_SECONDS) * sample_rate)
        wanted = min(_WHOLE_RMS * math.sqrt(whole / max(speech, 1)), _GREATEST_SPEECH_RMS)
        return {
            voice: min(wanted / math.sqrt(energy / self.spoken[voice]), _GREATEST_GAIN) if energy else 1.0
            for voice, energy in self.energy.items()
        }


def mastered(passages: Iterable[Passage], gains: Mapping[str, float], *, sample_rate: int, seed: int) -> Iterator[Pcm]:
    """A chapter as it is heard, little by little: `LEAD_SECONDS` of room tone, the passages, `TAIL_SECONDS`."""
    noise = np.random.default_rng(seed)

    def in_room(audio: Pcm) -> Pcm:
        tone = noise.standard_normal(len(audio.samples), np.float32)
        return Pcm((audio.samples + tone * _ROOM_TONE_RMS).astype(np.float32), sample_rate)

    yield in_room(Pcm.silence(LEAD_SECONDS, sample_rate))
    for passage in passages:
        audio = passage.audio
        if passage.voice is not None:
            audio = limited(Pcm(audio.samples * np.float32(gains[passage.voice]), sample_rate), _CEILING)
        yield in_room(audio)
    yield in_room(Pcm.silence(TAIL_SECONDS, sample_rate))


def lead_samples(sample_rate: int) -> int:
    """How many samples come before a chapter's first sentence."""
    return len(Pcm.silence(LEAD_SECONDS, sample_rate).samples)


def rms_dbfs(parts: Sequence[Pcm]) -> float:
    """The root mean square of the whole, in dB below full scale."""
    energy = sum(float(np.square(part.samples, dtype=np.float64).sum()) for part in parts)
    return 10 * math.log10(max(energy / max(sum(len(part.samples) for part in parts), 1), 1e-12))
