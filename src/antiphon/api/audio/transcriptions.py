"""`/audio/transcriptions` and `/audio/translations`: a recording of up to hours as text, which can be sent while it is
being recognized."""

from __future__ import annotations

import math
import re
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec
import pybase64
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from antiphon.api.audio.calls import AudioCalls, AudioOperation
from antiphon.api.audio.recording import AudioRecorder, AudioRecording
from antiphon.api.audio.transcript import Transcript, segment_json
from antiphon.api.audio.transcription_request import ModelRules, TranscriptionFields, read_fields
from antiphon.api.bodies import BodyReader
from antiphon.api.chat.completion import JsonObject
from antiphon.api.data_plane import AccountCaller
from antiphon.api.disconnection import while_connected
from antiphon.api.domain_errors import as_api_error
from antiphon.api.error_responses import JSON
from antiphon.api.errors import OperationNotSupported, PayloadTooLarge
from antiphon.api.forms import Form, Part, read_form
from antiphon.api.served_deployment import rate_headers
from antiphon.api.streams import EVENT_STREAM, begun, server_sent_event
from antiphon.audio.errors import InvalidAudio
from antiphon.audio.pcm import Pcm
from antiphon.audio.stream_decoder import MAX_FILE_BYTES, StreamDecoder
from antiphon.dialogue.reply import audio_tokens
from antiphon.dialogue.transcription import (
    SAMPLE_RATE,
    RecordingEnded,
    Transcribed,
    Transcriber,
    TranscriptionRequest,
)
from antiphon.engines.interfaces import RecognitionOptions
from antiphon.parameters.complaints import invalid_value, missing
from antiphon.parameters.errors import InvalidRequest
from antiphon.resources.deployments import Deployment
from antiphon.resources.rate_limits import RateStatus
from antiphon.resources.records import Piece
from antiphon.vocabulary.logprobs import logprobs_json
from antiphon.vocabulary.tokens import INPUT_TOKENS_A_SECOND, estimate_text_tokens

Task: TypeAlias = Literal["transcribe", "translate"]

_TRANSCRIPTION = AudioOperation(capability="audioTranscription", azure_name="AudioTranscriptions_Create")
_TRANSLATION = AudioOperation(capability="audioTranslation", azure_name="AudioTranslations_Create")
_FORM_BYTES = 4 * 1024 * 1024
"""For all but the file: references of speakers take the most."""
_ADVICE = "An audio file may have 25 MB: send a shorter recording, or one in MP3 or Opus."
_SHORTEST_SECONDS = 0.1
_DATA_URL = re.compile(r"data:[\w.+/;= -]{0,100};base64,")
_SHORTEST_REFERENCE, _LONGEST_REFERENCE = 1.9, 10.5
"""In seconds: OpenAI's limits, 2 and 10, and what encoders add or leave out."""
_EXTENSION = re.compile(r"[a-z0-9]{1,5}")


def transcription_bodies() -> BodyReader:
    return BodyReader(
        max_bytes=MAX_FILE_BYTES + _FORM_BYTES, max_large=8, max_large_of_account=4, advice=_ADVICE, is_json=False
    )


@dataclass(slots=True, kw_only=True)
class _Call:
    """A request, once understood, and what has become of it."""

    caller: AccountCaller
    deployment: Deployment
    rules: ModelRules
    fields: TranscriptionFields
    transcriber: Transcriber
    recording: AsyncGenerator[Pcm]
    transcript: Transcript
    speakers: Mapping[str, Pcm]
    """Speech of those that are known, by name."""
    rates: RateStatus
    record: AudioRecording | None

    @property
    def tokens(self) -> tuple[int, int]:
        audio = audio_tokens(self.transcript.seconds, INPUT_TOKENS_A_SECOND)
        return audio + estimate_text_tokens(self.fields.prompt), estimate_text_tokens(self.transcript.text)

    @property
    def usage(self) -> JsonObject:
        if self.rules.is_whisper:
            return {"type": "duration", "seconds": math.ceil(self.transcript.seconds)}
        input_tokens, output_tokens = self.tokens
        text_tokens = estimate_text_tokens(self.fields.prompt)
        return {
            "type": "tokens",
            "input_tokens": input_tokens,
            "input_token_details": {"text_tokens": text_tokens, "audio_tokens": input_tokens - text_tokens},
            "output_tokens": output_tokens,
            "total_tokens": input_tokens + output_tokens,
        }

    def finish_record(self, *, is_whole: bool) -> None:
        if self.record is not None:
            self.record.finish(
                {"content": self.transcript.text}, usage=self.usage if is_whole else None, tokens=self.tokens
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcriptions:
    """Both operations, whichever route they are called through."""

    calls: AudioCalls
    bodies: BodyReader
    decoder: StreamDecoder
    recorder: AudioRecorder

    async def create(self, request: Request, *, deployment: str | None) -> Response:
        """Answer a request for a transcription; if `deployment` is None, the `model` of the form chooses it.

        Raises every error that can be reported before the answer begins, and `ClientDisconnect`.
        """
        return await self._answer(request, deployment, _TRANSCRIPTION, "transcribe")

    async def translate(self, request: Request, *, deployment: str | None) -> Response:
        """The same for a translation into English."""
        return await self._answer(request, deployment, _TRANSLATION, "translate")

    async def _answer(
        self, request: Request, deployment: str | None, operation: AudioOperation, task: Task
    ) -> Response:
        caller = await self.calls.caller(request, deployment)
        async with self.bodies.read(request, account_id=caller.account.id) as body:
            form = read_form(body, request.headers.get("content-type", ""))
            understood = self._understand(request, form, caller, deployment, operation, task)
            call = await while_connected(request, understood)
        answer = self._stream(call) if call.fields.is_streamed else self._whole(call)
        response = await while_connected(request, answer)
        response.headers["x-ms-deployment-name"] = call.deployment.name
        response.headers.update(rate_headers(call.rates))
        return response

    async def _understand(
        self,
        request: Request,
        form: Form,
        caller: AccountCaller,
        named: str | None,
        operation: AudioOperation,
        task: Task,
    ) -> _Call:
        """The call, whose file is being decoded. One that is refused here does not count towards the rate limits."""
        found, profile = await self.calls.deployment(caller, operation, named=named, model=form.text("model"))
        if profile.transcriber is None:
            raise OperationNotSupported(operation.capability, found.model.name)
        rules = ModelRules(model=found.model.name)
        fields = read_fields(form, rules, is_translation=task == "translate")
        file = _file(form)
        speakers = await self._introduced(fields)
        recording = await self._begun(file)
        try:
            rates = await self.calls.admit(request, caller, found, operation, tokens=1)
            record = self._begin_record(file, fields, operation, caller, found)
        except BaseException:
            await recording.aclose()
            raise
        return _Call(
            caller=caller,
            deployment=found,
            rules=rules,
            fields=fields,
            transcriber=profile.transcriber,
            recording=recording,
            transcript=Transcript(task, fields.language),
            speakers=speakers,
            rates=rates,
            record=record,
        )

    async def _introduced(self, fields: TranscriptionFields) -> Mapping[str, Pcm]:
        """Speech of each known speaker, by name. Raises `InvalidRequest` and an `ApiError` for what cannot be used."""
        speakers: dict[str, Pcm] = {}
        for index, (name, url) in enumerate(zip(fields.speaker_names, fields.speaker_references, strict=True)):
            param = f"known_speaker_references[{index}]"
            found = _DATA_URL.match(url)
            if found is None:
                raise invalid_value(param, f"Invalid '{param}': expected audio as a data URL, in base64.")
            try:
                data = pybase64.b64decode(url[found.end() :], validate=True)
                pieces = self.decoder.decode(data, declared_format="audio", sample_rate=SAMPLE_RATE)
                audio = Pcm.concatenate([piece async for piece in pieces], SAMPLE_RATE)
            except ValueError:
                raise invalid_value(param, f"Invalid '{param}': its base64 cannot be decoded.") from None
            except InvalidAudio as error:
                raise as_api_error(error, param=param) from None
            if not _SHORTEST_REFERENCE <= audio.seconds <= _LONGEST_REFERENCE:
                raise invalid_value(
                    param,
                    f"Invalid '{param}': expected {_SHORTEST_REFERENCE:g} to {_LONGEST_REFERENCE:g} seconds of speech, "
                    f"but got {audio.seconds:.1f}.",
                )
            speakers[name] = audio
        return speakers

    async def _begun(self, file: Part) -> AsyncGenerator[Pcm]:
        """The file's audio. Its beginning is there, so that the file itself is no longer needed."""
        pieces = self.decoder.decode(file.data, declared_format=_extension(file), sample_rate=SAMPLE_RATE)
        try:
            return await begun(pieces)
        except InvalidAudio as error:
            raise as_api_error(error, param="file") from None

    def _begin_record(
        self,
        file: Part,
        fields: TranscriptionFields,
        operation: AudioOperation,
        caller: AccountCaller,
        deployment: Deployment,
    ) -> AudioRecording | None:
        if not self.recorder.is_on:
            return None
        name = f"input-0.{_extension(file)}"
        return self.recorder.begin(
            "audioTranslation" if operation is _TRANSLATION else "audioTranscription",
            [{"type": "input_audio", "input_audio": {"data": name, "format": _extension(file)}}],
            {"language": fields.language, "prompt": fields.prompt, "response_format": fields.response_format},
            caller=caller,
            deployment=deployment,
            files=[Piece(name=name, data=bytes(file.data))],
        )

    async def _whole(self, call: _Call) -> Response:
        async with aclosing(self._transcribed(call)) as stretches:
            async for _ in stretches:
                pass
        transcript, fields = call.transcript, call.fields
        match fields.response_format:
            case "text":
                return PlainTextResponse(transcript.plain())
            case "srt":
                return PlainTextResponse(transcript.srt())
            case "vtt":
                return PlainTextResponse(transcript.vtt())
            case "verbose_json":
                answer = transcript.verbose(words=fields.words, segments=fields.segments, usage=call.usage)
            case "diarized_json":
                answer = transcript.diarized(call.usage)
            case _:
                answer = {"text": transcript.text, **_logprobs(call), "usage": call.usage}
        return Response(msgspec.json.encode(answer), media_type=JSON)

    async def _stream(self, call: _Call) -> Response:
        """Wait for the first event before starting the stream, so that an earlier error gets its own status."""
        return StreamingResponse(_sent(await begun(self._events(call))), media_type=EVENT_STREAM)

    async def _events(self, call: _Call) -> AsyncGenerator[JsonObject]:
        async with aclosing(self._transcribed(call)) as stretches:
            async for stretch, added in stretches:
                more: JsonObject = {"logprobs": logprobs_json(stretch.speech.logprobs)} if call.fields.logprobs else {}
                index = len(call.transcript.stretches) - 1
                if stretch.speaker is not None:
                    more["segment_id"] = f"seg_{index}"
                yield {"type": "transcript.text.delta", "delta": added, **more}
                if stretch.speaker is not None:
                    yield segment_json(index, stretch)
        yield {
            "type": "transcript.text.done",
            "text": call.transcript.text,
            **_logprobs(call),
            "usage": call.usage,
        }

    async def _transcribed(self, call: _Call) -> AsyncGenerator[tuple[Transcribed, str]]:
        """Yield the stretches, which are then part of the transcript, each with what it adds to the text."""
        is_whole = False
        try:
            async with aclosing(call.transcriber.transcribe(call.recording, _request(call))) as heard:
                async for each in heard:
                    if isinstance(each, RecordingEnded):
                        call.transcript.seconds = each.seconds
                    else:
                        yield each, call.transcript.add(each)
            if call.transcript.seconds < _SHORTEST_SECONDS:
                raise InvalidRequest(
                    f"Audio file is too short. Minimum audio length is {_SHORTEST_SECONDS} seconds.",
                    param="file",
                    code="audio_too_short",
                )
            is_whole = True
        finally:
            call.finish_record(is_whole=is_whole)
        tokens = max(sum(call.tokens) - 1, 0)
        call.rates = await self.calls.rate_limits.count_used(call.caller.account.id, call.deployment, tokens=tokens)


def _request(call: _Call) -> TranscriptionRequest:
    fields = call.fields
    times = fields.response_format in ("srt", "vtt", "verbose_json", "diarized_json")
    return TranscriptionRequest(
        options=RecognitionOptions(
            task=call.transcript.task,
            temperature=fields.temperature,
            words=times,
            logprobs=fields.logprobs,
            languages=fields.languages,
        ),
        language=fields.language,
        prompt=fields.prompt,
        chunking=fields.chunking,
        speakers=call.speakers if fields.response_format == "diarized_json" else None,
        is_awaited=fields.is_streamed,
    )


def _file(form: Form) -> Part:
    file = form.file("file")
    if file is None:
        raise missing("file")
    if len(file.data) > MAX_FILE_BYTES:
        raise PayloadTooLarge(
            f"Maximum content size limit ({MAX_FILE_BYTES} bytes) exceeded: the file has {len(file.data)}. {_ADVICE}"
        )
    return file


def _extension(file: Part) -> str:
    extension = (file.file_name or "").rpartition(".")[2].lower()
    return extension if _EXTENSION.fullmatch(extension) else "bin"


def _logprobs(call: _Call) -> JsonObject:
    return {"logprobs": logprobs_json(call.transcript.logprobs)} if call.fields.logprobs else {}


async def _sent(events: AsyncGenerator[JsonObject]) -> AsyncGenerator[bytes]:
    """The events on the wire; an error part-way through is the last."""
    async with aclosing(events):
        try:
            async for event in events:
                yield server_sent_event(event)
        except Exception as error:
            yield server_sent_event({"type": "error", **as_api_error(error).body()})
