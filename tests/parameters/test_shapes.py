import json
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from antiphon.parameters.errors import InvalidRequest
from antiphon.parameters.shapes import Fault, complaint, fault_of


class Part(msgspec.Struct, forbid_unknown_fields=True):
    kind: Literal["text", "audio"] = "text"
    size: int | None = None


class Robot(msgspec.Struct, tag_field="role", tag="robot", forbid_unknown_fields=True):
    parts: list[Part] = []


class Person(msgspec.Struct, tag_field="role", tag="person", forbid_unknown_fields=True):
    name: str
    labels: dict[str, str] = {}


class Document(msgspec.Struct, forbid_unknown_fields=True):
    speakers: list[Robot | Person] = []
    evil: Part | None = None


DECODER = msgspec.json.Decoder(Document)
SHAPE = msgspec.inspect.type_info(Document)
FIELDS = {"speakers", "evil"}

HOSTILE = [
    "x - at `$.evil`",
    "x' - at `$.evil`",
    "a` - at `$.evil",
    "a` - at `$.evil`",
    "` - at `$",
    " - at `$.speakers[0].role",
    "\n - at `$.evil`\n",
    'it\'s "quoted" - at `$.evil`',
    "`str`, got `int`",
    "",
    "`",
    "'",
]
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(),
    st.lists(
        st.sampled_from(["`", "'", '"', " - at `", "$", ".evil", "[0]", "[...]", "\n", "x", "Invalid value ", ", got "])
    ).map("".join),
)


def fault(document: bytes) -> Fault:
    with pytest.raises(msgspec.ValidationError) as raised:
        DECODER.decode(document)
    return fault_of(raised.value, document)


def refused(document: Any) -> InvalidRequest:
    found = complaint(fault(json.dumps(document).encode()), SHAPE)
    assert found is not None
    return found


def hostile(test: Any) -> Any:
    for text in HOSTILE:
        test = example(text)(test)
    return given(TEXTS)(test)


@hostile
def test_a_value_is_blamed_on_the_parameter_that_has_it_whatever_it_says(text: str) -> None:
    if text in {"robot", "person"}:
        return
    error = refused({"speakers": [{"role": "robot"}, {"role": text}]})
    assert (error.param, error.code) == ("speakers[1].role", "invalid_value")
    assert error.message.startswith("Invalid value: '")
    assert error.message.endswith("'. Supported values are: 'robot' and 'person'.")


@hostile
def test_a_literal_is_blamed_on_the_parameter_that_has_it_whatever_it_says(text: str) -> None:
    if text in {"text", "audio"}:
        return
    error = refused({"speakers": [{"role": "robot", "parts": [{"kind": text}]}]})
    assert (error.param, error.code) == ("speakers[0].parts[0].kind", "invalid_value")
    assert error.message.startswith("Invalid value: '")
    assert error.message.endswith("'. Supported values are: 'audio' and 'text'.")


@hostile
def test_an_unknown_field_is_named_as_it_is_wherever_it_stands(name: str) -> None:
    if name in {"kind", "size"}:
        return
    error = refused({"evil": {name: 1}})
    assert (error.param, error.code) == (f"evil.{name}"[:256], "unknown_parameter")


@hostile
def test_an_unknown_field_at_the_top_is_named_as_it_is(name: str) -> None:
    if name in FIELDS:
        return
    found = fault(json.dumps({name: {"kind": "text"}}).encode())
    assert (found.path, found.unknown_field) == ("", name)


@hostile
def test_a_value_of_a_wrong_type_is_blamed_on_the_object_that_has_it(key: str) -> None:
    error = refused({"speakers": [{"role": "person", "name": "Ada", "labels": {key: 1}}]})
    assert (error.param, error.code) == ("speakers[0].labels", "invalid_type")
    assert error.message.endswith(": expected a string, but got an integer instead.")


def test_two_documents_of_which_msgspec_says_the_same_are_told_apart() -> None:
    at_top, within = b'{"a` - at `$.evil": 1}', b'{"evil": {"a": 1}}'
    assert (fault(at_top).path, fault(at_top).unknown_field) == ("", "a` - at `$.evil")
    assert (fault(within).path, fault(within).unknown_field) == (".evil", "a")


def test_an_escaped_name_at_the_top_is_told_apart_as_well() -> None:
    assert fault(rb'{"a\u0060 - at `$.evil": 1}').path == ""


@pytest.mark.parametrize("rest", [b"", b"]", b', "x', b"\xff", b"[" * 100_000])
def test_what_follows_the_fault_need_not_be_json(rest: bytes) -> None:
    assert fault(b'{"evil": {"a": 1' + rest).path == ".evil"


@pytest.mark.parametrize(
    ("document", "code", "param", "message"),
    [
        (
            {"speakers": [{"role": "person"}]},
            "missing_required_parameter",
            "speakers[0].name",
            "Missing required parameter: 'speakers[0].name'.",
        ),
        (
            {"speakers": {}},
            "invalid_type",
            "speakers",
            "Invalid type for 'speakers': expected an array, but got an object instead.",
        ),
        (
            {"evil": {"size": "big"}},
            "invalid_type",
            "evil.size",
            "Invalid type for 'evil.size': expected an integer or null, but got a string instead.",
        ),
    ],
)
def test_openais_words_are_used(document: Any, code: str, param: str, message: str) -> None:
    error = refused(document)
    assert (error.code, error.param, error.message) == (code, param, message)


@pytest.mark.parametrize("document", [b"[]", b"3", b'"text"', b"null"])
def test_a_fault_of_the_whole_document_is_about_no_parameter(document: bytes) -> None:
    found = fault(document)
    assert complaint(found, SHAPE) is None
    assert found.plainly.startswith("expected an object, but got ")
