"""Engines whose work is done by replicas on a Ray cluster: one class for each protocol."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from antiphon.audio.pcm import Pcm
from antiphon.engines.conversations import conversation_key
from antiphon.engines.errors import EngineFailed
from antiphon.engines.interfaces import (
    PLAIN_RECOGNITION,
    AudioMessage,
    AudioPrompt,
    Clause,
    Conversed,
    Generated,
    Message,
    Prompt,
    RecognitionOptions,
    RecognizedSpeech,
)
from antiphon.engines.kind import Role
from antiphon.engines.ray.deployment import EngineDeployment
from antiphon.engines.ray.exchange import FACTS, Answer, Breakage, Facts, Refusal, Request, packed, unpacked
from antiphon.engines.ray.link import Link
from antiphon.engines.remote.faults import UpstreamFault
from antiphon.engines.remote.replica import Replica
from antiphon.hardening.fair_turns import asking

_log = logging.getLogger(__name__)

_TRIES = 3
"""How often a request is made whose answer has not begun."""


class Replicas:
    """The replicas of one engine. Those who ask do not know how many there are."""

    def __init__(self, link: Link, deployment: EngineDeployment) -> None:
        self._link = link
        self._deployment = deployment
        self.statistics = Replica(f"ray://{link.address}/{deployment.app}")
        """Of all of them together."""

    async def stream(self, method: str, *arguments: Any, conversation: str = "", **options: Any) -> AsyncGenerator[Any]:
        """Yield what the method yields in a replica. Closing the generator stops it there.

        A request whose answer has not begun is made again, at another replica, if its replica is lost.

        Raises what the method raises, as far as it is an `AntiphonError`, and else `EngineFailed`.
        """
        request = Request(method=method, arguments=arguments, options=options, asking=asking.get())
        data = await asyncio.to_thread(packed, request) if method == "converse" else packed(request)
        for attempt in range(_TRIES):
            has_begun = False
            try:
                with self.statistics.serving() as note_first_piece:
                    async with aclosing(self._link.ask(self._deployment, data, conversation=conversation)) as chunks:
                        async for chunk in chunks:
                            if not has_begun:
                                has_begun = True
                                note_first_piece()
                            for piece in _pieces(unpacked(chunk)):
                                yield piece
                return
            except UpstreamFault as fault:
                _log.warning("The engine %s on Ray failed: %s", self._deployment.name, fault)
                if has_begun or not fault.is_passing or fault.is_late or attempt == _TRIES - 1:
                    raise EngineFailed from fault

    async def facts(self) -> Facts:
        async with aclosing(self.stream(FACTS)) as pieces:
            async for piece in pieces:
                return piece
        raise EngineFailed


def _pieces(answer: Answer) -> Sequence[Any]:
    """Raises what the engine raised."""
    match answer:
        case Refusal():
            raise answer.again()
        case Breakage():
            raise UpstreamFault(f"{answer.told}\n{answer.traceback}", is_passing=False)
        case _:
            return answer


class RayRecognizer:
    """A `Recognizer`."""

    def __init__(self, replicas: Replicas, _: Facts) -> None:
        self._replicas = replicas

    def recognize(
        self,
        utterance: Pcm,
        *,
        language: str | None = None,
        expected_language: str | None = None,
        prompt: str = "",
        options: RecognitionOptions = PLAIN_RECOGNITION,
    ) -> AsyncGenerator[RecognizedSpeech]:
        return self._replicas.stream(
            "recognize",
            utterance,
            language=language,
            expected_language=expected_language,
            prompt=prompt,
            options=options,
        )


class RayLanguageModel:
    """A `LanguageModel`."""

    def __init__(self, replicas: Replicas, _: Facts) -> None:
        self._replicas = replicas

    def generate(self, prompt: Prompt) -> AsyncGenerator[Generated]:
        return self._replicas.stream("generate", prompt, conversation=_conversation(prompt.messages))

    async def prefill(self, prompt: Prompt) -> None:
        reading = self._replicas.stream("prefill", prompt, conversation=_conversation(prompt.messages))
        async with aclosing(reading) as nothing:
            async for _ in nothing:
                pass


class RaySynthesizer:
    """A `Synthesizer`."""

    def __init__(self, replicas: Replicas, facts: Facts) -> None:
        self._replicas = replicas
        self.sample_rate = facts.sample_rate or 0
        self.voices = facts.voices or frozenset()
        self.languages = facts.languages or frozenset()

    def synthesize(self, clause: Clause) -> AsyncGenerator[Pcm]:
        return self._replicas.stream("synthesize", clause)


class RayAudioModel:
    """An `AudioModel`."""

    def __init__(self, replicas: Replicas, facts: Facts) -> None:
        self._replicas = replicas
        self.sample_rate = facts.sample_rate or 0
        self.voices = facts.voices or frozenset()

    def converse(self, prompt: AudioPrompt) -> AsyncGenerator[Conversed]:
        return self._replicas.stream("converse", prompt, conversation=_conversation(prompt.messages))


ADAPTERS: Mapping[Role, Callable[[Replicas, Facts], Any]] = {
    Role.RECOGNIZER: RayRecognizer,
    Role.LANGUAGE_MODEL: RayLanguageModel,
    Role.SYNTHESIZER: RaySynthesizer,
    Role.RESPONDER: RayAudioModel,
}


def _conversation(messages: Sequence[Message | AudioMessage]) -> str:
    """The client's session knows it better than the messages, whose first one may still be being spoken."""
    who = asking.get()
    return f"{who.account} {who.session}" if who.session else conversation_key(messages)
