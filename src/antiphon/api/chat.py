"""Chat completions: from a request to a reply, whole or streamed."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from antiphon.api.authentication import Authenticator, Caller
from antiphon.api.bodies import BodyReader
from antiphon.api.chat_completion import Completion, JsonObject, usage_json, usage_of_choices
from antiphon.api.chat_conversation import ConversationReader
from antiphon.api.chat_options import ChatOptions, read_options
from antiphon.api.chat_request import ChatRequest, parse
from antiphon.api.choices import reply_events
from antiphon.api.disconnection import while_connected
from antiphon.api.errors import JSON, as_api_error, error_body
from antiphon.api.streamed_choice import StreamedChoice
from antiphon.api.whole_choice import WholeChoice, audio_json
from antiphon.audio.encode import encoder
from antiphon.dialogue.profile import Profile
from antiphon.dialogue.reply import ReplyEvent, ReplyFinished, ReplyRequest, Responder, Usage, Voice
from antiphon.errors import InvalidRequest, OperationNotSupported
from antiphon.identity.roles import DataAction
from antiphon.resources.audio_outputs import AudioOutputs, new_audio_id
from antiphon.resources.deployments import Deployment, Deployments

_EVENT_STREAM = "text/event-stream; charset=utf-8"
_OPERATION = "chatCompletion"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """One request, understood."""

    caller: Caller
    deployment: str
    """Its name, as it was written when it was made."""
    options: ChatOptions
    reply: ReplyRequest
    responder: Responder
    completion: Completion

    def events(self) -> AsyncGenerator[tuple[int, ReplyEvent]]:
        return reply_events(self.responder, self.reply, choices=self.options.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatCompletions:
    """The operation, under whichever route it is asked for."""

    authenticator: Authenticator
    bodies: BodyReader
    conversations: ConversationReader
    deployments: Deployments
    audio_outputs: AudioOutputs
    profiles: Mapping[str, Profile]
    """By the names that deployments know them by."""

    async def create(self, request: Request, *, deployment: str | None) -> Response:
        """Answer a request; `deployment` None leaves its choice to the `model` of the body.

        Raises `ApiError` for all that a client can be told of before the answer begins, and `ClientDisconnect`.
        """
        call = await self._receive(request, deployment)
        answer = self._stream(call) if call.options.stream else self._whole(call)
        response = await while_connected(request, answer)
        response.headers["x-ms-deployment-name"] = call.deployment
        return response

    async def _receive(self, request: Request, deployment: str | None) -> _Call:
        """Read and understand the request. Its body, which may be large, is let go of before the reply is made."""
        caller = await self.authenticator.authenticate(request, DataAction.CHAT)
        if deployment is not None:
            await self.deployments.get(caller.account.id, deployment)  # Refused before a long body is read.
        async with self.bodies.read(request) as body:
            chat = parse(body)
            found = await self.deployments.get(caller.account.id, deployment or _model(chat))
            return await while_connected(request, self._understand(chat, caller, found))

    async def _understand(self, chat: ChatRequest, caller: Caller, deployment: Deployment) -> _Call:
        if _OPERATION not in deployment.model.capabilities:
            raise OperationNotSupported(_OPERATION, deployment.model.name)
        profile = self.profiles[deployment.profile]
        options = read_options(chat, voices=profile.responder.voices)
        return _Call(
            caller=caller,
            deployment=deployment.name,
            options=options,
            reply=ReplyRequest(
                conversation=await self.conversations.read(chat.messages, account_id=caller.account.id),
                voice=Voice(name=options.voice) if options.voice else None,
                sampling=options.sampling,
                tools=options.tools,
                tool_choice=options.tool_choice,
                parallel_tool_calls=options.parallel_tool_calls,
                response_format=options.response_format,
            ),
            responder=profile.responder,
            completion=Completion(model=deployment.model.id, system_fingerprint=profile.fingerprint),
        )

    async def _whole(self, call: _Call) -> Response:
        choices = [
            WholeChoice(
                encoder=encoder(call.options.audio_format, sample_rate=call.responder.sample_rate)
                if call.options.voice
                else None
            )
            for _ in range(call.options.choices)
        ]
        async with aclosing(call.events()) as events:
            async for index, event in events:
                await choices[index].add(event)
        usage = usage_of_choices([choice.finished.usage for choice in choices if choice.finished])
        answers = [await self._answer(call, index, choice) for index, choice in enumerate(choices)]
        return Response(msgspec.json.encode(call.completion.whole(answers, usage)), media_type=JSON)

    async def _answer(self, call: _Call, index: int, choice: WholeChoice) -> JsonObject:
        spoken = await choice.spoken()
        if spoken is None:
            return choice.as_json(index, None)
        audio_id = new_audio_id()
        expires_at = await self._keep(call, audio_id, spoken.transcript, spoken.data)
        return choice.as_json(index, audio_json(audio_id, spoken, expires_at))

    async def _stream(self, call: _Call) -> Response:
        """Begin the stream with the first event at hand, so that what goes wrong before has its own status."""
        events = call.events()
        try:
            first = await anext(events)
        except BaseException:
            await events.aclose()
            raise
        return StreamingResponse(self._server_sent_events(call, first, events), media_type=_EVENT_STREAM)

    async def _server_sent_events(
        self, call: _Call, first: tuple[int, ReplyEvent], rest: AsyncGenerator[tuple[int, ReplyEvent]]
    ) -> AsyncGenerator[bytes]:
        """The stream; an error in its midst is its last event."""
        async with aclosing(rest):
            try:
                async for chunk in self._chunks(call, _chain(first, rest)):
                    yield _server_sent_event(chunk)
            except Exception as error:
                yield _server_sent_event(error_body(as_api_error(error)))
                return
            yield b"data: [DONE]\n\n"

    async def _chunks(self, call: _Call, events: AsyncGenerator[tuple[int, ReplyEvent]]) -> AsyncGenerator[JsonObject]:
        choices = [StreamedChoice(index=index) for index in range(call.options.choices)]
        usages: list[Usage] = []
        more = {"usage": None} if call.options.stream_usage else {}
        for choice in choices:
            yield call.completion.chunk([choice.begin()], **more)
        async for index, event in events:
            choice = choices[index]
            for delta in choice.deltas(event):
                yield call.completion.chunk([delta], **more)
            if isinstance(event, ReplyFinished):
                usages.append(event.usage)
                if choice.transcript:
                    transcript = "".join(choice.transcript).strip()
                    expires_at = await self._keep(call, choice.audio_id, transcript, bytes(choice.audio))
                    yield call.completion.chunk([choice.expire(expires_at)], **more)
                yield call.completion.chunk([choice.finish(event)], **more)
        if call.options.stream_usage:
            yield call.completion.chunk([], usage=usage_json(usage_of_choices(usages)))

    async def _keep(self, call: _Call, audio_id: str, transcript: str, data: bytes) -> int:
        """Keep what was said; return until when, in Unix seconds."""
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


async def _chain(
    first: tuple[int, ReplyEvent], rest: AsyncGenerator[tuple[int, ReplyEvent]]
) -> AsyncGenerator[tuple[int, ReplyEvent]]:
    yield first
    async for event in rest:
        yield event


def _server_sent_event(data: JsonObject) -> bytes:
    return b"data: " + msgspec.json.encode(data) + b"\n\n"
