"""A whole conversation by voice, event by event, in both dialects: what clients have been built to expect.

Recorded speech goes through the real voice activity detector; what is heard and what is answered is scripted, by the
clock of the audio, so that nothing depends on how fast the machine is. The traces are in `golden/`; with
`GOLDEN=write` in the environment they are written anew, to be compared by eye with the documented order.
"""

from __future__ import annotations

import base64
import difflib
import heapq
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from antiphon.api.realtime.wire_audio import to_pcm
from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.silero.engine import Silero
from antiphon.realtime.commands import (
    CancelReply,
    CountUsage,
    DetectSpeech,
    Output,
    Prefill,
    RestartDetection,
    StartReply,
    Transcribe,
)
from antiphon.realtime.configuration import Configuration
from antiphon.realtime.dialects.beta import Beta
from antiphon.realtime.dialects.dialect import JsonDialect
from antiphon.realtime.dialects.ga import Ga
from antiphon.realtime.dialects.session_identity import SessionIdentity
from antiphon.realtime.events import RateLimit
from antiphon.realtime.inputs import (
    Input,
    RatesChanged,
    ReplyAudio,
    ReplyFinished,
    ReplyTranscript,
    TimePassed,
    Transcribed,
)
from antiphon.realtime.items import MessageItem
from antiphon.realtime.session import Session
from antiphon.vocabulary.speech import SpeechProbability
from antiphon.vocabulary.usage import Usage

from ..conftest import SpeechClip
from ..speech import read_flac

pytestmark = [pytest.mark.models, pytest.mark.anyio]

GOLDEN = Path(__file__).with_name("golden")

SAMPLE_RATE = 24_000
APPEND_MS = 40
TICK_MS = 200
TRANSCRIPTION_MS = 400
"""How long it takes to transcribe what was said."""
REPLY_MS = 200
"""How long it takes to the first of a reply, and from each piece of it to the next."""

TURNS = ("sense_and_sensibility_01_austen_64kb-0880", "sense_and_sensibility_01_austen_64kb-0930")
INTERRUPTION = "librispeech/27-124992-0065"
REPLIES: Sequence[Sequence[str]] = (
    ("That is good", " to hear."),
    ("Once", " upon", " a time", " there", " was", " a dog", " that", " travelled", " around", " the", " world", "."),
    ("Let us", " go."),
)
"""By the turn that they answer; each piece is said in 200 ms."""

FIELDS = (
    "item_id",
    "previous_item_id",
    "response_id",
    "audio_start_ms",
    "audio_end_ms",
    "transcript",
    "item.id",
    "item.role",
    "item.status",
    "item.content",
    "part",
    "response.id",
    "response.status",
    "response.status_details",
    "response.output",
    "delta",
)
"""What is told of each event beside its type."""

SESSIONS: dict[str, Any] = {
    "beta": {
        "turn_detection": {"type": "server_vad", "silence_duration_ms": 500},
        "input_audio_transcription": {"model": "whisper-1"},
    },
    "ga": {
        "type": "realtime",
        "audio": {
            "input": {
                "turn_detection": {"type": "server_vad", "silence_duration_ms": 500},
                "transcription": {"model": "whisper-1"},
            }
        },
    },
}
RATE_LIMITS = (RateLimit(name="tokens", limit=10_000, remaining=9_000, reset_seconds=30.0),)
DIALECTS: dict[str, type[JsonDialect]] = {"beta": Beta, "ga": Ga}


class Conversation:
    """A session with its engines, all of which go by how much audio has been appended."""

    def __init__(self, dialect: type[JsonDialect], detector: Silero, heard: Sequence[str]) -> None:
        numbers: dict[str, Iterator[int]] = {}
        identity = SessionIdentity(id="sess_1", model="gpt-4o-realtime-preview", expires_at=0)

        def new_id(kind: str) -> str:
            return f"{kind}_{next(numbers.setdefault(kind, count(1)))}"

        self._session = Session(
            Configuration(model="gpt-4o-realtime-preview"),
            new_id=new_id,
            max_ms=30 * 60_000,
        )
        self._dialect = dialect(identity, new_id, frozenset({"alloy"}))
        self._detector = detector
        self._listener = detector.listen()
        self._heard = iter(heard)
        self._now_ms = 0
        self._due: list[tuple[int, int, Input]] = []
        """What engines will have found, by when."""
        self._order = count()
        self.lines: list[str] = []
        self._names: dict[str, str] = {}
        self._named: Counter[str] = Counter()
        self.last: dict[str, dict[str, Any]] = {}
        """The last event of each type."""

    async def open(self) -> None:
        await self._carry_out(self._session.open())

    async def send(self, type_: str, **fields: Any) -> None:
        if type_ != "input_audio_buffer.append":
            self._write(f"> {type_}", fields)
        frame = json.dumps({"type": type_, **fields})
        await self._carry_out(self._session.receive(self._dialect.read(frame)))

    async def say(self, audio: Pcm) -> None:
        data = audio.resample(SAMPLE_RATE).to_int16()
        size = APPEND_MS * SAMPLE_RATE // 1000 * 2
        for start in range(0, len(data), size):
            chunk = data[start : start + size].ljust(size, b"\0")
            await self.send("input_audio_buffer.append", audio=base64.b64encode(chunk).decode())
            await self._pass_time()

    async def fall_silent(self, milliseconds: int) -> None:
        await self.say(Pcm.silence(milliseconds / 1000, SAMPLE_RATE))

    async def _pass_time(self) -> None:
        self._now_ms += APPEND_MS
        while self._due and self._due[0][0] <= self._now_ms:
            await self._carry_out(self._session.receive(heapq.heappop(self._due)[2]))
        if self._now_ms % TICK_MS == 0:
            await self._carry_out(self._session.receive(TimePassed(now_ms=self._now_ms)))

    async def _carry_out(self, outputs: Sequence[Output]) -> None:
        for output in outputs:
            match output:
                case DetectSpeech():
                    for frame in await self._listener.hear(to_pcm(output.audio, output.format)):
                        found = SpeechProbability(
                            probability=frame.probability, level_dbfs=frame.level_dbfs, end_ms=frame.end_ms
                        )
                        await self._carry_out(self._session.receive(found))
                case RestartDetection():
                    raise AssertionError("The session listens from its first sample to its last.")
                case Transcribe():
                    transcribed = Transcribed(item_id=output.item_id, transcript=next(self._heard), seconds=1.0)
                    self._will_find(TRANSCRIPTION_MS, transcribed)
                case StartReply():
                    self._reply(output)
                case CancelReply():
                    self._due = [due for due in self._due if getattr(due[2], "generation", None) != output.generation]
                    heapq.heapify(self._due)
                case CountUsage():
                    await self._carry_out(self._session.receive(RatesChanged(limits=RATE_LIMITS)))
                case Prefill():
                    pass
                case _:
                    self._tell(output)

    def _will_find(self, after_ms: int, found: Input) -> None:
        heapq.heappush(self._due, (self._now_ms + after_ms, next(self._order), found))

    def _reply(self, command: StartReply) -> None:
        generation = command.generation
        said = [item for item in command.conversation if isinstance(item, MessageItem) and item.role == "user"]
        after_ms = 0
        for text in REPLIES[len(said) - 1]:
            after_ms += REPLY_MS
            self._will_find(after_ms, ReplyTranscript(generation=generation, text=text))
            self._will_find(after_ms, ReplyAudio(generation=generation, audio=bytes(REPLY_MS * 48)))
        usage = Usage(input_text_tokens=5, output_text_tokens=3)
        self._will_find(after_ms, ReplyFinished(generation=generation, reason="stop", usage=usage))

    # --- the trace ---------------------------------------------------------------------------------------------------

    def _tell(self, output: Any) -> None:
        frame = self._dialect.write(output)
        if frame is not None:
            event = json.loads(frame)
            self.last[event["type"]] = event
            self._write(event["type"], event)

    def _write(self, name: str, event: dict[str, Any]) -> None:
        told = [f"{path}={value}" for path in FIELDS if (value := self._value(event, path)) is not None]
        self.lines.append(" ".join((name, *told)))

    def _value(self, event: Any, path: str) -> str | None:
        """A field as it is told; None where there is none."""
        for key in path.split("."):
            if not isinstance(event, dict) or key not in event:
                return None
            event = event[key]
        if path == "delta" and re.fullmatch(r"[A-Za-z0-9+/]{64,}=*", event):
            return f"<{len(base64.b64decode(event))} bytes>"
        if path == "response.output":
            event = [item["id"] for item in event]
        text = json.dumps(event, separators=(",", ":"))
        return re.sub(r'"((item|resp)_\d+)"', lambda found: self._rename(found[1], found[2]), text)

    def _rename(self, id_: str, kind: str) -> str:
        """Ids by the order in which the client learns of them: some are made for what is thrown away."""
        if id_ not in self._names:
            self._named[kind] += 1
            name = {"item": "item", "resp": "response"}[kind]
            self._names[id_] = f"{name}_{self._named[kind]}"
        return self._names[id_]


async def trace(dialect: str, detector: Silero, clips: dict[str, SpeechClip]) -> list[str]:
    """Three turns, of which the third interrupts the reply to the second."""
    turns = [clips[f"pocketsphinx/{name}.flac"] for name in TURNS] + [clips[f"{INTERRUPTION}.flac"]]
    conversation = Conversation(DIALECTS[dialect], detector, [turn.transcript for turn in turns])
    await conversation.open()
    await conversation.send("session.update", session=SESSIONS[dialect])
    first, second, third = (read_flac(turn.path) for turn in turns)
    await conversation.say(first)
    await conversation.fall_silent(1_600)
    await conversation.say(second)
    await conversation.fall_silent(700)
    await conversation.say(third)
    interrupted = conversation.last["response.done"]["response"]["output"][0]["id"]
    await conversation.send("conversation.item.truncate", item_id=interrupted, content_index=0, audio_end_ms=300)
    await conversation.fall_silent(1_600)
    return conversation.lines


@pytest.fixture(scope="module")
def detector(model_path: Callable[[str], Path]) -> Silero:
    return Silero(model_path("silero-vad") / "silero_vad.onnx", max_waiting=4)


@pytest.mark.parametrize("dialect", ["beta", "ga"])
async def test_a_conversation_goes_as_documented(dialect: str, detector: Silero, speech_clips: dict[str, SpeechClip]):
    lines = await trace(dialect, detector, speech_clips)
    golden = GOLDEN / f"{dialect}.txt"
    if os.environ.get("GOLDEN") == "write":
        golden.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    expected = golden.read_text(encoding="utf-8").splitlines()
    assert lines == expected, "\n".join(difflib.unified_diff(expected, lines, "golden", "now", lineterm=""))
