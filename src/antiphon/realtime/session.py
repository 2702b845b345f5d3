"""`Session`: one Realtime conversation as a state machine. Inputs go in, events and commands come out, in order.

Invariants for any sequence of inputs:

 1. Every client event is answered or refused, in the same call; a refusal repeats its `event_id` and changes nothing.
    Only `AppendAudio` gets no answer, nor does one `CancelResponse` for what a `TruncateItem` has just ended.
 2. One `ResponseDone` for each `ResponseCreated`, and nothing from a response after it.
 3. At most one response at a time in the conversation; out of band, as many as the budget allows.
 4. Results of a cancelled reply are recognized by its generation and dropped.
 5. Ids are never reused; `previous_item_id`s form one chain.
 6. At most one `SpeechStopped` for each `SpeechStarted`, and the committed item has the id announced for it.
 7. Nothing of a reply is shown before the turn that it answers is committed: until then it is held back, and what was
    prepared for a turn that goes on is discarded.
 8. Every committed item is transcribed exactly once if that is configured, and otherwise never.
 9. Each finished response is counted once. When the client leaves, every response is finished.
10. After each input the conversation is within its budget, or the session ends.
11. Once the server stops, the session ends as soon as nobody speaks and nothing is being made, or when its time is up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from antiphon.realtime import refusals
from antiphon.realtime.budget import Budget, text_length
from antiphon.realtime.commands import Close, HearWords, JudgeEndOfTurn, Output, ReleaseAudio
from antiphon.realtime.configuration import Configuration, SemanticVad, ServerVad, TurnDetection
from antiphon.realtime.end_of_turn import EndOfTurn
from antiphon.realtime.events import (
    AudioCleared,
    Error,
    ErrorReported,
    IdleTimeout,
    RateLimitsUpdated,
    SessionCreated,
    SessionUpdated,
    SpeechStarted,
    SpeechStopped,
)
from antiphon.realtime.farewell import REASON, Farewell
from antiphon.realtime.history import History
from antiphon.realtime.idleness import Idleness
from antiphon.realtime.input_audio import (
    InputAudio,
    SpeechContinued,
    SpeechPaused,
    SpeechResumed,
    TurnEnded,
)
from antiphon.realtime.inputs import (
    AppendAudio,
    CancelResponse,
    ClearAudio,
    ClearOutputAudio,
    ClientCommand,
    ClientLeft,
    CommitAudio,
    ContextFilled,
    CreateItem,
    CreateResponse,
    DeleteItem,
    EndOfTurnJudged,
    Input,
    RatesChanged,
    Refuse,
    ReplyAudio,
    ReplyFailed,
    ReplyFinished,
    ReplyHeard,
    ReplyResult,
    ReplyText,
    ReplyToolCall,
    ReplyToolCallEnded,
    ReplyTranscript,
    RetrieveItem,
    ServerStops,
    TimePassed,
    Transcribed,
    TranscriptionFailed,
    TruncateItem,
    UpdateSession,
    WordsHeard,
)
from antiphon.realtime.items import Audio, MessageItem
from antiphon.realtime.kept import Kept
from antiphon.realtime.overlap import Found, Overlap
from antiphon.realtime.refusals import Refused
from antiphon.realtime.responses import Responses
from antiphon.realtime.transcripts import Transcripts
from antiphon.vocabulary.speech import SpeechProbability


class Session:
    """`new_id` makes an id of a kind ("item", "resp", …); `max_ms` limits how long a session may last, `budget` how
    much it may hold. With what was `kept` of an earlier session, this one goes on with its conversation."""

    def __init__(
        self,
        configuration: Configuration,
        *,
        new_id: Callable[[str], str],
        max_ms: int,
        budget: Budget = Budget(),  # noqa: B008 - It is frozen.
        kept: Kept | None = None,
    ) -> None:
        self._configuration = configuration
        self._max_ms = max_ms
        self._budget = budget
        self._history = History(new_id, budget) if kept is None else kept.history
        self._input = InputAudio(configuration, new_id)
        self._responses = Responses(self._history, new_id)
        self._overlap = Overlap(self._input)
        self._owes_response = False
        """A turn ended during an answer that it could not interrupt."""
        self._ending = EndOfTurn()
        self._transcripts = Transcripts(self._history)
        if kept is not None:
            self._responses.has_spoken, self._responses.window = kept.has_spoken, kept.window
            self._transcripts.promise(kept.untranscribed)
        self._farewell = Farewell()
        self._now_ms = 0
        self._idleness = Idleness()
        self._is_closed = False

    def open(self) -> list[Output]:
        """What a client is sent before it sends anything."""
        return [SessionCreated(configuration=self._configuration)]

    def resume(self) -> list[Output]:
        """What an earlier session still owes."""
        return self._transcripts.make_good(self._configuration)

    def keep(self) -> Kept:
        """What another session can go on with, once the client has left or the session has expired."""
        return Kept(
            configuration=self._configuration,
            history=self._history,
            window=self._responses.window,
            has_spoken=self._responses.has_spoken,
            untranscribed=self._transcripts.promised,
        )

    def receive(self, received: Input) -> list[Output]:
        """Process one input."""
        if self._is_closed and not isinstance(received, ClientLeft):
            return []
        return self._take(received) + self._keep_within_budget() + self._leave_when_it_is_time()

    def _take(self, received: Input) -> list[Output]:
        match received:
            case SpeechProbability():
                found = self._input.take(received)
                hints = self._configuration.transcription
                return self._follow(self._overlap.take(found, reply=self._played, hints=hints))
            case WordsHeard():
                return self._follow(self._overlap.judge(received, reply=self._played))
            case EndOfTurnJudged():
                return self._follow(self._input.finished(self._ending.judge(received)))
            case Transcribed() | TranscriptionFailed():
                return self._transcripts.take(received, self._configuration)
            case ReplyHeard():
                outputs = self._take_reply(received)
                silence_ms = self._ending.hear(self._responses.heard_by_prepared)
                return outputs + self._follow(self._input.finished(silence_ms))
            case ReplyText() | ReplyTranscript() | ReplyAudio():
                return self._take_reply(received)
            case ReplyToolCall() | ReplyToolCallEnded() | ReplyFinished() | ReplyFailed():
                return self._take_reply(received)
            case ContextFilled():
                self._responses.window.note_refused(received.tokens)
                return []
            case RatesChanged():
                return [RateLimitsUpdated(limits=received.limits)]
            case ClientLeft():
                self._is_closed = True
                return self._responses.cancel_all(now_ms=self._now_ms)
            case TimePassed():
                return self._take_time(received.now_ms)
            case ServerStops():
                return [*self._farewell.begin(now_ms=self._now_ms, within_ms=received.within_ms)]
            case _:
                return self._obey(received)

    # --- client commands ---------------------------------------------------------------------------------------------

    def _obey(self, command: ClientCommand) -> list[Output]:
        try:
            outputs = self._carry_out(command)
        except Refused as refused:
            return [ErrorReported(error=refused.error, client_event_id=command.event_id)]
        return outputs + self._pay_response()

    def _carry_out(self, command: ClientCommand) -> list[Output]:
        """Raises `Refused` before anything has changed."""
        match command:
            case AppendAudio():
                return [*self._input.append(command.audio)]
            case UpdateSession():
                return self._update(command)
            case CommitAudio():
                self._history.check_room(1)
                return self._commit(self._input.commit())
            case ClearAudio():
                self._input.clear()
                return [*self._responses.throw_away_prepared(), AudioCleared()]
            case CreateItem():
                return self._change(self._history.create(command, self._configuration))
            case RetrieveItem():
                return [*self._history.retrieve(command)]
            case TruncateItem():
                return self._change(self._responses.truncate(command, now_ms=self._now_ms))
            case DeleteItem():
                return [*self._change(self._history.delete(command)), ReleaseAudio(item_ids=(command.item_id,))]
            case CreateResponse():
                return self._create_response(command)
            case CancelResponse():
                return self._responses.cancel_by_hand(command.response_id, now_ms=self._now_ms)
            case ClearOutputAudio():
                return self._responses.clear_output(now_ms=self._now_ms)
            case Refuse():
                raise Refused.because(command.error)

    def _update(self, command: UpdateSession) -> list[Output]:
        updated = self._configuration.updated(command.changes)
        if self._responses.has_spoken and updated.voice != self._configuration.voice:
            raise refusals.voice_is_locked()
        thrown_away = self._responses.throw_away_prepared() if updated != self._configuration else []
        self._configuration = updated
        return [*thrown_away, *self._input.configure(updated), SessionUpdated(configuration=updated)]

    def _create_response(self, command: CreateResponse) -> list[Output]:
        if self._configuration.transcribes_only:
            raise Refused("A transcription session gives no responses.", code="invalid_value", param="type")
        if command.in_conversation and self._responses.active_id is not None and not command.cancel_previous:
            raise refusals.active_response(self._responses.active_id)
        configuration = replace(self._configuration, **command.changes)
        if self._responses.has_spoken and configuration.voice != self._configuration.voice:
            raise refusals.voice_is_locked()
        refusals.check_tool_choice(configuration)
        if not command.in_conversation and self._responses.out_of_band >= self._budget.responses_out_of_band:
            raise refusals.too_many_responses(self._budget.responses_out_of_band)
        for item in command.append:
            self._history.check_new(item)
        if command.append:
            self._history.check_room(len(command.append), text_length=text_length(command.append))
        seen = None if command.input is None else self._history.resolve(command.input, configuration)
        outputs = self._responses.throw_away_prepared()
        if command.in_conversation:
            self._idleness.begin(now_ms=self._now_ms)
            self._owes_response = False
            outputs += self._responses.cancel_active("client_cancelled", now_ms=self._now_ms)
        for item in command.append:
            outputs += self._history.add(item, configuration)
        return outputs + self._responses.respond(configuration, seen=seen, in_conversation=command.in_conversation)

    def _change(self, events: Sequence[Output]) -> list[Output]:
        """The conversation has changed, so a prepared reply is out of date."""
        return [*self._responses.throw_away_prepared(), *events]

    # --- turns -------------------------------------------------------------------------------------------------------

    @property
    def _turns(self) -> TurnDetection:
        return self._configuration.turn_detection or ServerVad()

    @property
    def _answers_turns(self) -> bool:
        return self._turns.create_response and not self._configuration.transcribes_only

    @property
    def _played(self) -> str | None:
        """The words of the reply that is being played, if not all speech interrupts it."""
        playback = self._responses.playback
        is_semantic = isinstance(self._turns, SemanticVad)
        return playback.said if is_semantic and playback.until_ms > self._now_ms else None

    def _follow(self, events: Sequence[Found]) -> list[Output]:
        outputs: list[Output] = []
        for event in events:
            self._idleness.begin(now_ms=self._now_ms)
            match event:
                case SpeechStarted():
                    outputs += [event, *self._begin_turn()]
                case SpeechContinued():
                    outputs += self._prefill(event.item)
                case SpeechPaused():
                    outputs += self._prepare(event.item)
                case SpeechResumed():
                    self._ending.resume()
                    outputs += self._responses.throw_away_prepared()
                case SpeechStopped() | HearWords():
                    outputs.append(event)
                case TurnEnded():
                    outputs += self._end_turn(event.item)
        return outputs

    def _begin_turn(self) -> list[Output]:
        outputs: list[Output] = []
        if self._turns.interrupt_response:
            self._owes_response = False
            outputs += self._responses.cancel_active("turn_detected", now_ms=self._now_ms)
            self._responses.playback.stop(now_ms=self._now_ms)
        return outputs + self._prefill()

    def _prefill(self, said: MessageItem | None = None) -> list[Output]:
        """Use the time before the user has finished: have the model read what the answer will be based on, and what was
        said so far."""
        if not self._answers_turns or self._responses.active_id is not None:
            return []
        return self._responses.prefill(self._configuration, said)

    def _prepare(self, item: MessageItem) -> list[Output]:
        """The turn may be over: start the work that will be needed if it is."""
        outputs: list[Output] = []
        is_answered = self._answers_turns and self._responses.active_id is None
        audio = item.parts[0]
        if isinstance(self._turns, SemanticVad) and isinstance(audio, Audio):
            generation = self._responses.next_generation()
            self._ending.pause(generation, self._turns.eagerness, expects_words=is_answered)
            outputs.append(JudgeEndOfTurn(generation=generation, audio=audio.data, format=audio.format))
        if is_answered:
            outputs += self._responses.prepare(self._configuration, item)
        return outputs

    def _end_turn(self, item: MessageItem) -> list[Output]:
        outputs = self._commit(item, is_prepared=True)
        if not self._answers_turns:
            return outputs
        if self._responses.active_id is not None:
            self._owes_response = True
            return outputs
        return outputs + self._responses.answer(self._configuration, now_ms=self._now_ms) + self._pay_response()

    def _commit(self, item: MessageItem, *, is_prepared: bool = False) -> list[Output]:
        """Add an utterance to the conversation; a reply `is_prepared` unless the client commits turns itself."""
        outputs = [] if is_prepared else self._responses.throw_away_prepared()
        outputs += self._history.commit(item, self._configuration)
        audio = item.parts[0]
        if isinstance(audio, Audio):
            heard = self._responses.heard_by_prepared
            outputs += self._transcripts.transcribe(item.id, audio, self._configuration, heard)
        return outputs

    def _pay_response(self) -> list[Output]:
        """Answer the turn that had to wait for the previous answer."""
        if not self._owes_response or self._responses.active_id is not None:
            return []
        self._owes_response = False
        return self._responses.respond(self._configuration)

    # --- replies, transcripts and time -------------------------------------------------------------------------------

    def _take_reply(self, result: ReplyResult) -> list[Output]:
        was_answering = self._responses.active_id is not None
        outputs = self._responses.take(result, now_ms=self._now_ms) + self._pay_response()
        has_answered = was_answering and self._responses.active_id is None
        return outputs + self._prefill() if has_answered else outputs

    def _take_time(self, now_ms: int) -> list[Output]:
        self._now_ms = now_ms
        if now_ms >= self._max_ms:
            return self._expire()
        if self._responses.active_id is not None or self._input.is_speaking:
            return []
        detection, until_ms = self._configuration.turn_detection, self._responses.playback.until_ms
        has_timed_out = self._idleness.has_timed_out(detection, now_ms=now_ms, spoken_until_ms=until_ms)
        return self._time_out() if has_timed_out else []

    def _time_out(self) -> list[Output]:
        """Nobody has spoken for a long time: let the model say something, once."""
        silence = self._input.silence()
        timed_out = IdleTimeout(
            audio_start_ms=round(silence.start_ms), audio_end_ms=round(silence.end_ms), item_id=silence.item.id
        )
        return [timed_out, *self._end_turn(silence.item)]

    def _expire(self) -> list[Output]:
        message = f"Your session hit the maximum duration of {self._max_ms // 60_000} minutes."
        return self._end("session_expired", message, is_resumable=True)

    def _keep_within_budget(self) -> list[Output]:
        """Turns and replies cannot be refused, so excess audio is released and, as a last resort, the session ends."""
        if self._history.is_overfull and not self._is_closed:
            return self._end("conversation_full", f"Your session hit the maximum of {self._budget.items} items.")
        released = self._history.release_audio()
        return [ReleaseAudio(item_ids=released)] if released else []

    def _leave_when_it_is_time(self) -> list[Output]:
        is_answering = self._responses.active_id is not None or self._responses.out_of_band > 0
        is_busy = is_answering or self._input.is_speaking or self._transcripts.are_awaited
        if self._is_closed or not self._farewell.is_due(now_ms=self._now_ms, is_busy=is_busy):
            return []
        self._is_closed = True
        return [Close(reason=REASON)]

    def _end(self, code: str, message: str, *, is_resumable: bool = False) -> list[Output]:
        self._is_closed = True
        error = Error(code=code, message=message)
        return [ErrorReported(error=error), Close(reason=message, is_resumable=is_resumable)]
