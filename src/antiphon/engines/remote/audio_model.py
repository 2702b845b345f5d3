"""A model behind a URL that hears and speaks: any server with OpenAI's `/chat/completions` and audio on both sides."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Literal

import httpx
import pybase64

from antiphon.audio.encode import Format, encode
from antiphon.audio.pcm import Pcm
from antiphon.engines.conversations import conversation_key
from antiphon.engines.errors import NotSupportedByEngine
from antiphon.engines.interfaces import (
    AudioDelta,
    AudioMessage,
    AudioPrompt,
    Conversed,
    GenerationFinished,
    Json,
    TextDelta,
    TranscriptDelta,
)
from antiphon.engines.kind import Role
from antiphon.engines.remote import chat_wire, sse
from antiphon.engines.remote.audio_pieces import AudioPieces
from antiphon.engines.remote.chat_answer import Answer
from antiphon.engines.remote.chat_server import ChatServerSettings, explain
from antiphon.engines.remote.faults import UpstreamFault
from antiphon.engines.remote.kind import remote_kind
from antiphon.engines.remote.settings import SampleRate, Voices
from antiphon.engines.remote.upstream import Upstream


class AudioModelSettings(ChatServerSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The settings of the kind `openai-audio`."""

    voices: Voices
    sample_rate: SampleRate = 24_000
    audio_format: Literal["pcm16", "wav"] = "pcm16"
    """The upstream's name for 16-bit audio in a stream."""


class RemoteAudioModel:
    """An `AudioModel`."""

    def __init__(self, upstream: Upstream, settings: AudioModelSettings) -> None:
        self._upstream = upstream
        self._settings = settings
        self.sample_rate = settings.sample_rate
        self.voices = frozenset(settings.voices)

    async def converse(self, prompt: AudioPrompt) -> AsyncGenerator[Conversed]:
        """See `AudioModel.converse`. Raises `EngineFailed` and `RefusedByEngine` as well."""
        self._settings.check(prompt)
        if prompt.speed != 1.0:
            raise NotSupportedByEngine("speed")
        if prompt.voice is not None and prompt.voice not in self.voices:
            raise NotSupportedByEngine("voice")
        body, conversation = await asyncio.to_thread(lambda: (self._body(prompt), conversation_key(prompt.messages)))

        async def read(response: httpx.Response) -> AsyncGenerator[Conversed]:
            answer = _SpokenAnswer(AudioPieces(self.sample_rate), is_spoken=prompt.voice is not None)
            async with aclosing(sse.events(response, most_silent_seconds=self._settings.read_seconds)) as events:
                async for data in events:
                    for piece in answer.take(chat_wire.chunk(data)):
                        yield piece
            yield answer.finished()

        answering = self._upstream.post("chat/completions", read, conversation=conversation, explain=explain, json=body)
        async with aclosing(answering) as pieces:
            async for piece in pieces:
                yield piece

    def _body(self, prompt: AudioPrompt) -> dict[str, Json]:
        messages = [chat_wire.message_json(message, _content(message)) for message in prompt.messages]
        body = self._settings.request_json(messages, prompt)
        if prompt.voice is None:
            return {"modalities": ["text"], **body}
        audio = {"voice": self._settings.voices[prompt.voice], "format": self._settings.audio_format}
        return {"modalities": ["text", "audio"], "audio": audio, **body}


def _content(message: AudioMessage) -> Json:
    """Text alone is sent as a string, which all servers know."""
    if not any(isinstance(part, Pcm) for part in message.parts):
        return "\n".join(part for part in message.parts if isinstance(part, str))
    return [{"type": "text", "text": part} if isinstance(part, str) else _recording(part) for part in message.parts]


def _recording(audio: Pcm) -> Json:
    file = encode([audio], audio_format=Format.WAV, sample_rate=audio.sample_rate)
    return {"type": "input_audio", "input_audio": {"data": pybase64.b64encode(file).decode("ascii"), "format": "wav"}}


@dataclass(slots=True)
class _SpokenAnswer:
    """What has arrived of one answer so far, where servers differ in how they speak.

    OpenAI and Azure send the words as the audio's transcript, others as the message's content. vLLM-Omni sends the
    audio as content as well, in events of their own.
    """

    audio: AudioPieces
    is_spoken: bool
    answer: Answer = field(default_factory=Answer)
    words_come_as: Literal["content", "transcript"] | None = None
    """Where the first words came; the same ones elsewhere would be said twice."""
    has_sounded: bool = False

    def take(self, chunk: chat_wire.Chunk) -> Iterator[Conversed]:
        """Raises `UpstreamFault`."""
        spoken = [audio for choice in chunk.choices[:1] if (audio := _take_audio(choice.delta, chunk.modality))]
        for piece in self.answer.take(chunk):
            if self.is_spoken and isinstance(piece, TextDelta):
                yield from self._words(piece.text, "content")
            else:
                yield piece
        if self.is_spoken:
            for audio in spoken:
                yield from self._spoken(audio)

    def finished(self) -> GenerationFinished:
        """Raises `UpstreamFault` if the answer is incomplete, or was written instead of spoken."""
        finished = self.answer.finished()
        if self.words_come_as is not None and not self.has_sounded and finished.finish_reason == "stop":
            raise UpstreamFault("it answered in text only, without the audio that was asked for")
        return finished

    def _spoken(self, delta: chat_wire.SpokenDelta) -> Iterator[Conversed]:
        if delta.transcript:
            yield from self._words(delta.transcript, "transcript")
        if delta.data and (audio := self.audio.feed(delta.data)) is not None:
            self.has_sounded = True
            yield AudioDelta(audio=audio)

    def _words(self, text: str, come_as: Literal["content", "transcript"]) -> Iterator[Conversed]:
        self.words_come_as = self.words_come_as or come_as
        if self.words_come_as == come_as:
            yield TranscriptDelta(text=text)


def _take_audio(delta: chat_wire.Delta, modality: str | None) -> chat_wire.SpokenDelta | None:
    """What the delta says aloud; what it writes stays in it."""
    audio, delta.audio = delta.audio, None
    if modality == "audio" and delta.content:
        audio, delta.content = chat_wire.SpokenDelta(data=delta.content), None
    return audio


OPENAI_AUDIO = remote_kind("openai-audio", Role.RESPONDER, AudioModelSettings, RemoteAudioModel)
