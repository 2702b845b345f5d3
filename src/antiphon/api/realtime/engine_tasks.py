"""Runs what a session commands on the engines: each command is a task, and its results are reported to the session."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from http import HTTPStatus

from antiphon.api.domain_errors import as_api_error
from antiphon.api.realtime.detection import SpeechDetection
from antiphon.api.realtime.reply_request import Recordings, reply_request
from antiphon.api.realtime.shortening import Shortening
from antiphon.api.realtime.spending import Spending
from antiphon.api.realtime.wire_audio import OutputAudio, to_pcm
from antiphon.dialogue.errors import NoSpeech
from antiphon.dialogue.profile import Profile
from antiphon.dialogue.reply import (
    AudioSpoken,
    LastHeard,
    Progress,
    ReplyPiece,
    ReplyRequest,
    Stage,
    StageReached,
    TextWritten,
    TranscriptSpoken,
)
from antiphon.dialogue.reply import ReplyFinished as Finished
from antiphon.engines.interfaces import ToolCallDelta, ToolCallEnded
from antiphon.realtime.commands import (
    CancelReply,
    DetectSpeech,
    HearWords,
    JudgeEndOfTurn,
    Prefill,
    ReleaseAudio,
    RestartDetection,
    StartReply,
    Transcribe,
)
from antiphon.realtime.events import Error
from antiphon.realtime.inputs import (
    ContextFilled,
    EndOfTurnJudged,
    EngineResult,
    ReplyAudio,
    ReplyFailed,
    ReplyFinished,
    ReplyHeard,
    ReplyResult,
    ReplyText,
    ReplyToolCall,
    ReplyToolCallEnded,
    ReplyTranscript,
    Transcribed,
    TranscriptionFailed,
    WordsHeard,
)
from antiphon.realtime.items import Audio
from antiphon.telemetry.tracing import span, within
from antiphon.vocabulary.usage import Usage

_log = logging.getLogger(__name__)

EngineCommand = (
    DetectSpeech
    | RestartDetection
    | JudgeEndOfTurn
    | HearWords
    | Transcribe
    | Prefill
    | StartReply
    | CancelReply
    | ReleaseAudio
)


class _Latest:
    """The latest of several tasks, where each makes the earlier ones needless."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def begin(self, task: asyncio.Task[None]) -> None:
        self.end()
        self._task = task

    def end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None


class EngineTasks:
    """The engines at work for one connection, in its task group.

    `report` takes each result and must not wait; a reply waits for `room` before it reports. `check` raises the error
    for a reply that may not be given, and may take its time: the reply is made meanwhile. `on_stage` is called with a
    reply's generation and the stage that it has reached.
    """

    def __init__(
        self,
        profile: Profile,
        tasks: asyncio.TaskGroup,
        *,
        report: Callable[[EngineResult], None],
        room: Callable[[], Awaitable[None]],
        on_stage: Callable[[int, Stage], None],
        check: Callable[[ReplyRequest], Awaitable[None]],
        recordings: Recordings | None = None,
    ) -> None:
        self._profile = profile
        self._tasks = tasks
        self._report = report
        self._room = room
        self._on_stage = on_stage
        self._check = check
        self.recordings = recordings or Recordings()
        self._prefilling = _Latest()
        """Ending it loses nothing: what has been read stays read."""
        self._judging = _Latest()
        self._overhearing = _Latest()
        self._transcribing = asyncio.Lock()
        self._untranscribed = 0
        """Bytes of audio waiting to be transcribed."""
        self._transcribed = asyncio.Event()
        self._replies: dict[int, asyncio.Task[None]] = {}
        self._cancelled: set[asyncio.Task[None]] = set()
        """Replies that were cancelled, but have not ended yet."""
        self._spent: dict[int, Spending] = {}
        """Keyed by replies whose responses are not counted yet."""
        self._span = span.get()
        """The session's: a reply may be begun by what another one reports."""
        self.detection = SpeechDetection(profile.detector, profile.noise_reducer, report)
        tasks.create_task(self.detection.run())

    def execute(self, command: EngineCommand) -> None:
        match command:
            case DetectSpeech():
                self.detection.add(command.audio, command.format, noise_reduction=command.noise_reduction)
            case RestartDetection():
                self.detection.restart(command.at_ms)
            case JudgeEndOfTurn():
                self._judging.begin(self._tasks.create_task(self._judge(command)))
            case HearWords():
                self._overhearing.begin(self._tasks.create_task(self._overhear(command)))
            case Transcribe():
                self._untranscribed += len(command.audio)
                self._tasks.create_task(self._transcribe(command))
            case Prefill():
                self._prefilling.begin(self._tasks.create_task(self._prefill(command)))
            case StartReply():
                self._start_reply(command)
            case CancelReply():
                self._cancel_reply(command.generation)
            case ReleaseAudio():
                self.recordings.release(command.item_ids)

    async def wait_for_room(self, max_bytes: int) -> None:
        """Return once less than `max_bytes` of committed audio is waiting to be transcribed."""
        while self._untranscribed >= max_bytes:
            self._transcribed.clear()
            await self._transcribed.wait()

    async def _judge(self, command: JudgeEndOfTurn) -> None:
        """Judge whether the turn has ended; if that fails, silence alone decides."""
        try:
            audio = await asyncio.to_thread(to_pcm, command.audio, command.format)
            probability = await self._profile.end_of_turn.judge(audio)
        except Exception as error:
            as_api_error(error)
            return
        self._report(EndOfTurnJudged(generation=command.generation, probability=probability))

    async def _overhear(self, command: HearWords) -> None:
        """Recognize what is said during a reply; if that fails, it interrupts."""
        audio = command.item.parts[0]
        transcript: str | None = None
        try:
            if isinstance(audio, Audio):
                speech = await self.recordings.speech(command.item.id, 0, audio, command.transcription)
                transcript = (await self._profile.hearing.hear(speech)).text
        except NoSpeech:
            transcript = ""
        except Exception as error:
            as_api_error(error)
        self._report(WordsHeard(generation=command.generation, transcript=transcript))

    async def _transcribe(self, command: Transcribe) -> None:
        """Transcribe one utterance at a time: decoded, each takes up more memory than before."""
        try:
            async with self._transcribing:
                await self._write_down(command)
        finally:
            self._untranscribed -= len(command.audio)
            self._transcribed.set()

    async def _write_down(self, command: Transcribe) -> None:
        audio = Audio(data=command.audio, format=command.format)
        try:
            speech = await self.recordings.speech(
                command.item_id, 0, audio, command.transcription, logprobs=command.logprobs
            )
            try:
                utterance = await self._profile.hearing.hear(speech)
                self.recordings.note_language(utterance.language)
                transcript, logprobs = utterance.text, utterance.logprobs
            except NoSpeech:
                transcript, logprobs = "", ()
        except Exception as error:
            self._report(TranscriptionFailed(item_id=command.item_id, error=client_error(error)))
            return
        seconds = audio.duration_ms / 1000
        self._report(Transcribed(item_id=command.item_id, transcript=transcript, seconds=seconds, logprobs=logprobs))

    async def _prefill(self, command: Prefill) -> None:
        """Prefill; if that fails, the reply itself will say why."""
        try:
            request = await reply_request(command.configuration, command.conversation, self.recordings)
            await self._cancelled_have_ended()
            await self._shortening(command).prefill(self._profile.responder, request)
        except Exception as error:
            as_api_error(error)

    def _shortening(self, command: Prefill | StartReply) -> Shortening:
        return Shortening(
            command.configuration.truncation, on_refused=lambda tokens: self._report(ContextFilled(tokens=tokens))
        )

    def used_so_far(self, generation: int) -> Usage | None:
        """An estimate of what a reply has used so far; None if it was refused, or has not begun."""
        spending = self._spent.get(generation)
        return None if spending is None else spending.usage

    def forget_use(self, generation: int) -> None:
        """Forget a reply whose response has been counted."""
        self._spent.pop(generation, None)

    # --- replies -----------------------------------------------------------------------------------------------------

    def _start_reply(self, command: StartReply) -> None:
        task = self._tasks.create_task(self._reply(command))
        self._replies[command.generation] = task
        task.add_done_callback(lambda _: self._replies.pop(command.generation, None))

    def _cancel_reply(self, generation: int) -> None:
        if task := self._replies.pop(generation, None):
            task.cancel()
            self._cancelled.add(task)
            task.add_done_callback(self._cancelled.discard)
            # Nobody counts what was discarded before it was shown.
            asyncio.get_running_loop().call_soon(self._spent.pop, generation, None)

    async def _cancelled_have_ended(self) -> None:
        """Wait for cancelled replies to end. The next request to the language model is usually about the same
        conversation; unaware that a reply is cancelled, it would read all of that anew alongside it."""
        if self._cancelled:
            await asyncio.wait(self._cancelled)

    async def _reply(self, command: StartReply) -> None:
        turn = self._span.child("turn", is_speculative=command.is_speculative)
        with within(turn):
            async with aclosing(self._results(command)) as results:
                async for result in results:
                    await self._room()
                    self._report(result)

    async def _results(self, command: StartReply) -> AsyncGenerator[ReplyResult]:
        """The reply, piece by piece; if it fails, the failure is its last result."""
        responder, generation = self._profile.responder, command.generation
        try:
            self.recordings.keep_only(item.id for item in command.conversation)
            request = await reply_request(command.configuration, command.conversation, self.recordings)
            spending = self._spent[generation] = Spending(request)
            await self._cancelled_have_ended()
            audio = OutputAudio(command.configuration.output_format, sample_rate=responder.sample_rate)
            reply = self._shortening(command).respond(responder, request)
            checking = self._tasks.create_task(self._refusal(request))
            async with aclosing(reply) as events:
                async for event in events:
                    if isinstance(event, Progress):
                        self._take_note(generation, event)
                        continue
                    if refusal := await checking:
                        raise refusal
                    spending.take(event)
                    for result in _as_results(event, generation, audio):
                        yield result
        except Exception as error:
            if (spent := self._spent.get(generation)) is not None and not spent.has_made_anything:
                del self._spent[generation]
            yield ReplyFailed(generation=generation, error=client_error(error))

    def _take_note(self, generation: int, progress: Progress) -> None:
        """This waits for nothing: neither for whether the reply may be given, nor for room to send it."""
        match progress:
            case StageReached():
                if progress.stage is Stage.HEARD:
                    # Until then, earlier turns could be prefilled; now the reply needs the language model.
                    self._prefilling.end()
                self._on_stage(generation, progress.stage)
            case LastHeard():
                if progress.language is not None:
                    self.recordings.note_language(progress.language)
                self._report(ReplyHeard(generation=generation, transcript=progress.text, logprobs=progress.logprobs))

    async def _refusal(self, request: ReplyRequest) -> Exception | None:
        """Why the reply may not be given; None if it may."""
        try:
            await self._check(request)
        except Exception as error:
            return error
        return None


def _as_results(event: ReplyPiece, generation: int, audio: OutputAudio) -> Iterator[ReplyResult]:
    match event:
        case TextWritten():
            yield ReplyText(generation=generation, text=event.text)
        case TranscriptSpoken():
            yield ReplyTranscript(generation=generation, text=event.text)
        case AudioSpoken():
            for piece in audio.feed(event.audio):
                yield ReplyAudio(generation=generation, audio=piece)
        case ToolCallDelta():
            yield from _rest(generation, audio)
            yield ReplyToolCall(generation=generation, index=event.index, name=event.name, arguments=event.arguments)
        case ToolCallEnded():
            yield ReplyToolCallEnded(generation=generation)
        case Finished():
            yield from _rest(generation, audio)
            yield ReplyFinished(generation=generation, reason=event.finish_reason, usage=event.usage)


def _rest(generation: int, audio: OutputAudio) -> Iterator[ReplyResult]:
    """The end of what was said, which must be sent before whatever follows."""
    for piece in audio.finish():
        yield ReplyAudio(generation=generation, audio=piece)


def client_error(error: Exception) -> Error:
    """An error as the client sees it; if it is the server's own fault, the log has the cause."""
    known = as_api_error(error)
    if known.type == "invalid_request_error":
        return Error(code=known.code, message=known.message)
    code = "rate_limit_exceeded" if known.status == HTTPStatus.TOO_MANY_REQUESTS else "server_error"
    return Error(type="server_error", code=code, message=known.message)
