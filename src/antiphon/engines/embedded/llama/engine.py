"""`Llama`: any GGUF language model, run by llama.cpp in this process."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from antiphon.engines.embedded.llama.chat import ChatMessage, chat_messages
from antiphon.engines.embedded.llama.grammar import json_grammar
from antiphon.engines.embedded.llama.schema import UnusableSchema, bounded_schema
from antiphon.engines.embedded.llama.server import LlamaServer, Piece
from antiphon.engines.embedded.llama.stop import StopScanner
from antiphon.engines.embedded.llama.tools import ToolCalling
from antiphon.engines.embedded.llama.words import write_words
from antiphon.engines.embedded.llama.writing import Cancelled, KnownGrammars, Writing
from antiphon.engines.embedded.worker_pool import Job, WorkerPool
from antiphon.engines.errors import UnusableResponseFormat
from antiphon.engines.interfaces import (
    Generated,
    Json,
    JsonSchema,
    Message,
    Prompt,
    TextDelta,
)
from antiphon.hardening.fair_turns import FairTurns


class Llama:
    """A `LanguageModel`. Loading blocks for some seconds.

    `threads` are busy while tokens are generated; `slots` generations run at a time, each with its own
    `context_tokens`; `max_waiting` more wait their turn. `device` is as for `LlamaServer`.

    Raises `ModelError` if `model` (a GGUF file) cannot be loaded.
    """

    def __init__(
        self,
        model: Path,
        *,
        threads: int = 2,
        slots: int = 2,
        context_tokens: int = 8192,
        max_waiting: int = 16,
        device: str = "cpu",
    ) -> None:
        self._server = LlamaServer(model, threads=threads, slots=slots, context_tokens=context_tokens, device=device)
        self._known_grammars = KnownGrammars()
        self._workers = WorkerPool("llama", workers=slots, max_waiting=max_waiting)

    @property
    def turns(self) -> FairTurns:
        """Where its work waits."""
        return self._workers.turns

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Generated]:
        """See `LanguageModel.generate`. Raises `ServerBusy` as well."""
        async with contextlib.aclosing(self._run(_reply, prompt)) as events:
            async for event in events:
                yield event

    async def prefill(self, prompt: Prompt) -> None:
        """See `LanguageModel.prefill`. If the user's turn has not begun, an empty one stands in for it, since a chat
        template renders a conversation that ends differently in another way."""
        messages = [*prompt.messages]
        if messages[-1].role != "user":
            messages.append(Message(role="user", text=""))
        async with contextlib.aclosing(self._run(_prefill, replace(prompt, messages=messages))) as events:
            async for _ in events:
                pass

    def _run(
        self, work: Callable[[Prompt, Writing, Job[Generated]], None], prompt: Prompt
    ) -> AsyncGenerator[Generated]:
        def run(job: Job[Generated]) -> None:
            writing = Writing(self._server, self._known_grammars, prompt.sampling, lambda: job.cancelled)
            with contextlib.suppress(Cancelled):
                work(prompt, writing, job)

        return self._workers.stream(run)


def _prefill(prompt: Prompt, writing: Writing, job: Job[Generated]) -> None:
    chat, _ = _conversation(prompt, writing, job)
    writing.read(chat)


def _reply(prompt: Prompt, writing: Writing, job: Job[Generated]) -> None:
    schema = _answer_schema(prompt)
    chat, tool_calling = _conversation(prompt, writing, job)
    ended = tool_calling.run() if tool_calling is not None else None
    if ended is not None:
        job.emit(writing.finished("length" if ended == "length" else "tool_calls"))
        return

    def deliver(piece: Piece) -> None:
        job.emit(TextDelta(text=piece.text, logprobs=piece.logprobs))

    stops = prompt.sampling.stop
    if schema is None:
        job.emit(writing.finished(write_words(prompt, chat, writing, tool_calling, deliver)))
        return
    if tool_calling is not None:
        chat = tool_calling.bare_chat  # Nothing in it can be copied.
    try:
        writing.check(chat, schema)
    except UnusableSchema as error:
        raise UnusableResponseFormat(str(error)) from error
    ended = writing.write(chat, deliver, grammar=json_grammar(schema), scanners=[StopScanner(stops)])
    job.emit(writing.finished(ended))


def _conversation(
    prompt: Prompt, writing: Writing, job: Job[Generated]
) -> tuple[Sequence[ChatMessage], ToolCalling | None]:
    """The conversation as every pass reads it, and the object that calls tools in it."""
    is_text = prompt.response_format == "text"
    instructions = "" if is_text else f"Answer with JSON that fits this schema: {_shown(prompt)}"
    if prompt.tools and prompt.tool_choice != "none":
        tool_calling = ToolCalling(prompt, writing, job.emit, instructions=instructions)
        return tool_calling.chat, tool_calling
    return chat_messages(prompt.messages, instructions=instructions), None


def _answer_schema(prompt: Prompt) -> Mapping[str, Json] | None:
    match prompt.response_format:
        case "text":
            return None
        case "json_object":
            return {"type": ["object"]}
        case JsonSchema(schema=schema):
            try:
                return bounded_schema(schema, strict=True)
            except UnusableSchema as error:
                raise UnusableResponseFormat(str(error)) from error


def _shown(prompt: Prompt) -> str:
    """The schema as shown to the model, including the descriptions that the grammar does not use."""
    schema = prompt.response_format.schema if isinstance(prompt.response_format, JsonSchema) else {"type": "object"}
    return json.dumps(schema, ensure_ascii=False)
