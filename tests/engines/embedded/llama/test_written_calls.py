"""Calls that a model writes into its reply are found before any of them goes out; what is none goes out at once."""

from __future__ import annotations

import pytest

from antiphon.engines.embedded.llama.server import Piece
from antiphon.engines.embedded.llama.written_calls import LONGEST_DOUBT, WrittenCallScanner

NAMES = ("get_weather", "search", "transferToHuman")


def scan(*pieces: str) -> tuple[str, WrittenCallScanner]:
    """What goes out of a reply that comes in `pieces`."""
    scanner = WrittenCallScanner(NAMES)
    sent = ""
    for piece in pieces:
        if not scanner.found:
            sent += "".join(certain.text for certain in scanner.push(Piece(text=piece)))
    sent += "".join(certain.text for certain in scanner.flush())
    return sent, scanner


CALLS = [
    '{"name": "get_weather", "arguments": {"city": "Paris"}}',
    '{"arguments": {"city": "Paris"}, "name": "get_weather"}',
    "{'name': 'get_weather', 'arguments': {'city': 'Paris'}}",
    '{\n  "type": "function",\n  "function": {"name": "get_weather", "arguments": "{\\"city\\": \\"Paris\\"}"}\n}',
    '{"tool_calls": [{"id": "call_1", "function": {"name": "get_weather", "arguments": "{}"}}]}',
    '{"recipient_name": "functions.get_weather", "parameters": {"city": "Paris"}}',
    '{"get_weather": {"city": "Paris"}}',
    '{"tool": "search", "query": "flights"}',
    '[{"name": "get_weather", "arguments": {"city": "Paris"}}]',
    '```json\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n```',
    '```\n[\n  {"name": "search", "arguments": {}}\n]\n```',
    "```python\nget_weather(city='Paris')\n```",
    "`get_weather('Paris')`",
    '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Paris"}}\n</tool_call>',
    "<tool_response>\nget_weather: sunny\n</tool_response>",
    "<function=get_weather>{}</function>",
    "<get_weather><city>Paris</city></get_weather>",
    "get_weather(city='Paris')",
    'functions.get_weather({"city": "Paris"})',
    '[get_weather(city="Paris")]',
    'get_weather {"city": "Paris"}',
    'get_weather\n{"city": "Paris"}',
    "get_weather\nArguments: city=Paris",
    "Action: get_weather\nAction Input: Paris",
    'Tool call: {"name": "search", "arguments": {}}',
    "transferToHuman()",
    "get_weather",
    "`get_weather`.",
    '{"name": "get_wea',
]


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize("call", CALLS)
def test_a_call_never_goes_out(call: str, size: int) -> None:
    sent, scanner = scan(*(call[start : start + size] for start in range(0, len(call), size)))

    assert sent == ""
    assert scanner.found
    assert not scanner.has_released


@pytest.mark.parametrize("call", [call for call in CALLS if any(mark in call for mark in "{(<")])
def test_what_was_said_before_a_call_goes_out(call: str) -> None:
    if call.startswith("Tool call: "):  # Labels are ordinary words elsewhere than at the beginning.
        call = call.removeprefix("Tool call: ")

    sent, scanner = scan("Let me", " see. ", *call)

    assert sent == "Let me see. "
    assert scanner.found
    assert scanner.has_released


@pytest.mark.parametrize(
    ("call", "name"),
    [
        ('{"name": "get_weather", "arguments": {}}', "get_weather"),
        ('<tool_call>{"name": "search"}', None),
        ("functions.search(query='x')", "search"),
        ("<search>", "search"),
        ("Action: search\n", "search"),
        ("transferToHuman()", "transferToHuman"),
        ("search", "search"),
    ],
)
def test_it_is_told_which_tool_is_called(call: str, name: str | None) -> None:
    assert scan(*call)[1].name == name


TEXTS = [
    "It is sunny in Paris, and 18 degrees.",
    "I can search the web for you, or tell the weather.",
    "My search (it took a while) found nothing.",
    "Research(ers) disagree.",
    "The tool get_weather tells the weather.",
    "Call me later: the function of the heart is to pump.",
    "Tool use is common among crows.",
    "Two is < three, and a <b>bold</b> claim.",
    "Use `sorted(values)` for that.",
    '{"name": "Anna", "age": 31}',
    '{"people": [{"name": "Anna"}, {"name": "search party"}], "city": "Paris"}',
    '```json\n{"name": "Paris", "function": "capital"}\n```',
    "```c\nint main(void) { return 0; }\n```",
    "[1, 2, 3] is an array, and {} an empty object.",
    '{"open": "',
    "",
]


@pytest.mark.parametrize("size", [1, 4, 1000])
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_is_no_call_goes_out_whole(text: str, size: int) -> None:
    sent, scanner = scan(*(text[start : start + size] for start in range(0, len(text), size)))

    assert sent == text
    assert not scanner.found


@pytest.mark.parametrize("text", ["It", " Sure", "¡Hola", "18 degrees", "Paris is sunny"])
def test_ordinary_words_are_not_held_back(text: str) -> None:
    scanner = WrittenCallScanner(NAMES)

    assert [piece.text for piece in scanner.push(Piece(text=text))] == [text]


def test_a_long_object_is_not_held_back_for_ever() -> None:
    scanner = WrittenCallScanner(NAMES)
    scanner.push(Piece(text='{"text": "'))

    assert scanner.push(Piece(text="a" * LONGEST_DOUBT))
