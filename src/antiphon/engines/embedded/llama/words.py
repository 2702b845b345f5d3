"""Replies in words. If a model writes a tool call into one, the call is made or the reply rewritten in words; so is
what it copies from the examples or questions in its prompt. Neither is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from antiphon.engines.embedded.llama.chat import ChatMessage, asked
from antiphon.engines.embedded.llama.examples import CopyScanner
from antiphon.engines.embedded.llama.grammar import words_grammar
from antiphon.engines.embedded.llama.server import Piece
from antiphon.engines.embedded.llama.stop import StopScanner
from antiphon.engines.embedded.llama.tools import ToolCalling
from antiphon.engines.embedded.llama.writing import Writing
from antiphon.engines.embedded.llama.written_calls import WrittenCallScanner
from antiphon.engines.interfaces import Prompt
from antiphon.vocabulary.usage import FinishReason

_IN_WORDS = "(Answer in words.)"
_OURS = ("(Which tool ", "(The tool has answered", "(Called so far", "Write the arguments of ")
"""The beginnings of our own questions to the model, which it must not repeat."""


def write_words(
    prompt: Prompt,
    chat: Sequence[ChatMessage],
    writing: Writing,
    tool_calling: ToolCalling | None,
    deliver: Callable[[Piece], None],
) -> FinishReason:
    """Write the answer to `chat`. If no tool is given and none was called, nothing is taken for a call."""
    stops = prompt.sampling.stop
    names = {tool.name for tool in prompt.tools} | {call.name for turn in prompt.messages for call in turn.tool_calls}
    if not names:
        return writing.write(chat, deliver, scanners=[StopScanner(stops)])
    calls, questions = WrittenCallScanner(names), StopScanner(_OURS)
    copies = CopyScanner(tool_calling.copies.in_words if tool_calling else frozenset())
    ended = writing.write(chat, deliver, scanners=[StopScanner(stops), questions, calls, copies])
    if not (calls.found or questions.found or copies.found):
        return ended
    name = None if copies.found else calls.name
    if tool_calling is not None and name is not None and (ended := tool_calling.call(name)):
        return "length" if ended == "length" else "tool_calls"
    if copies.has_released:
        return "stop"
    scanners = [StopScanner(stops), StopScanner(_OURS), WrittenCallScanner(names)]
    bare_chat = asked(tool_calling.bare_chat if tool_calling else chat, _IN_WORDS)
    return writing.write(bare_chat, deliver, grammar=words_grammar(names), scanners=scanners)
