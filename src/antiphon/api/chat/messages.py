"""Converts the messages of a chat request into conversation turns, decoding recordings and resolving audio ids."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from antiphon.api.chat.legacy_functions import with_functions_as_tools
from antiphon.api.chat.request import (
    AssistantMessage,
    ChatMessage,
    Content,
    ContentPart,
    FilePart,
    ImagePart,
    InputAudioPart,
    RefusalPart,
    TextPart,
    ToolMessage,
    UserMessage,
)
from antiphon.api.domain_errors import as_api_error
from antiphon.api.errors import PayloadTooLarge
from antiphon.audio.base64_text import decode_base64
from antiphon.audio.decoder import Decoder
from antiphon.audio.errors import InvalidAudio
from antiphon.dialogue import hearing
from antiphon.dialogue.reply import Speech, Turn
from antiphon.parameters.complaints import invalid_type, missing, unsupported_value
from antiphon.parameters.errors import InvalidRequest
from antiphon.resources.audio_outputs import AudioOutputs
from antiphon.resources.errors import AudioOutputNotFound
from antiphon.vocabulary.tools import ToolCall

MAX_AUDIO_BYTES = 20 * 1024 * 1024
MAX_AUDIO_SECONDS = 1_800
"""For all recordings of a request together: what 20 MB hold at a typical bit rate."""

_LONG_AUDIO_BYTES = 1024 * 1024
"""Base64 this long is decoded in a thread: all the steps together may take a tenth of a second."""

_ESCAPE = re.compile(rb"\\")
_DATA_URL = re.compile(rb"data:[^,]{0,200},")
_INPUT_FORMATS = ("wav", "mp3", "flac", "opus", "ogg", "webm", "m4a", "mp4", "aac")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    turns: list[Turn]
    files: list[bytes]
    """The recordings as received, in the order of the messages."""


class ConversationReader:
    """Converts messages into conversations."""

    def __init__(self, decoder: Decoder, audio_outputs: AudioOutputs) -> None:
        self._decoder = decoder
        self._audio_outputs = audio_outputs

    async def read(self, messages: Sequence[ChatMessage], *, account_id: str) -> Conversation:
        """The messages as turns. They can refer only to this account's audio outputs.

        Raises `InvalidRequest`, `PayloadTooLarge`, and another `ApiError` for a recording that cannot be used.
        """
        turns: list[Turn] = []
        files: list[bytes] = []
        seconds = 0.0
        for index, message in enumerate(with_functions_as_tools(messages)):
            param = f"messages[{index}]"
            turn = await self._read_message(message, param, account_id, files)
            seconds += sum(part.audio.seconds for part in turn.parts if isinstance(part, Speech))
            if seconds > MAX_AUDIO_SECONDS:
                raise InvalidRequest(
                    f"The recordings of one request may last {MAX_AUDIO_SECONDS // 60} minutes in total. Send fewer "
                    "or shorter ones.",
                    param=param,
                    code="invalid_audio",
                )
            turns.append(turn)
        return Conversation(turns=turns, files=files)

    async def _read_message(self, message: ChatMessage, param: str, account_id: str, files: list[bytes]) -> Turn:
        if isinstance(message, AssistantMessage):
            return await self._read_assistant_message(message, param, account_id)
        if isinstance(message, ToolMessage):
            parts = await self._read_content(message.content, param)
            return Turn(role="tool", parts=parts, tool_call_id=message.tool_call_id)
        is_user = isinstance(message, UserMessage)
        parts = await self._read_content(message.content, param, files=files if is_user else None)
        return Turn(role="user" if is_user else "system", parts=parts)

    async def _read_assistant_message(self, message: AssistantMessage, param: str, account_id: str) -> Turn:
        parts = list(await self._read_content(message.content, param, may_be_absent=True))
        if message.audio is not None:
            try:
                parts.append(await self._audio_outputs.transcript(account_id, message.audio.id))
            except AudioOutputNotFound as error:
                raise as_api_error(error, param=f"{param}.audio.id") from error
        if message.refusal:
            parts.append(message.refusal)
        calls = [
            ToolCall(id=call.id, name=call.function.name, arguments=call.function.arguments)
            for call in message.tool_calls or ()
        ]
        if not parts and not calls:
            raise missing(f"{param}.content", "An assistant message needs content, audio or tool calls.")
        return Turn(role="assistant", parts=parts, tool_calls=calls)

    async def _read_content(
        self, content: Content, param: str, *, files: list[bytes] | None = None, may_be_absent: bool = False
    ) -> Sequence[str | Speech]:
        """Recordings are added to `files`; without it, none are allowed."""
        if content is None:
            if may_be_absent:
                return ()
            raise missing(f"{param}.content")
        if isinstance(content, str):
            return (content,)
        return [await self._read_part(part, f"{param}.content[{index}]", files) for index, part in enumerate(content)]

    async def _read_part(self, part: ContentPart, param: str, files: list[bytes] | None) -> str | Speech:
        match part:
            case TextPart():
                return part.text
            case RefusalPart():
                return part.refusal
            case InputAudioPart() if files is not None:
                return await self._read_audio(part, f"{param}.input_audio", files)
            case InputAudioPart():
                raise _invalid_part("input_audio", param, "It is allowed only in user messages.")
            case ImagePart():
                raise _invalid_part("image_url", param, "This model understands text and audio, but not images.")
            case FilePart():
                raise _invalid_part("file", param, "Send its text, or audio as 'input_audio'.")

    async def _read_audio(self, part: InputAudioPart, param: str, files: list[bytes]) -> Speech:
        declared = part.input_audio.format
        if declared not in _INPUT_FORMATS:
            raise unsupported_value(f"{param}.format", declared, ("wav", "mp3"))
        encoded, where = part.input_audio.data, f"{param}.data"
        if len(memoryview(encoded)) > _LONG_AUDIO_BYTES:
            data = await asyncio.to_thread(_decode_audio, encoded, where)
        else:
            data = _decode_audio(encoded, where)
        try:
            audio = await self._decoder.decode(data, declared_format=declared, sample_rate=hearing.SAMPLE_RATE)
        except InvalidAudio as error:
            raise as_api_error(error, param=f"{param}.data") from error
        files.append(data)
        return Speech(audio=audio, source=f"{param}.data")


def _decode_audio(data: msgspec.Raw, param: str) -> bytes:
    """Decode a JSON string of base64. Data URLs, which browsers make, are accepted too.

    Works on views of the body, to avoid copying 28 MB, and mostly without Python's lock.
    """
    encoded = memoryview(data)
    if encoded[0] != ord('"'):
        raise invalid_type(param, "expected a string")
    encoded = encoded[1:-1]
    try:
        try:
            decoded = _decode_url_or_base64(encoded)
        except ValueError:
            if not _ESCAPE.search(encoded):  # A line break, or a slash, which some JSON encoders write as \/.
                raise
            decoded = _decode_url_or_base64(memoryview(msgspec.json.decode(data, type=str).encode()))
    except (ValueError, msgspec.DecodeError):  # Data left undecoded need not even be UTF-8.
        raise InvalidRequest(
            f"Invalid value for '{param}': it is not valid base64. Encode the bytes of the audio file.",
            param=param,
            code="invalid_base64",
        ) from None
    if len(decoded) > MAX_AUDIO_BYTES:
        raise PayloadTooLarge(f"Maximum content size limit ({MAX_AUDIO_BYTES}) exceeded. Send a shorter recording.")
    return decoded


def _decode_url_or_base64(encoded: memoryview) -> bytes:
    data_url = _DATA_URL.match(encoded)
    return decode_base64(encoded[data_url.end() :] if data_url else encoded)


def _invalid_part(kind: str, param: str, advice: str) -> InvalidRequest:
    return InvalidRequest(
        f"Invalid content type '{kind}' in '{param}'. {advice}", param=f"{param}.type", code="invalid_value"
    )
