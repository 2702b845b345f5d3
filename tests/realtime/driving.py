"""A session driven by hand: what engines and clients would send, and what it says to that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, TypeVar

from antiphon.realtime.commands import Output, StartReply
from antiphon.realtime.configuration import Configuration, SessionChanges
from antiphon.realtime.events import Error, ErrorReported, OutputItemDone
from antiphon.realtime.inputs import (
    AppendAudio,
    ClientCommand,
    CreateItem,
    CreateResponse,
    Input,
    ReplyAudio,
    ReplyFailed,
    ReplyFinished,
    ReplyHeard,
    ReplyText,
    ReplyToolCall,
    ReplyToolCallEnded,
    ReplyTranscript,
)
from antiphon.realtime.items import MessageItem, Text
from antiphon.realtime.session import Session
from antiphon.vocabulary.speech import SpeechProbability
from antiphon.vocabulary.usage import Usage

T = TypeVar("T")

FRAME_MS = 32
BYTES_A_MS = 48
USAGE = Usage(input_text_tokens=5, output_text_tokens=3, output_audio_tokens=20)

ANSWER = (("Good day,", 600), (" to you.", 400))
MESSAGE = ["OutputItemAdded", "ItemAdded", "PartAdded"]
SPOKEN = ["TranscriptDelta", "AudioDelta"]
MESSAGE_DONE = ["AudioDone", "TranscriptDone", "PartDone", "OutputItemDone", "ItemDone"]
RESPONSE_DONE = ["ResponseDone"]
COMMITTED = ["AudioCommitted", "ItemAdded", "ItemDone"]


def ids() -> Iterator[str]:
    return (str(number) for number in count(1))


class Driver:
    """Feeds a session and keeps all that came out of it."""

    def __init__(self, **configuration: Any) -> None:
        numbers = ids()
        self.session = Session(
            replace(Configuration(model="gpt-4o-realtime-preview"), **SessionChanges(**configuration)),
            new_id=lambda kind: f"{kind}_{next(numbers)}",
            max_ms=30 * 60_000,
        )
        self.outputs: list[Output] = self.session.open()
        self.heard_ms = 0

    def send(self, received: Input) -> list[Output]:
        outputs = self.session.receive(received)
        self.outputs += outputs
        return outputs

    def hear(self, milliseconds: int, probability: float, *, level_dbfs: float = -20.0) -> list[Output]:
        """Append audio, and have the detector say of each frame how likely it is speech, and how loud."""
        outputs: list[Output] = []
        for _ in range(milliseconds // FRAME_MS):
            self.heard_ms += FRAME_MS
            outputs += self.send(AppendAudio(audio=bytes(FRAME_MS * BYTES_A_MS)))
            outputs += self.send(
                SpeechProbability(probability=probability, level_dbfs=level_dbfs, end_ms=self.heard_ms)
            )
        return outputs

    def speak(self, milliseconds: int = 960) -> list[Output]:
        return self.hear(milliseconds, 0.9)

    def fall_silent(self, milliseconds: int = 320) -> list[Output]:
        return self.hear(milliseconds, 0.0)

    def write(self, text: str = "Hello.") -> list[Output]:
        """Add a message of the user."""
        return self.send(CreateItem(item=MessageItem(id="", role="user", parts=(Text(text=text),))))

    def ask(self, text: str = "Hello.", **options: Any) -> int:
        """Add a message, ask for a response, and return its generation."""
        self.write(text)
        return started(self.send(CreateResponse(**options))).generation

    def say(self, generation: int, *clauses: tuple[str, int]) -> list[Output]:
        """Have a reply say clauses of so many milliseconds."""
        outputs: list[Output] = []
        for text, milliseconds in clauses:
            outputs += self.send(ReplyTranscript(generation=generation, text=text))
            outputs += self.send(ReplyAudio(generation=generation, audio=bytes(milliseconds * BYTES_A_MS)))
        return outputs

    def heard(self, generation: int, transcript: str) -> list[Output]:
        return self.send(ReplyHeard(generation=generation, transcript=transcript))

    def text(self, generation: int, text: str) -> list[Output]:
        return self.send(ReplyText(generation=generation, text=text))

    def call(self, generation: int, index: int, name: str, *arguments: str) -> list[Output]:
        outputs = self.send(ReplyToolCall(generation=generation, index=index, name=name))
        for piece in arguments:
            outputs += self.send(ReplyToolCall(generation=generation, index=index, arguments=piece))
        return outputs

    def end_call(self, generation: int) -> list[Output]:
        return self.send(ReplyToolCallEnded(generation=generation))

    def finish(self, generation: int, reason: Any = "stop") -> list[Output]:
        return self.send(ReplyFinished(generation=generation, reason=reason, usage=USAGE))

    def fail(self, generation: int) -> list[Output]:
        return self.send(ReplyFailed(generation=generation, error=Error(type="server_error", message="Broken.")))


def only(outputs: Sequence[Output], kind: type[T]) -> T:
    """The one output of a kind."""
    (found,) = each(outputs, kind)
    return found


def each(outputs: Sequence[Output], kind: type[T]) -> list[T]:
    return [output for output in outputs if isinstance(output, kind)]


def started(outputs: Sequence[Output]) -> StartReply:
    return only(outputs, StartReply)


def names(outputs: Sequence[Output]) -> list[str]:
    """What came out, by kind; commands to engines left out."""
    commands = {
        "DetectSpeech",
        "Prefill",
        "RestartDetection",
        "StartReply",
        "CancelReply",
        "CountUsage",
        "Transcribe",
        "JudgeEndOfTurn",
        "HearWords",
    }
    kinds = [type(output).__name__ for output in outputs]
    return [kind for kind in kinds if kind not in commands]


def refused(driver: Driver, command: ClientCommand) -> str | None:
    """The code of the one thing that is said to a command that is refused."""
    (output,) = driver.send(command)
    assert isinstance(output, ErrorReported)
    assert output.client_event_id == command.event_id
    assert output.error.message
    return output.error.code


def spoken(driver: Driver) -> str:
    """The id of a whole spoken message: "Good day," for 600 ms, " to you." for 400."""
    generation = driver.ask()
    driver.say(generation, *ANSWER)
    return only(driver.finish(generation), OutputItemDone).item.id
