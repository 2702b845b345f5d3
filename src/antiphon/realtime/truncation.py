"""Which items of a long conversation the model is still given.

With `RetentionRatio`, a conversation that has outgrown its limit loses its oldest items until only that share of the
limit is used. They stay lost, and the next replies find the beginning of what the model has read unchanged. Nothing is
removed from the conversation itself.

The limit is the client's, the model's, or the lower of the two. Only the model knows its own: the first request that
does not fit shows it.
"""

from __future__ import annotations

from collections.abc import Sequence

from antiphon.realtime.configuration import RetentionRatio, Truncation
from antiphon.realtime.items import Audio, FunctionCallItem, FunctionCallOutputItem, Item, MessageItem, Part
from antiphon.vocabulary.tokens import INPUT_TOKENS_A_SECOND, TOKENS_A_TURN, estimate_text_tokens


class Window:
    """The part of the conversation that is still used."""

    def __init__(self) -> None:
        self._truncation: Truncation = "auto"
        self._forgotten: set[str] = set()
        """Ids."""
        self._model_tokens: int | None = None
        """As many tokens as the model may take; None as long as everything has fitted."""

    def note_refused(self, tokens: int) -> None:
        """The model could not take so many tokens after the instructions."""
        self._model_tokens = min(tokens - 1, tokens if self._model_tokens is None else self._model_tokens)

    def of(self, items: Sequence[Item], truncation: Truncation) -> tuple[Item, ...]:
        """What is left of these, the latest always among it."""
        if truncation != self._truncation:
            self._truncation = truncation
            self._forgotten.clear()
        if not isinstance(truncation, RetentionRatio):
            return tuple(items)
        kept = [item for item in items if item.id not in self._forgotten]
        limits = [tokens for tokens in (truncation.post_instructions, self._model_tokens) if tokens is not None]
        if not limits or sum(map(item_tokens, kept)) <= min(limits):
            return tuple(kept)
        first = _first_within(kept, truncation.retention_ratio * min(limits))
        self._forgotten.update(item.id for item in kept[:first])
        return tuple(kept[first:])


def item_tokens(item: Item) -> int:
    """An estimate of what the model reads: the user's audio by its length, the assistant's by its words."""
    match item:
        case MessageItem():
            return TOKENS_A_TURN + sum(_part_tokens(part, is_users=item.role == "user") for part in item.parts)
        case FunctionCallItem():
            return TOKENS_A_TURN + estimate_text_tokens(item.name + item.arguments)
        case FunctionCallOutputItem():
            return TOKENS_A_TURN + estimate_text_tokens(item.output)


def _part_tokens(part: Part, *, is_users: bool) -> int:
    if not isinstance(part, Audio):
        return estimate_text_tokens(part.text)
    if is_users and part.data:
        return round(part.duration_ms * INPUT_TOKENS_A_SECOND / 1000)
    return estimate_text_tokens(part.transcript or "")


def _first_within(items: Sequence[Item], tokens: float) -> int:
    """The index of the first item of the longest ending that has at most so many tokens, or of the last item."""
    first = last = len(items) - 1
    left = tokens - item_tokens(items[last])
    while first and (left := left - item_tokens(items[first - 1])) >= 0:
        first -= 1
    while first < last and isinstance(items[first], FunctionCallOutputItem):  # Its call is lost.
        first += 1
    latest = items[last]
    if first == last and isinstance(latest, FunctionCallOutputItem):
        return _call_of(latest, items)
    return first


def _call_of(output: FunctionCallOutputItem, items: Sequence[Item]) -> int:
    for at, item in enumerate(items):
        if isinstance(item, FunctionCallItem) and item.call_id == output.call_id:
            return at
    return len(items) - 1
