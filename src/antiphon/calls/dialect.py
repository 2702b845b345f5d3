"""`CallDialect`: what the events of a call's clients mean. Its audio travels by itself, in a format of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from antiphon.realtime.configuration import ResponseChanges, SessionChanges
from antiphon.realtime.dialects.dialect import Dialect
from antiphon.realtime.events import Error, ServerEvent
from antiphon.realtime.inputs import AppendAudio, ClientCommand, CreateResponse, Refuse, UpdateSession

_FORMATS = frozenset({"input_format", "output_format"})


class CallDialect:
    """A dialect, but for formats of audio, which have no effect, and for audio in events, which is refused."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect

    def read(self, frame: str | bytes) -> ClientCommand:
        command = self._dialect.read(frame)
        match command:
            case UpdateSession():
                return replace(command, changes=without_formats(command.changes))
            case CreateResponse():
                return replace(command, changes=without_formats(command.changes))
            case AppendAudio():
                return Refuse(
                    event_id=command.event_id,
                    error=Error(
                        code="invalid_value",
                        message="In a call, audio travels by itself: it cannot be appended by events.",
                        param="type",
                    ),
                )
            case _:
                return command

    def write(self, event: ServerEvent) -> bytes | None:
        return self._dialect.write(event)


def without_formats(changes: SessionChanges | ResponseChanges) -> SessionChanges:
    return cast("SessionChanges", {name: value for name, value in changes.items() if name not in _FORMATS})
