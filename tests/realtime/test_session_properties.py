"""What holds of a session whatever it is told: the list at the head of `antiphon.realtime.session`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from antiphon.realtime.commands import (
    CancelReply,
    CountUsage,
    HearWords,
    JudgeEndOfTurn,
    Output,
    StartReply,
    Transcribe,
)
from antiphon.realtime.configuration import InputTranscription, SemanticVad, ServerVad, TurnDetection
from antiphon.realtime.events import (
    AudioCommitted,
    AudioDelta,
    ErrorReported,
    ItemAdded,
    ItemDeleted,
    ItemDone,
    ItemTruncated,
    OutputItemAdded,
    OutputItemDone,
    PartAdded,
    PartDone,
    ResponseCreated,
    ResponseDone,
    SpeechStarted,
    SpeechStopped,
    TranscriptDelta,
    TranscriptionCompleted,
)
from antiphon.realtime.inputs import (
    AppendAudio,
    CancelResponse,
    ClearAudio,
    ClearOutputAudio,
    ClientLeft,
    CommitAudio,
    CreateItem,
    CreateResponse,
    DeleteItem,
    EndOfTurnJudged,
    Input,
    RetrieveItem,
    TimePassed,
    Transcribed,
    TruncateItem,
    UpdateSession,
    WordsHeard,
)
from antiphon.realtime.items import Audio, Item, MessageItem, Text

from .driving import BYTES_A_MS, Driver

DETECTIONS: tuple[TurnDetection | None, ...] = (
    None,
    ServerVad(),
    ServerVad(silence_duration_ms=500, idle_timeout_ms=5000),
    ServerVad(interrupt_response=False),
    ServerVad(create_response=False),
    SemanticVad(),
)


class Client(RuleBasedStateMachine):
    """A client, a voice and engines that do what they please."""

    driver: Driver

    def __init__(self) -> None:
        super().__init__()
        self.now_ms = 0
        self.events = 0
        self.generations: list[int] = []
        self.cancelled: set[int] = set()
        self.judged: list[int] = []
        self.overheard: list[int] = []
        self.chain: list[str] = []
        self.ids: set[str] = set()
        self.responses: dict[str, Any] = {}
        self.open_items: dict[str, str] = {}
        self.announced: str | None = None
        self.to_transcribe: list[str] = []
        self.transcribed: list[str] = []
        """What was transcribed, or is told already."""
        self.told: set[str] = set()
        self.committed: list[str] = []
        self.transcribes = False
        self.counted = 0
        self.truncated: dict[str, int] = {}
        self.cut_short: str | None = None
        """The response that a truncation has just ended."""

    @initialize(detection=st.sampled_from(DETECTIONS), transcribes=st.booleans())
    def begin(self, detection: TurnDetection | None, transcribes: bool) -> None:
        self.transcribes = transcribes
        self.driver = Driver(turn_detection=detection, transcription=InputTranscription() if transcribes else None)

    # --- what may happen ---------------------------------------------------------------------------------------------

    @rule(
        milliseconds=st.integers(32, 700),
        probability=st.sampled_from([0.0, 0.4, 0.9]),
        level_dbfs=st.sampled_from([-20.0, -50.0, -90.0]),
    )
    def hear(self, milliseconds: int, probability: float, level_dbfs: float) -> None:
        for output in self.driver.hear(milliseconds, probability, level_dbfs=level_dbfs):
            self.check(output)

    @rule(detection=st.sampled_from(DETECTIONS), instructions=st.sampled_from(["", "Be kind."]))
    def update(self, detection: TurnDetection | None, instructions: str) -> None:
        self.tell(UpdateSession(changes={"turn_detection": detection, "instructions": instructions}))

    @rule()
    def append(self) -> None:
        self.driver.heard_ms += 200
        self.send(AppendAudio(audio=bytes(200 * BYTES_A_MS)))

    @rule(command=st.sampled_from([CommitAudio, ClearAudio, ClearOutputAudio]))
    def buffers(self, command: type[CommitAudio | ClearAudio | ClearOutputAudio]) -> None:
        self.tell(command())

    @rule(data=st.data())
    def write(self, data: st.DataObject) -> None:
        item = MessageItem(id=data.draw(st.sampled_from(["", "a", "b"])), role="user", parts=(Text(text="Hello."),))
        previous = data.draw(st.sampled_from([None, "root", "nothing", *self.chain]))
        self.tell(CreateItem(item=item, previous_item_id=previous))

    @rule(data=st.data(), command=st.sampled_from([RetrieveItem, DeleteItem]))
    def change(self, data: st.DataObject, command: type[RetrieveItem | DeleteItem]) -> None:
        self.tell(command(item_id=data.draw(st.sampled_from(["nothing", *self.chain]))))

    @rule(data=st.data(), end_ms=st.integers(0, 500))
    def truncate(self, data: st.DataObject, end_ms: int) -> None:
        item_id = data.draw(st.sampled_from(["nothing", *self.chain, *self.open_items.values()]))
        outputs = self.tell(TruncateItem(item_id=item_id, content_index=0, audio_end_ms=end_ms))
        self.cut_short = next((done.response.id for done in outputs if isinstance(done, ResponseDone)), self.cut_short)

    @rule(in_conversation=st.booleans(), cancel_previous=st.booleans())
    def respond(self, in_conversation: bool, cancel_previous: bool) -> None:
        self.tell(CreateResponse(in_conversation=in_conversation, cancel_previous=cancel_previous))

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        response_id = data.draw(st.sampled_from([None, "nothing", *self.responses]))
        outputs = self.tell(CancelResponse(response_id=response_id), may_be_silent=self.cut_short is not None)
        if not outputs:
            assert response_id in (None, self.cut_short)
            self.cut_short = None

    @precondition(lambda self: self.generations)
    @rule(data=st.data(), what=st.sampled_from(["hear", "say", "text", "call", "end_call", "finish", "fail"]))
    def reply(self, data: st.DataObject, what: str) -> None:
        generation = data.draw(st.sampled_from(self.generations[-4:]))
        match what:
            case "hear":
                outputs = self.driver.heard(generation, "Hello.")
                assert outputs == []
            case "say":
                outputs = self.driver.say(generation, ("Hello, world.", 400))
            case "text":
                outputs = self.driver.text(generation, "Hello.")
            case "end_call":
                outputs = self.driver.end_call(generation)
            case "call":
                outputs = self.driver.call(generation, data.draw(st.integers(0, 1)), "look", "{", "}")
            case "finish":
                outputs = self.driver.finish(generation, data.draw(st.sampled_from(["stop", "length"])))
            case _:
                outputs = self.driver.fail(generation)
        assert not (generation in self.cancelled and outputs)
        for output in outputs:
            self.check(output)

    @precondition(lambda self: self.to_transcribe)
    @rule()
    def transcribe(self) -> None:
        self.send(Transcribed(item_id=self.to_transcribe.pop(), transcript="Hello.", seconds=1.0))

    @precondition(lambda self: self.judged)
    @rule(data=st.data(), probability=st.sampled_from([0.1, 0.9]))
    def judge(self, data: st.DataObject, probability: float) -> None:
        generation = data.draw(st.sampled_from(self.judged))
        self.send(EndOfTurnJudged(generation=generation, probability=probability))

    @precondition(lambda self: self.overheard)
    @rule(data=st.data(), words=st.sampled_from(["", "Yes.", "Stop.", "Hello, world. Hello, world.", None]))
    def overhear(self, data: st.DataObject, words: str | None) -> None:
        generation = data.draw(st.sampled_from(self.overheard[-2:]))
        self.send(WordsHeard(generation=generation, transcript=words))

    @rule(milliseconds=st.integers(1, 6000))
    def wait(self, milliseconds: int) -> None:
        self.now_ms += milliseconds
        self.send(TimePassed(now_ms=self.now_ms))

    # --- what must hold ----------------------------------------------------------------------------------------------

    def tell(self, command: Any, *, may_be_silent: bool = False) -> list[Output]:
        """Every client event is answered or refused; a refusal says nothing else."""
        self.events += 1
        event_id = f"mine_{self.events}"
        outputs = self.send(type(command)(**{**_fields(command), "event_id": event_id}))
        assert outputs or may_be_silent
        errors = [output for output in outputs if isinstance(output, ErrorReported)]
        assert not errors or len(outputs) == 1
        assert all(error.client_event_id == event_id for error in errors)
        return outputs

    def send(self, received: Input) -> list[Output]:
        outputs = self.driver.send(received)
        for output in outputs:
            self.check(output)
        return outputs

    def check(self, output: Output) -> None:
        match output:
            case StartReply():
                assert output.generation not in self.generations
                self.generations.append(output.generation)
                self.check_believed(output.conversation)
            case CancelReply():
                assert output.generation not in self.cancelled
                self.cancelled.add(output.generation)
            case JudgeEndOfTurn():
                self.judged.append(output.generation)
            case HearWords():
                assert output.generation not in self.overheard
                self.overheard.append(output.generation)
            case Transcribe():
                assert output.item_id not in self.transcribed
                self.transcribed.append(output.item_id)
                self.to_transcribe.append(output.item_id)
            case TranscriptionCompleted():
                assert output.item_id not in self.told
                self.told.add(output.item_id)
                if output.item_id not in self.transcribed:  # The reply that was prepared had heard it.
                    self.transcribed.append(output.item_id)
            case ItemTruncated():
                self.truncated[output.item_id] = min(
                    output.audio_end_ms, self.truncated.get(output.item_id, output.audio_end_ms)
                )
            case SpeechStarted():
                self.announced = output.item_id
            case SpeechStopped():
                assert output.item_id == self.announced
            case AudioCommitted():
                assert output.previous_item_id == (self.chain[-1] if self.chain else None)
                self.committed.append(output.item_id)
            case ItemAdded():
                self.check_added(output)
            case ItemDone():
                at = self.chain.index(output.item.id)
                assert output.previous_item_id == (self.chain[at - 1] if at else None)
            case ItemDeleted():
                self.chain.remove(output.item_id)
            case ResponseCreated() | ResponseDone():
                self.check_response(output)
            case CountUsage():
                self.counted += 1
            case _:
                self.check_piece(output)

    def check_believed(self, conversation: Sequence[Item]) -> None:
        """The model believes to have said no more than was heard."""
        for item in conversation:
            if isinstance(item, MessageItem) and item.id in self.truncated:
                (audio,) = item.parts
                assert isinstance(audio, Audio)
                assert audio.duration_ms <= self.truncated[item.id]
                assert self.truncated[item.id] > 0 or audio.transcript == ""

    def check_added(self, added: ItemAdded) -> None:
        assert added.item.id not in self.ids
        self.ids.add(added.item.id)
        at = 0 if added.previous_item_id is None else self.chain.index(added.previous_item_id) + 1
        self.chain.insert(at, added.item.id)

    def check_response(self, event: ResponseCreated | ResponseDone) -> None:
        response = event.response
        if isinstance(event, ResponseCreated):
            assert response.id not in self.responses
            if response.conversation_id is not None:
                self.cut_short = None
                assert not any(open_.conversation_id for open_ in self.responses.values() if open_)
            self.responses[response.id] = response
        else:
            assert self.responses[response.id] is not None
            assert response.id not in self.open_items
            assert response.status != "in_progress"
            assert all(item.status != "in_progress" for item in response.output)
            self.responses[response.id] = None

    def check_piece(self, output: Output) -> None:
        """Whatever belongs to a response comes while it is made, and inside the item that is made."""
        response_id = getattr(output, "response_id", None)
        if response_id is None or type(output).__name__ == "OutputAudioCleared":
            return
        assert self.responses[response_id] is not None
        if isinstance(output, OutputItemAdded):
            assert response_id not in self.open_items
            self.open_items[response_id] = output.item.id
        elif isinstance(output, OutputItemDone):
            assert self.open_items.pop(response_id) == output.item.id
        else:
            assert self.open_items[response_id] == getattr(output, "item_id", None)
            assert not isinstance(output, AudioDelta | TranscriptDelta) or output.item_id not in self.truncated
            assert not isinstance(output, PartAdded | PartDone) or output.content_index == 0

    @invariant()
    def all_that_was_committed_is_transcribed_if_that_is_wanted(self) -> None:
        assert self.transcribed == (self.committed if self.transcribes else [])

    @invariant()
    def each_response_that_is_done_is_counted_once(self) -> None:
        assert self.counted == sum(response is None for response in self.responses.values())

    def teardown(self) -> None:
        """When the client leaves, every response is done, and nothing happens any more."""
        self.send(ClientLeft())
        assert not any(self.responses.values())
        self.each_response_that_is_done_is_counted_once()
        assert self.send(CreateResponse()) == []


def _fields(command: Any) -> dict[str, Any]:
    return {name: getattr(command, name) for name in command.__dataclass_fields__}


TestSession = Client.TestCase
TestSession.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
