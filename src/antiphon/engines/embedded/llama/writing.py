"""`Writing`: the passes through the model that produce one reply, and their combined cost."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal, Protocol, TypeAlias

from antiphon.engines.embedded.llama.chat import ChatMessage, sampling_fields
from antiphon.engines.embedded.llama.grammar import PROBE, choice_grammar, json_grammar
from antiphon.engines.embedded.llama.schema import UnusableSchema
from antiphon.engines.embedded.llama.server import Completed, LlamaServer, Piece
from antiphon.engines.interfaces import GenerationFinished, Json, Sampling
from antiphon.vocabulary.usage import FinishReason

Ended: TypeAlias = Literal["stop", "length"]

_GREEDY: dict[str, Json] = {"temperature": 0.0}
MOST_KNOWN_GRAMMARS = 256


class Scanner(Protocol):
    """Searches a streamed text for something that ends it."""

    @property
    def found(self) -> bool: ...

    def push(self, piece: Piece) -> list[Piece]:
        """Take the next piece; return the pieces that are certain by now."""
        ...

    def flush(self) -> list[Piece]:
        """The text has ended: return what was held back and may be sent."""
        ...


class KnownGrammars:
    """The grammars known to compile or not; the oldest are forgotten."""

    def __init__(self) -> None:
        self._compiles: OrderedDict[str, bool] = OrderedDict()

    def get(self, grammar: str) -> bool | None:
        return self._compiles.get(grammar)

    def put(self, grammar: str, compiles: bool) -> None:
        self._compiles[grammar] = compiles
        while len(self._compiles) > MOST_KNOWN_GRAMMARS:
            self._compiles.popitem(last=False)


class Cancelled(Exception):
    """Nobody is waiting for this reply any more."""


class Writing:
    """Every method blocks, and raises `Cancelled` once nobody is waiting any more."""

    def __init__(
        self, server: LlamaServer, known_grammars: KnownGrammars, sampling: Sampling, cancelled: Callable[[], bool]
    ) -> None:
        self._server = server
        self._known_grammars = known_grammars
        self._sampling = sampling
        self._cancelled = cancelled
        self._first: Completed | None = None
        self._completion_tokens = 0

    def read(self, chat: Sequence[ChatMessage]) -> None:
        """Have the model read `chat` and nothing that follows it, not even the beginning of an answer."""
        self._complete({"messages": chat, "max_tokens": 1, "add_generation_prompt": False}, lambda _: None)

    def choose(self, chat: Sequence[ChatMessage], words: Sequence[str]) -> str:
        """Have the model answer with the most likely of `words`."""
        chosen: list[str] = []
        body = {**_GREEDY, "messages": chat, "grammar": choice_grammar(words)}
        self._complete(body, lambda piece: chosen.append(piece.text))
        answer = "".join(chosen)
        return answer if answer in words else words[-1]

    def check(self, chat: Sequence[ChatMessage], schema: Mapping[str, Json]) -> None:
        """Raise `UnusableSchema` unless the model can be constrained to `schema`. Rereading the chat costs nothing."""
        grammar = json_grammar(schema, probe=True)
        compiles = self._known_grammars.get(grammar)
        if compiles is None:
            said: list[str] = []
            body = {**_GREEDY, "messages": chat, "grammar": grammar, "max_tokens": 1}
            self._complete(body, lambda piece: said.append(piece.text), counted=False)
            compiles = "".join(said) == PROBE
            self._known_grammars.put(grammar, compiles)
        if not compiles:
            raise UnusableSchema("it cannot be met, or asks for more than can be held to")

    def write(
        self,
        chat: Sequence[ChatMessage],
        deliver: Callable[[Piece], None],
        *,
        grammar: str | None = None,
        greedy: bool = False,
        scanners: Sequence[Scanner] = (),
    ) -> Ended:
        """Write the answer to `chat`, cut where one of the `scanners` finds something."""
        body: dict[str, Json] = {**sampling_fields(self._sampling), **(_GREEDY if greedy else {}), "messages": chat}
        if grammar is not None:
            body["grammar"] = grammar
        if self._sampling.max_tokens is not None:
            body["max_tokens"] = max(1, self._sampling.max_tokens - self._completion_tokens)

        def pass_through(pieces: Sequence[Piece], scanners: Sequence[Scanner]) -> None:
            for scanner in scanners:
                pieces = [certain for piece in pieces if not scanner.found for certain in scanner.push(piece)]
            for piece in pieces:
                self._deliver(piece, deliver)

        def take(piece: Piece) -> bool:
            pass_through([piece], scanners)
            return any(scanner.found for scanner in scanners)

        completed = self._complete(body, take)
        for index, scanner in enumerate(scanners):
            pass_through(scanner.flush(), scanners[index + 1 :])
        if any(scanner.found for scanner in scanners):
            return "stop"
        return "length" if completed.ended == "length" else "stop"

    def finished(self, finish_reason: FinishReason) -> GenerationFinished:
        """The cost of the reply: its prompt as first read, and everything that was written."""
        return GenerationFinished(
            finish_reason=finish_reason,
            prompt_tokens=self._first.prompt_tokens if self._first else 0,
            cached_tokens=self._first.cached_tokens if self._first else 0,
            completion_tokens=self._completion_tokens,
        )

    def _deliver(self, piece: Piece, deliver: Callable[[Piece], None]) -> None:
        if self._sampling.top_logprobs == 0:
            piece = replace(piece, logprobs=[replace(token, top=()) for token in piece.logprobs])
        deliver(piece)

    def _complete(
        self, body: Mapping[str, Json], on_piece: Callable[[Piece], bool | None], *, counted: bool = True
    ) -> Completed:
        completed = self._server.complete(body, on_piece=lambda piece: bool(on_piece(piece)), cancelled=self._cancelled)
        if self._cancelled():
            raise Cancelled
        self._first = self._first or completed
        if counted:
            self._completion_tokens += completed.completion_tokens
        return completed
