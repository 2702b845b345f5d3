"""`LlamaServer`: llama.cpp in this process, one blocking call for each generation."""

from __future__ import annotations

import json
import secrets
import tempfile
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from antiphon.engines.embedded.llama.library import load_library
from antiphon.engines.errors import ContextLengthExceeded, EngineFailed
from antiphon.engines.interfaces import Json
from antiphon.models.errors import ModelError
from antiphon.vocabulary.logprobs import TokenLogprob

PREFIX_CACHE_MIB = 256
"""Memory for prefixes of conversations that have lost their slot; about 9,000 tokens of a 1.5B model."""
PROMPT_BATCH_TOKENS = 128
"""A prompt is read in batches of this many tokens; between two, cancellations are seen and other slots get a token."""
MOST_BYTES_PER_TOKEN = 64
"""A request longer than this for each token of the context is refused unread: no text is that dense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Whole characters of the answer. With log-probabilities, the tokens' texts joined are `text`."""

    text: str
    logprobs: Sequence[TokenLogprob] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """How a generation ended; "cancelled" when `on_piece` or `cancelled` wanted no more."""

    ended: Literal["stop", "length", "cancelled"]
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int


class _Top(msgspec.Struct):
    token: str
    logprob: float
    bytes: list[int] = []


class _Token(_Top):
    top_logprobs: list[_Top] = []


class _Logprobs(msgspec.Struct):
    content: list[_Token] = []


class _Delta(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    delta: _Delta
    finish_reason: Literal["stop", "length", "tool_calls"] | None = None
    logprobs: _Logprobs | None = None


class _Timings(msgspec.Struct):
    cache_n: int = 0
    prompt_n: int = 0
    predicted_n: int = 0


class _Progress(msgspec.Struct):
    total: int
    cache: int = 0


class _Error(msgspec.Struct):
    message: str = ""
    type: str = ""
    n_prompt_tokens: int = 0


class _Chunk(msgspec.Struct):
    choices: list[_Choice] = []
    timings: _Timings | None = None
    prompt_progress: _Progress | None = None
    error: _Error | None = None


class LlamaServer:
    """A GGUF model, loaded. `complete` may be called from as many threads as there are `slots`.

    `threads` are used while tokens are made and sleep otherwise. Each slot has its own context of `context_tokens`.
    Unless `device` is "cpu", the whole model is on the GPU that llama.cpp finds.

    Raises `ModelError` if the file cannot be loaded.
    """

    def __init__(self, model: Path, *, threads: int, slots: int, context_tokens: int, device: str = "cpu") -> None:
        self.context_tokens = context_tokens
        self._running: list[Callable[[], bool]] = []
        """For each completion in progress, a function that tells whether it is cancelled."""
        self._one_has_ended = threading.Condition()
        with tempfile.TemporaryDirectory(prefix="antiphon-") as folder:
            # llama.cpp insists on serving HTTP. It gets a Unix socket whose name is gone once it listens, so that
            # nobody can reach it, and a key that nobody knows.
            llama_cpp = load_library()
            parameters = _parameters(llama_cpp, model, threads=threads, slots=slots, context_tokens=context_tokens)
            if device == "cpu":
                parameters.n_gpu_layers = 0
                parameters.no_kv_offload = parameters.no_op_offload = True
            parameters.hostnames = [f"{folder}/http.sock"]
            try:
                self._server = llama_cpp.Server(parameters)
            except RuntimeError as error:
                raise ModelError(f"{model} cannot be loaded as a language model. Is it a whole GGUF file?") from error
        # A server that is freed before its first request hangs; the grammar engine's tables are built here as well.
        self.complete({"messages": [{"role": "user", "content": "Hi"}], "max_tokens": 1, "grammar": 'root ::= "a"'})

    def complete(
        self,
        body: Mapping[str, Json],
        *,
        on_piece: Callable[[Piece], bool] = lambda _: False,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Completed:
        """Run one chat completion (llama.cpp's own fields), calling `on_piece` until it returns True.

        It first waits for cancelled completions to end: the next one is usually from the same conversation, and finds
        it already read in the slot they free. The wait is short: llama.cpp accepts nothing new while it works on a
        token or a batch, and notices cancellations between two of them.

        Raises `ContextLengthExceeded` before the first piece, and `EngineFailed`.
        """
        request = json.dumps({**body, "stream": True, "timings_per_token": True, "return_progress": True})
        if len(request) > self.context_tokens * MOST_BYTES_PER_TOKEN:
            raise self._context_length_exceeded(f"at least {len(request) // MOST_BYTES_PER_TOKEN}")
        reading = _Reading(on_piece, cancelled)
        with self._slot(cancelled):
            if cancelled():
                return reading.completed()
            try:
                self._server.handle_chat_completions(request, reading.receive)
            except (RuntimeError, ValueError) as error:
                raise EngineFailed from error
        if reading.failure is not None:
            raise reading.failure
        if reading.error is not None:
            if reading.error.type == "exceed_context_size_error" and reading.error.n_prompt_tokens:
                raise self._context_length_exceeded(str(reading.error.n_prompt_tokens))
            raise EngineFailed from RuntimeError(reading.error.message)
        return reading.completed()

    @contextmanager
    def _slot(self, cancelled: Callable[[], bool]) -> Generator[None]:
        with self._one_has_ended:
            while any(is_cancelled() for is_cancelled in self._running):
                self._one_has_ended.wait()
            self._running.append(cancelled)
        try:
            yield
        finally:
            with self._one_has_ended:
                self._running.remove(cancelled)
                self._one_has_ended.notify_all()

    def _context_length_exceeded(self, tokens: str) -> ContextLengthExceeded:
        return ContextLengthExceeded.by(context_tokens=self.context_tokens, tokens=tokens)


class _Reading:
    """What has arrived of one completion so far."""

    def __init__(self, on_piece: Callable[[Piece], bool], cancelled: Callable[[], bool]) -> None:
        self.error: _Error | None = None
        self.failure: Exception | None = None
        self._on_piece = on_piece
        self._cancelled = cancelled
        self._ended: Literal["stop", "length", "cancelled"] = "cancelled"
        self._timings = _Timings()
        self._prompt_tokens = 0
        self._decoder = msgspec.json.Decoder(_Chunk)

    def receive(self, chunk: str | bytes) -> bool:
        """Take llama.cpp's next chunk; True ends the generation."""
        try:
            return self._read(self._decoder.decode(chunk))
        except Exception as failure:  # It must not pass through C++; `complete` raises it.
            self.failure = failure
            return True

    def _read(self, chunk: _Chunk) -> bool:
        if chunk.error is not None:
            self.error = chunk.error
            return True
        if chunk.timings is not None:
            self._timings = chunk.timings
        if chunk.prompt_progress is not None:
            self._prompt_tokens = chunk.prompt_progress.total
        if self._cancelled():
            return True
        for choice in chunk.choices:
            if choice.finish_reason is not None:
                self._ended = "length" if choice.finish_reason == "length" else "stop"
            piece = _piece(choice)
            if piece.text and self._on_piece(piece):
                self._ended = "cancelled"
                return True
        return False

    def completed(self) -> Completed:
        return Completed(
            ended=self._ended,
            prompt_tokens=self._prompt_tokens or self._timings.cache_n + self._timings.prompt_n,
            cached_tokens=self._timings.cache_n,
            completion_tokens=self._timings.predicted_n,
        )


def _piece(choice: _Choice) -> Piece:
    if choice.logprobs is None or not choice.logprobs.content:
        return Piece(text=choice.delta.content or "")
    # llama.cpp strips the content but not the tokens; the tokens are the truth.
    tokens = [_token_logprob(token) for token in choice.logprobs.content]
    return Piece(text="".join(token.token for token in tokens), logprobs=tokens)


def _token_logprob(token: _Top) -> TokenLogprob:
    top = token.top_logprobs if isinstance(token, _Token) else []
    return TokenLogprob(
        token=token.token, bytes=token.bytes, logprob=token.logprob, top=[_token_logprob(other) for other in top]
    )


def _parameters(llama_cpp: Any, model: Path, *, threads: int, slots: int, context_tokens: int) -> Any:
    parameters = llama_cpp.CommonParams()
    parameters.model.path = str(model)
    parameters.n_parallel = slots
    parameters.n_ctx = slots * context_tokens
    parameters.kv_unified = False  # One slot's long conversation must not take the room of another's.
    parameters.fit_params = False
    parameters.n_batch = parameters.n_ubatch = PROMPT_BATCH_TOKENS
    parameters.cache_ram_mib = PREFIX_CACHE_MIB
    # Weights are repacked for the processor as they are read: mapping the file as well would count them twice.
    parameters.load_mode = llama_cpp.llama_load_mode.LLAMA_LOAD_MODE_NONE
    for pool in (parameters.cpuparams, parameters.cpuparams_batch):
        pool.n_threads = threads
        pool.poll = 0  # Idle threads sleep.
    parameters.use_jinja = True
    parameters.force_pure_content_parser = True  # Tool calls are ours; text that looks like one is text.
    parameters.enable_reasoning = 0  # Nobody waits for a spoken answer while a model thinks.
    parameters.api_keys = [secrets.token_urlsafe(32)]
    parameters.cors_origins = ""
    parameters.endpoint_slots = False
    parameters.ui = False
    parameters.sse_ping_interval = -1
    parameters.verbosity = -1
    return parameters
