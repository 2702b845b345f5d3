"""One response, from `response.created` to `response.done`: the results of a reply become its items and events.

- There is one `ResponseCreated`, first, and one `ResponseDone`, last; nothing follows it.
- Items, parts and deltas nest: each is done before its container is, even when the response is cut short.
- An item enters the conversation when it is added if its response is in the conversation; out of band, it never does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal, TypeAlias, TypedDict

from antiphon.realtime.configuration import Configuration
from antiphon.realtime.events import (
    ArgumentsDelta,
    ArgumentsDone,
    AudioDelta,
    AudioDone,
    ItemAdded,
    ItemDone,
    OutputItemAdded,
    OutputItemDone,
    PartAdded,
    PartDone,
    Response,
    ResponseCreated,
    ResponseDone,
    ServerEvent,
    StatusDetails,
    TextDelta,
    TextDone,
    TranscriptDelta,
    TranscriptDone,
)
from antiphon.realtime.history import History
from antiphon.realtime.inputs import (
    ReplyAudio,
    ReplyFailed,
    ReplyFinished,
    ReplyPiece,
    ReplyText,
    ReplyToolCall,
    ReplyToolCallEnded,
    ReplyTranscript,
)
from antiphon.realtime.items import Audio, FunctionCallItem, MessageItem, Part, Status, Text
from antiphon.realtime.spoken import Spoken
from antiphon.vocabulary.usage import Usage

CancelReason: TypeAlias = Literal["turn_detected", "client_cancelled"]


class _Place(TypedDict):
    """Locates a message's events in the response; a message has one part."""

    response_id: str
    item_id: str
    output_index: int


class RunningResponse:
    """A `history` of None makes it out of band. `generation` identifies the reply whose results it takes; `answers`,
    the item that it answers, if that is a single utterance."""

    def __init__(
        self,
        *,
        generation: int,
        answers: str | None,
        configuration: Configuration,
        history: History | None,
        conversation_id: str | None,
        new_id: Callable[[str], str],
    ) -> None:
        self.generation = generation
        self.answers = answers
        self.is_done = False
        self._history = history
        self._new_id = new_id
        self._response = Response(id=new_id("resp"), configuration=configuration, conversation_id=conversation_id)
        self._usage: Usage | None = None
        self._item: MessageItem | FunctionCallItem | None = None
        """The item in progress."""
        self._call_index: int | None = None
        self._audio = bytearray()
        self._text = ""
        self._spoken: dict[str, Spoken] = {}

    @property
    def id(self) -> str:
        return self._response.id

    @property
    def in_conversation(self) -> bool:
        return self._history is not None

    @property
    def usage(self) -> Usage | None:
        """The reply's usage, if it was completed."""
        return self._usage

    @property
    def spoken(self) -> Mapping[str, Spoken]:
        """For each item, the alignment of its words with its audio."""
        return self._spoken

    def said_so_far(self, item_id: str) -> MessageItem | None:
        """The message with this id, if it is the one being spoken."""
        if not isinstance(self._item, MessageItem) or self._item.id != item_id or item_id not in self._spoken:
            return None
        return replace(self._item, parts=(self._said(self._spoken[item_id]),))

    def show_truncated(self, item: MessageItem) -> None:
        """An item was truncated: the events still to come for it must end there too."""
        output = tuple(item if item.id == one.id else one for one in self._response.output)
        self._response = replace(self._response, output=output)
        if self._item is not None and self._item.id == item.id and isinstance(audio := item.parts[0], Audio):
            self._audio = bytearray(audio.data)

    def open(self) -> list[ServerEvent]:
        return [ResponseCreated(response=self._response, generation=self.generation)]

    def take(self, result: ReplyPiece) -> list[ServerEvent]:
        """Process one result of the reply."""
        match result:
            case ReplyText():
                return self._take_text(result.text)
            case ReplyTranscript():
                return self._take_transcript(result.text)
            case ReplyAudio():
                return self._take_audio(result.audio)
            case ReplyToolCall():
                return self._take_call(result)
            case ReplyToolCallEnded():
                return self._finish_item("completed") if isinstance(self._item, FunctionCallItem) else []
            case ReplyFinished(reason="length"):
                details = StatusDetails(type="incomplete", reason="max_output_tokens")
                return self._end("incomplete", details, usage=result.usage)
            case ReplyFinished():
                return self._end("completed", None, usage=result.usage)
            case ReplyFailed():
                return self._end("failed", StatusDetails(type="failed", error=result.error))

    def cancel(self, reason: CancelReason) -> list[ServerEvent]:
        return self._end("cancelled", StatusDetails(type="cancelled", reason=reason))

    # --- a message ---------------------------------------------------------------------------------------------------

    def _take_text(self, text: str) -> list[ServerEvent]:
        events, item = self._message(Text(text=""))
        self._text += text
        return [*events, TextDelta(**self._place(item), delta=text)]

    def _take_transcript(self, text: str) -> list[ServerEvent]:
        events, item = self._spoken_message()
        self._spoken[item.id].say(text)
        return [*events, TranscriptDelta(**self._place(item), delta=text)]

    def _take_audio(self, audio: bytes) -> list[ServerEvent]:
        events, item = self._spoken_message()
        self._audio += audio
        self._spoken[item.id].sound(len(audio) / self._response.configuration.output_format.bytes_a_ms)
        return [*events, AudioDelta(**self._place(item), audio=audio)]

    def _spoken_message(self) -> tuple[list[ServerEvent], MessageItem]:
        events, item = self._message(Audio(format=self._response.configuration.output_format, transcript=""))
        if item.id not in self._spoken:
            self._spoken[item.id] = Spoken()
            if self._history is not None:
                self._history.remember(item.id, self._spoken[item.id])
        return events, item

    def _message(self, part: Part) -> tuple[list[ServerEvent], MessageItem]:
        """The message in progress; if there is none, a new one with this empty part."""
        if isinstance(self._item, MessageItem):
            return [], self._item
        events = self._finish_item("completed")
        item = MessageItem(id=self._new_id("item"), role="assistant", status="in_progress")
        events += self._add(item)
        events.append(PartAdded(**self._place(item), part=part))
        return events, item

    def _finish_message(self, item: MessageItem, status: Status) -> tuple[list[ServerEvent], MessageItem]:
        place = self._place(item)
        if spoken := self._spoken.get(item.id):
            part: Part = self._said(spoken)
            events: list[ServerEvent] = [AudioDone(**place), TranscriptDone(**place, transcript=spoken.transcript)]
        else:
            part = Text(text=self._text)
            events = [TextDone(**place, text=self._text)]
        self._audio = bytearray()
        self._text = ""
        return [*events, PartDone(**place, part=part)], replace(item, parts=(part,), status=status)

    def _said(self, spoken: Spoken) -> Audio:
        audio_format = self._response.configuration.output_format
        return Audio(data=bytes(self._audio), format=audio_format, transcript=spoken.transcript)

    def _place(self, item: MessageItem) -> _Place:
        return {"response_id": self.id, "item_id": item.id, "output_index": len(self._response.output)}

    # --- a function call ---------------------------------------------------------------------------------------------

    def _take_call(self, piece: ReplyToolCall) -> list[ServerEvent]:
        events: list[ServerEvent] = []
        if not isinstance(self._item, FunctionCallItem) or self._call_index != piece.index:
            events += self._finish_item("completed")
            self._call_index = piece.index
            events += self._add(
                FunctionCallItem(
                    id=self._new_id("item"), call_id=self._new_id("call"), name=piece.name or "", status="in_progress"
                )
            )
        if piece.arguments and isinstance(call := self._item, FunctionCallItem):
            self._item = replace(call, arguments=call.arguments + piece.arguments)
            events.append(
                ArgumentsDelta(
                    response_id=self.id,
                    item_id=call.id,
                    output_index=len(self._response.output),
                    call_id=call.call_id,
                    delta=piece.arguments,
                )
            )
        return events

    def _finish_call(self, call: FunctionCallItem, status: Status) -> tuple[list[ServerEvent], FunctionCallItem]:
        done = ArgumentsDone(
            response_id=self.id,
            item_id=call.id,
            output_index=len(self._response.output),
            call_id=call.call_id,
            name=call.name,
            arguments=call.arguments,
        )
        return [done], replace(call, status=status)

    # --- any item, and the end ---------------------------------------------------------------------------------------

    def _add(self, item: MessageItem | FunctionCallItem) -> list[ServerEvent]:
        self._item = item
        events: list[ServerEvent] = [
            OutputItemAdded(response_id=self.id, output_index=len(self._response.output), item=item)
        ]
        if self._history is not None:
            events.append(ItemAdded(item=item, previous_item_id=self._history.conversation.add(item)))
        return events

    def _finish_item(self, status: Status) -> list[ServerEvent]:
        """Close the item in progress, if there is one."""
        if self._item is None:
            return []
        if isinstance(self._item, MessageItem):
            events, item = self._finish_message(self._item, status)
        else:
            events, item = self._finish_call(self._item, status)
        events.append(OutputItemDone(response_id=self.id, output_index=len(self._response.output), item=item))
        self._response = replace(self._response, output=(*self._response.output, item))
        self._item = None
        if self._history is not None and item.id in self._history.conversation:
            self._history.conversation.replace(item)
            events.append(ItemDone(item=item, previous_item_id=self._history.conversation.previous_id(item.id)))
        return events

    def _end(
        self,
        status: Literal["completed", "cancelled", "incomplete", "failed"],
        details: StatusDetails | None,
        *,
        usage: Usage | None = None,
    ) -> list[ServerEvent]:
        events = self._finish_item("completed" if status == "completed" else "incomplete")
        self._response = replace(self._response, status=status, details=details, usage=usage or Usage())
        self._usage = usage
        self.is_done = True
        return [*events, ResponseDone(response=self._response, generation=self.generation)]
