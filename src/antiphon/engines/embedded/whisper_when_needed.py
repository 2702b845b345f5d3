"""`WhisperWhenNeeded`: a Whisper that is in memory only while somebody needs it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

from antiphon.audio.pcm import Pcm
from antiphon.engines.embedded.whisper import Whisper
from antiphon.engines.interfaces import PLAIN_RECOGNITION, RecognitionOptions, RecognizedSpeech
from antiphon.errors import AntiphonError
from antiphon.models.errors import ModelUnavailable

_log = logging.getLogger(__name__)

_IDLE_SECONDS = 600.0


class WhisperWhenNeeded:
    """A `Recognizer` that is loaded for the first utterance, and let go ten minutes after the last.

    `load` fetches the model if it has to.
    """

    def __init__(self, model: str, load: Callable[[], Awaitable[Whisper]], *, idle_seconds: float = _IDLE_SECONDS):
        self._model = model
        self._load = load
        self._idle_seconds = idle_seconds
        self._loading = asyncio.Lock()
        self._engine: Whisper | None = None
        self._users = 0
        self._letting_go: asyncio.TimerHandle | None = None

    async def recognize(
        self,
        utterance: Pcm,
        *,
        language: str | None = None,
        expected_language: str | None = None,
        prompt: str = "",
        options: RecognitionOptions = PLAIN_RECOGNITION,
    ) -> AsyncGenerator[RecognizedSpeech]:
        """See `Recognizer.recognize`. Raises `ModelUnavailable`; the next utterance tries again."""
        self._users += 1
        try:
            engine = await self._loaded()
            segments = engine.recognize(
                utterance, language=language, expected_language=expected_language, prompt=prompt, options=options
            )
            async with aclosing(segments):
                async for segment in segments:
                    yield segment
        finally:
            self._users -= 1
            self._let_go_later()

    async def _loaded(self) -> Whisper:
        async with self._loading:
            if self._engine is None:
                _log.info("The model %s is needed: it is being loaded", self._model)
                try:
                    self._engine = await self._load()
                except AntiphonError as error:
                    _log.error("The model %s is needed, but cannot be had. %s", self._model, error.message)
                    raise ModelUnavailable(self._model) from error
                _log.info("The model %s is loaded", self._model)
            return self._engine

    def _let_go_later(self) -> None:
        if self._letting_go is not None:
            self._letting_go.cancel()
        self._letting_go = asyncio.get_running_loop().call_later(self._idle_seconds, self._let_go)

    def _let_go(self) -> None:
        if not self._users and self._engine is not None:
            self._engine = None
            _log.info("The model %s has not been needed for a while: its memory is free again", self._model)
