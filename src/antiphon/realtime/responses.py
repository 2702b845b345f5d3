"""The responses of a session: the one in the conversation, those out of band, and one prepared during a pause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from antiphon.realtime import refusals
from antiphon.realtime.commands import CancelReply, CountUsage, Output, Prefill, StartReply
from antiphon.realtime.configuration import Configuration
from antiphon.realtime.events import AudioDelta, OutputAudioCleared
from antiphon.realtime.history import History
from antiphon.realtime.inputs import ReplyHeard, ReplyPiece, ReplyResult, TruncateItem
from antiphon.realtime.items import Item, MessageItem
from antiphon.realtime.playback import Playback
from antiphon.realtime.response import CancelReason, RunningResponse
from antiphon.realtime.truncation import Window


@dataclass(slots=True)
class _Prepared:
    """A reply begun during a pause and held back until the turn ends."""

    generation: int
    item_id: str
    """The utterance that it answers."""
    heard: ReplyHeard | None = None
    """The words that it answers, once they are known."""
    results: list[ReplyPiece] = field(default_factory=list[ReplyPiece])


class Responses:
    """Identifies each reply by its generation; results of any other generation are dropped."""

    def __init__(self, history: History, new_id: Callable[[str], str]) -> None:
        self.has_spoken = False
        """Whether any audio was sent: from then on, the voice cannot change."""
        self.playback = Playback()
        self.window = Window()
        """What replies are given of the conversation."""
        self._history = history
        self._new_id = new_id
        self._conversation_id = new_id("conv")
        self._generation = 0
        self._active: RunningResponse | None = None
        self._out_of_band: dict[int, RunningResponse] = {}
        self._prepared: _Prepared | None = None
        self._last_id: str | None = None
        self._cut_short_id: str | None = None
        """The id of the last response, if a truncation ended it and it has not been cancelled as well."""

    @property
    def active_id(self) -> str | None:
        """The id of the response in progress in the conversation."""
        return None if self._active is None else self._active.id

    @property
    def out_of_band(self) -> int:
        """How many responses are in progress out of band."""
        return len(self._out_of_band)

    def next_generation(self) -> int:
        self._generation += 1
        return self._generation

    def respond(
        self, configuration: Configuration, *, seen: Sequence[Item] | None = None, in_conversation: bool = True
    ) -> list[Output]:
        """Open a response and start its reply. `seen` takes the place of the conversation."""
        generation = self.next_generation()
        conversation = self._conversation(configuration) if seen is None else tuple(seen)
        return [
            *self._open(
                configuration,
                generation,
                in_conversation=in_conversation,
                answers=_said_last(conversation) if seen is None else None,
            ),
            StartReply(generation=generation, configuration=configuration, conversation=conversation),
        ]

    def prefill(self, configuration: Configuration, said: MessageItem | None) -> list[Output]:
        """Have the conversation, and what the user has `said` so far, read before the user has finished."""
        return [Prefill(configuration=configuration, conversation=self._conversation(configuration, said))]

    # --- a turn that may be over --------------------------------------------------------------------------------------

    def prepare(self, configuration: Configuration, item: MessageItem) -> list[Output]:
        """Begin the reply to an utterance that is not yet committed."""
        self._prepared = _Prepared(self.next_generation(), item.id)
        return [
            StartReply(
                generation=self._prepared.generation,
                configuration=configuration,
                conversation=self._conversation(configuration, item),
                is_speculative=True,
            )
        ]

    @property
    def heard_by_prepared(self) -> ReplyHeard | None:
        """The words of the turn that the prepared reply answers; None until they are known."""
        return None if self._prepared is None else self._prepared.heard

    def throw_away_prepared(self) -> list[Output]:
        """Discard the prepared reply: the turn goes on, or what the reply is based on has changed."""
        if self._prepared is None:
            return []
        generation, self._prepared = self._prepared.generation, None
        return [CancelReply(generation=generation)]

    def answer(self, configuration: Configuration, *, now_ms: int) -> list[Output]:
        """The turn is over: release the prepared reply, or begin one now."""
        prepared, self._prepared = self._prepared, None
        if prepared is None:
            return self.respond(configuration)
        outputs = self._open(configuration, prepared.generation, answers=prepared.item_id)
        for result in prepared.results:
            outputs += self.take(result, now_ms=now_ms)
        return outputs

    # --- progress and end of responses -------------------------------------------------------------------------------

    def take(self, result: ReplyResult, *, now_ms: int) -> list[Output]:
        """Process a piece of a reply."""
        if self._prepared is not None and result.generation == self._prepared.generation:
            if isinstance(result, ReplyHeard):
                self._prepared.heard = result
                self._history.keep_words(self._prepared.item_id, result.transcript)
            else:
                self._prepared.results.append(result)
            return []
        response = self._running(result.generation)
        if response is None:
            return []
        if isinstance(result, ReplyHeard):
            if response.answers is not None:
                self._history.keep_words(response.answers, result.transcript)
            return []
        outputs: list[Output] = [*response.take(result)]
        if response.in_conversation and any(isinstance(output, AudioDelta) for output in outputs):
            self.has_spoken = True
            self.playback.follow(response.id, response.spoken.values(), now_ms=now_ms)
        return outputs + (self._close(response) if response.is_done else [])

    def cancel_active(self, reason: CancelReason, *, now_ms: int) -> list[Output]:
        """Cancel the response in the conversation, if there is one."""
        return [] if self._active is None else self._cancel(self._active, reason, now_ms=now_ms)

    def cancel_all(self, *, now_ms: int) -> list[Output]:
        """Cancel every response, and discard the prepared reply."""
        outputs = self.throw_away_prepared() + self.cancel_active("client_cancelled", now_ms=now_ms)
        for response in tuple(self._out_of_band.values()):
            outputs += self._cancel(response, "client_cancelled", now_ms=now_ms)
        return outputs

    def cancel_by_hand(self, response_id: str | None, *, now_ms: int) -> list[Output]:
        """Raises `Refused` if no such response is in progress.

        On an interruption, clients truncate what they play and cancel its response, which truncating has already ended.
        """
        if self._active is not None and response_id in (None, self._active.id):
            return self._cancel(self._active, "client_cancelled", now_ms=now_ms)
        for response in self._out_of_band.values():
            if response.id == response_id:
                return self._cancel(response, "client_cancelled", now_ms=now_ms)
        if self._active is None and self._cut_short_id is not None and response_id in (None, self._cut_short_id):
            self._cut_short_id = None
            return []
        raise refusals.no_active_response()

    def truncate(self, command: TruncateItem, *, now_ms: int) -> list[Output]:
        """Truncate an item. If it is still being spoken, this ends it and its response: nobody would hear the rest.

        Raises `Refused` if the item cannot be truncated there.
        """
        response = self._active
        said_so_far = None if response is None else response.said_so_far(command.item_id)
        truncated, item = self._history.truncate(command, said_so_far)
        self.playback.stop(now_ms=now_ms)
        if response is None:
            return [truncated]
        response.show_truncated(item)
        if said_so_far is None:
            return [truncated]
        cancelled = self._cancel(response, "client_cancelled", now_ms=now_ms)
        self._cut_short_id = response.id
        return [truncated, *cancelled]

    def clear_output(self, *, now_ms: int) -> list[Output]:
        """Let the client drop what it has not played yet: over a WebSocket, only the client holds it.

        Raises `Refused` if there has never been a response.
        """
        if self._last_id is None:
            raise refusals.no_active_response()
        cleared = OutputAudioCleared(response_id=self._last_id)
        self.playback.stop(now_ms=now_ms)
        return [*self.cancel_active("client_cancelled", now_ms=now_ms), cleared]

    def _conversation(self, configuration: Configuration, said: MessageItem | None = None) -> tuple[Item, ...]:
        """What a reply is given, with what the user is just saying."""
        items = [*self._history.conversation, *([] if said is None else [said])]
        return self.window.of(items, configuration.truncation)

    def _running(self, generation: int) -> RunningResponse | None:
        if self._active is not None and self._active.generation == generation:
            return self._active
        return self._out_of_band.get(generation)

    def _open(
        self, configuration: Configuration, generation: int, *, answers: str | None, in_conversation: bool = True
    ) -> list[Output]:
        response = RunningResponse(
            generation=generation,
            answers=answers,
            configuration=configuration,
            history=self._history if in_conversation else None,
            conversation_id=self._conversation_id if in_conversation else None,
            new_id=self._new_id,
        )
        if in_conversation:
            self._active = response
            self._last_id = response.id
            self._cut_short_id = None
        else:
            self._out_of_band[generation] = response
        return [*response.open()]

    def _cancel(self, response: RunningResponse, reason: CancelReason, *, now_ms: int) -> list[Output]:
        cancelled = [CancelReply(generation=response.generation), *response.cancel(reason)]
        if response.in_conversation:
            self.playback.stop(now_ms=now_ms)
        return [*cancelled, *self._close(response)]

    def _close(self, response: RunningResponse) -> list[Output]:
        if response.in_conversation:
            self._active = None
        else:
            del self._out_of_band[response.generation]
        return [CountUsage(generation=response.generation, usage=response.usage)]


def _said_last(conversation: Sequence[Item]) -> str | None:
    """The id of the utterance that a reply will have heard; None if the last item is not an utterance."""
    last = conversation[-1] if conversation else None
    return last.id if isinstance(last, MessageItem) and last.role == "user" and len(last.parts) == 1 else None
