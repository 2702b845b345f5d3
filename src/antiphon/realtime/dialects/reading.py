"""Reads one client frame: from JSON to a command, or to a refusal that says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Union

import msgspec

from antiphon.hardening.json_structure import ESCAPES_A_BYTE, MAX_STRUCTURE_BYTES, has_too_much_structure
from antiphon.parameters.errors import InvalidRequest
from antiphon.parameters.shapes import complaint, fault_of
from antiphon.realtime.dialects.every_fault import with_every_fault
from antiphon.realtime.dialects.session_identity import SessionIdentity
from antiphon.realtime.events import Error
from antiphon.realtime.inputs import ClientCommand, Refuse

_LARGE_BYTES = 64 * 1024
"""Only the first fault of a larger event is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventContext:
    """What the meaning of an event depends on besides the event itself."""

    identity: SessionIdentity
    voices: frozenset[str]
    """Names that a client may request."""
    new_id: Callable[[str], str]
    """Makes an id with a prefix: "call" gives "call_…"."""


class ClientEvent(msgspec.Struct, tag_field="type", forbid_unknown_fields=True, kw_only=True):
    """The shape of one type of event, and the command it gives."""

    event_id: str | None = None

    def command(self, context: EventContext) -> ClientCommand:
        """Raises `InvalidRequest` for errors that the shape alone cannot rule out."""
        raise NotImplementedError


class ClientEventReader:
    """Reads the events of one dialect. It is stateless: one reader serves every connection."""

    def __init__(self, events: Sequence[type[ClientEvent]]) -> None:
        union: Any = Union[tuple(events)]  # noqa: UP007
        self._decoder: msgspec.json.Decoder[ClientEvent] = msgspec.json.Decoder(union)
        self._convert: Callable[[Any], ClientEvent] = partial(msgspec.convert, type=union)
        self._type = msgspec.inspect.type_info(union)

    def read(self, frame: str | bytes, context: EventContext) -> ClientCommand:
        """Never raises: an invalid frame becomes a `Refuse` with the `event_id`, if that can be read."""
        if len(frame) > MAX_STRUCTURE_BYTES and has_too_much_structure(_as_bytes(frame)):
            too_much = (
                f"beside strings and white space it may have {MAX_STRUCTURE_BYTES} bytes, of which {ESCAPES_A_BYTE} "
                "escaped characters take one"
            )
            return _refuse(_not_an_event(f"The event has too many values or escaped characters: {too_much}."), None)
        try:
            return self._decode(frame).command(context)
        except InvalidRequest as error:
            return _refuse(self._thoroughly(error, frame, context), _event_id(frame))

    def _thoroughly(self, error: InvalidRequest, frame: str | bytes, context: EventContext) -> InvalidRequest:
        """The same, with all else that is wrong, so that a client need not find out one by one."""
        if error.param is None or len(frame) > _LARGE_BYTES:
            return error
        try:
            document = _WHOLE_NUMBERS.decode(frame)
            return with_every_fault(error, document, lambda rest: self._read_document(rest, context))
        except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):  # What follows may be anything.
            return error

    def _read_document(self, document: Any, context: EventContext) -> ClientCommand:
        try:
            event = self._convert(document)
        except msgspec.ValidationError as error:
            fault = fault_of(error, msgspec.json.encode(document))
            raise complaint(fault, self._type) or _not_an_event(fault.plainly) from None
        return event.command(context)

    def _decode(self, frame: str | bytes) -> ClientEvent:
        try:
            return self._decode_strictly(frame)
        except msgspec.ValidationError as error:
            fault = fault_of(error, frame)
            not_an_event = _not_an_event(f"The event is not a JSON object: {fault.plainly}.")
            raise complaint(fault, self._type) or not_an_event from None
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            raise _not_an_event("The event is not valid JSON, or is nested too deeply.") from None

    def _decode_strictly(self, frame: str | bytes) -> ClientEvent:
        """Integers may have a decimal point, as many languages write them when they result from a calculation."""
        try:
            return self._decoder.decode(frame)
        except msgspec.ValidationError as error:
            if ", got `float`" not in str(error):
                raise
            return self._convert(_WHOLE_NUMBERS.decode(frame))


def _as_bytes(frame: str | bytes) -> bytes:
    return frame.encode(errors="replace") if isinstance(frame, str) else frame


def _number(written: str) -> int | float:
    number = float(written)
    return int(number) if number.is_integer() else number


_WHOLE_NUMBERS = msgspec.json.Decoder(float_hook=_number)


def _refuse(error: InvalidRequest, event_id: str | None) -> Refuse:
    return Refuse(event_id=event_id, error=Error(code=error.code, message=error.message, param=error.param))


class _EventId(msgspec.Struct):
    event_id: Any = None


_EVENT_ID = msgspec.json.Decoder(_EventId)


def _event_id(frame: str | bytes) -> str | None:
    """The id of an event that may be otherwise invalid."""
    try:
        event_id = _EVENT_ID.decode(frame).event_id
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    return event_id if isinstance(event_id, str) else None


def _not_an_event(message: str) -> InvalidRequest:
    return InvalidRequest(f"{message} Send one JSON object with a 'type' in each text frame.", code="invalid_json")
