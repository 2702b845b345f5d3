"""The area: who takes turns how well, by every way of detecting them, and what breaks off a reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from antiphon.audio.pcm import Pcm
from antiphon.compose.profiles import Engines
from antiphon.realtime.configuration import AudioFormat, SemanticVad, ServerVad, TurnDetection
from bench.realtime.speech import SAMPLE_RATE, room_noise
from bench.results import Result, median_of, overall
from bench.turn_taking import recordings
from bench.turn_taking.ears import Ears
from bench.turn_taking.recordings import Sentence
from bench.turn_taking.replay import Heard, Reply, replay

_DETECTIONS: Mapping[str, TurnDetection] = {
    "server 200 ms": ServerVad(silence_duration_ms=200),
    "server 500 ms": ServerVad(silence_duration_ms=500),
    "semantic high": SemanticVad(eagerness="high"),
    "semantic auto": SemanticVad(eagerness="auto"),
    "semantic medium": SemanticVad(eagerness="medium"),
    "semantic low": SemanticVad(eagerness="low"),
}
_INTERRUPTED = ("server 200 ms", "semantic auto")
"""Only by these is it measured what breaks off a reply: the lengths of silence make no difference."""
_FORMATS = {"24 kHz": AudioFormat.PCM16, "8 kHz": AudioFormat.G711_ULAW}
_BEFORE_S = 0.4
_AFTER_S = 9.0
"""Longer than any silence that ends a turn."""
_PAUSE_TARGET_PERCENT = 5.0
_ANSWER_TARGET_S = 0.45
_TEXT = (
    "A lighthouse is a tower with a bright light at the top, built on the coast to guide ships at night. The first "
    "ones were fires on hills, and later ones burned oil behind great lenses of glass that could be seen from far away."
)
_ECHOES_DB = (-20, -30, -40)


async def measure(engines: Engines, *, quick: bool) -> list[Result]:
    """Pass all recordings through every way of detecting turns, or every second one. Raises `NoRecordings`."""
    step = 2 if quick else 1
    ears = Ears(engines)
    sentences, noises = recordings.sentences()[::step], recordings.noises()[::step]
    found: list[Result] = []
    for rate, audio_format in _FORMATS.items():
        for name, detection in _DETECTIONS.items():
            if rate == "24 kHz" or name in ("server 500 ms", "semantic auto"):
                taken = await _take_turns(ears, sentences, detection, audio_format)
                found += _of_turns(f"{name}, {rate}", taken, is_aimed_at=name == "semantic auto")
        for name in _INTERRUPTED:
            heard = [await replay(ears, _in_a_room(each.audio, 0.4), detection=_DETECTIONS[name]) for each in noises]
            found.append(_false_starts(f"{name}, {rate}", noises, heard))
    reply = Reply(text=_TEXT, audio=await recordings.spoken_reply(engines.synthesizer, _TEXT))
    said = {
        "assent": await recordings.assent(engines.synthesizer),
        "coughs, sneezes and laughs": recordings.coughs(),
        **{f"the reply's own echo at {level} dB": _echo(reply, level) for level in _ECHOES_DB},
    }
    for name in _INTERRUPTED:
        for kind, clips in said.items():
            found.append(await _broken_off(f"{name}: replies broken off by {kind}", ears, clips, name, reply))
        meant = [*recordings.short_answers(), *(each for each in sentences if "assistant" in each.name)]
        found += await _interrupted(name, ears, meant[::step], reply)
    return found


@dataclass(frozen=True, slots=True)
class _Taken:
    """How a sentence was heard. Times count from its first sample."""

    sentence: Sentence
    early_ms: Sequence[float]
    """When it was taken for over before its end."""
    answered_s: float | None
    """After its last sample; None if the turn never ended."""

    @property
    def pauses_taken(self) -> int:
        return sum(any(start <= at <= end for at in self.early_ms) for start, end in self.sentence.pauses_ms)


async def _take_turns(
    ears: Ears, sentences: Sequence[Sentence], detection: TurnDetection, audio_format: AudioFormat
) -> Sequence[_Taken]:
    taken: list[_Taken] = []
    for sentence in sentences:
        audio = _in_a_room(sentence.audio, _AFTER_S)
        heard = await replay(ears, audio, detection=detection, audio_format=audio_format)
        ends_ms = 1000 * sentence.audio.seconds
        stopped_ms = [at - 1000 * _BEFORE_S for at in heard.stopped_ms]
        late_ms = [at for at in stopped_ms if at > ends_ms]
        answered_s = (late_ms[0] - ends_ms) / 1000 if late_ms else None
        taken.append(_Taken(sentence, [at for at in stopped_ms if at <= ends_ms], answered_s))
    return taken


def _of_turns(name: str, taken: Sequence[_Taken], *, is_aimed_at: bool) -> list[Result]:
    pauses = sum(len(each.sentence.pauses_ms) for each in taken)
    pauses_taken = sum(each.pauses_taken for each in taken)
    cut_off = sum(bool(each.early_ms) for each in taken)
    answered_s = [each.answered_s for each in taken if each.answered_s is not None]
    return [
        overall(
            f"{name}: pauses taken for the end",
            "%",
            100 * pauses_taken / pauses,
            pauses,
            target=_PAUSE_TARGET_PERCENT if is_aimed_at else None,
        ),
        overall(f"{name}: sentences cut off", "%", 100 * cut_off / len(taken), len(taken)),
        median_of(
            f"{name}: last sample to the turn's end",
            "s",
            answered_s,
            target=_ANSWER_TARGET_S if is_aimed_at else None,
        ),
    ]


def _false_starts(name: str, noises: Sequence[Sentence], heard: Sequence[Heard]) -> Result:
    minutes = sum(noise.audio.seconds for noise in noises) / 60
    starts = sum(len(each.started_ms) for each in heard)
    return overall(f"{name}: turns begun by noise", "/min", starts / minutes, len(noises))


async def _broken_off(name: str, ears: Ears, clips: Sequence[Sentence], detection: str, reply: Reply) -> Result:
    heard = [
        await replay(ears, _in_a_room(clip.audio, 2.0), detection=_DETECTIONS[detection], reply=reply) for clip in clips
    ]
    return overall(name, "%", 100 * sum(bool(each.broken_off_ms) for each in heard) / len(heard), len(heard))


async def _interrupted(name: str, ears: Ears, clips: Sequence[Sentence], reply: Reply) -> list[Result]:
    """How soon somebody who means to interrupt is noticed."""
    noticed_s: list[float] = []
    for clip in clips:
        heard = await replay(ears, _in_a_room(clip.audio, 2.0), detection=_DETECTIONS[name], reply=reply)
        noticed_s += [at / 1000 - _BEFORE_S for at in heard.broken_off_ms[:1]]
    missed = len(clips) - len(noticed_s)
    return [
        overall(f"{name}: interruptions missed", "%", 100 * missed / len(clips), len(clips)),
        *([median_of(f"{name}: first sample to interruption", "s", noticed_s)] if noticed_s else []),
    ]


def _echo(reply: Reply, level_db: int) -> Sequence[Sentence]:
    """What a microphone beside the loudspeaker hears, four seconds at a time."""
    samples = reply.audio.samples * 10 ** (level_db / 20)
    length = 4 * SAMPLE_RATE
    parts = [samples[start : start + length] for start in range(0, len(samples), length)]
    return [Sentence(name="echo", audio=Pcm(part, SAMPLE_RATE)) for part in parts]


def _in_a_room(audio: Pcm, seconds_after: float) -> Pcm:
    """With the noise of a quiet room around it, the same each time."""
    before, after = room_noise(_BEFORE_S, seed=1), room_noise(seconds_after, seed=2)
    return Pcm.concatenate([before, audio, after], SAMPLE_RATE)
