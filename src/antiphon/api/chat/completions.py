"""Chat completions: from a request to a reply, whole or streamed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass

import msgspec
import pybase64
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from antiphon.api.bodies import BodyReader
from antiphon.api.chat.bounds import check_bounds
from antiphon.api.chat.choices import SpokenAudio, StreamedChoice, WholeChoice, reply_events
from antiphon.api.chat.completion import Completion, JsonObject, usage_json, usage_of_choices
from antiphon.api.chat.messages import ConversationReader
from antiphon.api.chat.options import ChatOptions, read_options
from antiphon.api.chat.recording import ChatRecorder, ChatRecording, Said
from antiphon.api.chat.request import ChatRequest, parse
from antiphon.api.chat.tool_history import check_tool_history
from antiphon.api.data_plane import AccountCaller, DataAuthorizer
from antiphon.api.disconnection import while_connected
from antiphon.api.domain_errors import as_api_error, rate_limited
from antiphon.api.error_responses import JSON
from antiphon.api.errors import OperationNotSupported
from antiphon.api.large_json import LargeJsonReader
from antiphon.api.served_deployment import profile_of, rate_headers
from antiphon.api.streams import EVENT_STREAM, begun, server_sent_event
from antiphon.audio.encode import Format, encoder
from antiphon.dialogue.estimate import estimate_tokens
from antiphon.dialogue.profile import Profile
from antiphon.dialogue.reply import ReplyFinished, ReplyPiece, ReplyRequest, Responder, Voice
from antiphon.hardening.fair_turns import Asking, asking
from antiphon.identity.roles import DataAction
from antiphon.parameters.errors import InvalidRequest
from antiphon.resources.audio_outputs import AudioOutputs, new_audio_id
from antiphon.resources.deployments import Deployment, Deployments
from antiphon.resources.errors import RateLimitExceeded
from antiphon.resources.rate_limits import RateLimits, RateStatus
from antiphon.vocabulary.usage import Usage

_OPERATION = "chatCompletion"
_AZURE_OPERATION = "ChatCompletions_Create"
"""The operation's name in messages about rate limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """A request, once understood."""

    caller: AccountCaller
    deployment: str
    """The deployment's name, spelled as it was when the deployment was created."""
    options: ChatOptions
    reply: ReplyRequest
    responder: Responder
    completion: Completion
    rates: RateStatus
    recording: ChatRecording | None

    def events(self) -> AsyncGenerator[tuple[int, ReplyPiece]]:
        return reply_events(self.responder, self.reply, choices=self.options.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatCompletions:
    """The operation, whichever route it is called through."""

    authorizer: DataAuthorizer
    bodies: BodyReader
    large_json: LargeJsonReader
    conversations: ConversationReader
    deployments: Deployments
    audio_outputs: AudioOutputs
    rate_limits: RateLimits
    recorder: ChatRecorder
    profiles: Mapping[str, Profile]
    """Keyed by the names that deployments use."""

    async def create(self, request: Request, *, deployment: str | None) -> Response:
        """Answer a request; if `deployment` is None, the `model` of the body chooses it.

        Raises every error that can be reported before the answer begins, and `ClientDisconnect`.
        """
        call = await self._receive(request, deployment)
        answer = self._stream(call) if call.options.stream else self._whole(call)
        response = await while_connected(request, answer)
        response.headers["x-ms-deployment-name"] = call.deployment
        response.headers.update(rate_headers(call.rates))
        return response

    async def _receive(self, request: Request, deployment: str | None) -> _Call:
        """Read and understand the request, and release its body, which may be large, before the reply is made."""
        caller = await self.authorizer.authorize(request, DataAction.CHAT)
        asking.set(Asking(account=caller.account.id))
        if deployment is not None:
            await self.deployments.get(caller.account.id, deployment)  # Refuse before reading a long body.
        async with self.bodies.read(request, account_id=caller.account.id) as body:
            chat = await self.large_json.read(body, parse)
            check_bounds(chat)
            check_tool_history(chat.messages)
            if deployment is None:
                found = await self.deployments.meant_by(caller.account.id, _model(chat))
            else:
                found = await self.deployments.get(caller.account.id, deployment)
            api_version = request.query_params.get("api-version") or "v1"
            return await while_connected(request, self._understand(chat, caller, found, api_version))

    async def _understand(
        self, chat: ChatRequest, caller: AccountCaller, deployment: Deployment, api_version: str
    ) -> _Call:
        """A request refused here, even by the rate limits themselves, does not count towards them."""
        if _OPERATION not in deployment.model.capabilities:
            raise OperationNotSupported(_OPERATION, deployment.model.name)
        profile = profile_of(deployment, self.profiles)
        options = read_options(chat, voices=profile.responder.voices)
        conversation = await self.conversations.read(chat.messages, account_id=caller.account.id)
        reply = ReplyRequest(
            conversation=conversation.turns,
            voice=Voice(name=options.voice) if options.voice else None,
            sampling=options.sampling,
            tools=options.tools.tools,
            tool_choice=options.tools.choice,
            parallel_tool_calls=options.tools.in_parallel,
            response_format=options.response_format,
        )
        completion = Completion(model=deployment.model.id, system_fingerprint=profile.fingerprint)
        tokens = estimate_tokens(reply, choices=options.choices)
        try:
            rates = await self.rate_limits.admit(caller.account.id, deployment, tokens=tokens)
        except RateLimitExceeded as error:
            raise rate_limited(error, _AZURE_OPERATION, api_version) from None
        return _Call(
            caller=caller,
            deployment=deployment.name,
            options=options,
            reply=reply,
            responder=profile.responder,
            completion=completion,
            rates=rates,
            recording=await self.recorder.begin(
                chat, conversation.files, completion=completion, caller=caller, deployment=deployment.name
            ),
        )

    async def _whole(self, call: _Call) -> Response:
        choices = [
            WholeChoice(
                index=index,
                calls_functions=call.options.tools.are_functions,
                encoder=encoder(call.options.audio_format, sample_rate=call.responder.sample_rate)
                if call.options.voice
                else None,
            )
            for index in range(call.options.choices)
        ]
        async with aclosing(call.events()) as events:
            async for index, event in events:
                await choices[index].add(event)
        usage = usage_of_choices([choice.finished.usage for choice in choices if choice.finished])
        said = [await self._said(call, choice) for choice in choices]
        if call.recording is not None:
            await call.recording.finish(said, usage)
        answers = [_answer(each) for each in said]
        return Response(msgspec.json.encode(call.completion.whole(answers, usage)), media_type=JSON)

    async def _said(self, call: _Call, choice: WholeChoice) -> Said:
        """The outcome of a choice. Its audio is kept, so that later messages can refer to it."""
        data = await choice.audio_file()
        audio = None
        if data is not None:
            audio_id, words = new_audio_id(), choice.spoken_words
            expires_at = await self._keep(call, audio_id, words, data)
            audio = SpokenAudio(audio_id=audio_id, data=data, transcript=words, expires_at=expires_at)
        return Said(choice=choice, audio=audio, audio_format=call.options.audio_format)

    async def _stream(self, call: _Call) -> Response:
        """Wait for the first event before starting the stream, so that an earlier error gets its own status."""
        events = await begun(call.events())
        return StreamingResponse(self._server_sent_events(call, events), media_type=EVENT_STREAM)

    async def _server_sent_events(
        self, call: _Call, events: AsyncGenerator[tuple[int, ReplyPiece]]
    ) -> AsyncGenerator[bytes]:
        """The stream; an error part-way through is its last event."""
        choices = [
            StreamedChoice(index=index, calls_functions=call.options.tools.are_functions)
            for index in range(call.options.choices)
        ]
        is_recorded = call.recording is None
        async with aclosing(events):
            try:
                async for chunk in self._chunks(call, choices, events):
                    yield server_sent_event(chunk)
                if call.recording is not None:
                    await call.recording.finish(_said_so_far(choices), _usage_of(choices))
                is_recorded = True
            except Exception as error:
                yield server_sent_event(as_api_error(error).body())
                return
            finally:
                if call.recording is not None and not is_recorded:
                    call.recording.cut_short(_said_so_far(choices))
            yield b"data: [DONE]\n\n"

    async def _chunks(
        self, call: _Call, choices: Sequence[StreamedChoice], events: AsyncGenerator[tuple[int, ReplyPiece]]
    ) -> AsyncGenerator[JsonObject]:
        more = {"usage": None} if call.options.stream_usage else {}
        for choice in choices:
            yield call.completion.chunk([choice.begin()], **more)
        async for index, event in events:
            choice = choices[index]
            for delta in choice.deltas(event):
                yield call.completion.chunk([delta], **more)
            if isinstance(event, ReplyFinished):
                if choice.transcript:
                    expires_at = await self._keep(call, choice.audio_id, choice.spoken_words, bytes(choice.audio))
                    yield call.completion.chunk([choice.expire(expires_at)], **more)
                yield call.completion.chunk([choice.finish()], **more)
        if call.options.stream_usage:
            yield call.completion.chunk([], usage=usage_json(_usage_of(choices)))

    async def _keep(self, call: _Call, audio_id: str, transcript: str, data: bytes) -> int:
        """Keep what was said; return when it expires, in Unix seconds."""
        expires_at = await self.audio_outputs.keep(
            audio_id,
            account_id=call.caller.account.id,
            transcript=transcript,
            data=data,
            audio_format=call.options.audio_format,
        )
        return int(expires_at.timestamp())


def _model(chat: ChatRequest) -> str:
    if chat.model is None:
        raise InvalidRequest("you must provide a model parameter", param="model", code="missing_required_parameter")
    return chat.model


def _answer(said: Said) -> JsonObject:
    audio = said.audio
    return said.choice.as_json(audio and audio.as_json(pybase64.b64encode(audio.data).decode("ascii")))


def _said_so_far(choices: Sequence[StreamedChoice]) -> list[Said]:
    return [Said(choice=choice, audio=choice.spoken(), audio_format=Format.PCM16) for choice in choices]


def _usage_of(choices: Sequence[StreamedChoice]) -> Usage:
    return usage_of_choices([choice.finished.usage for choice in choices if choice.finished])
