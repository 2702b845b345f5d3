"""The interface of a protocol dialect, for one connection."""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable
from typing import Protocol

from antiphon.realtime.dialects.reading import ClientEventReader, EventContext
from antiphon.realtime.dialects.server_events import ServerEventWriter
from antiphon.realtime.dialects.session_identity import SessionIdentity
from antiphon.realtime.events import ServerEvent
from antiphon.realtime.inputs import ClientCommand


class Dialect(Protocol):
    def read(self, frame: str | bytes) -> ClientCommand:
        """The command in one JSON frame from a client; a `Refuse`, never an exception, if it makes no sense."""
        ...

    def write(self, event: ServerEvent) -> bytes | None:
        """One JSON text frame in UTF-8; None if the dialect has no such event."""
        ...


class JsonDialect(ServerEventWriter, ABC):
    """A `Dialect`. Each one has its own reader, and overrides parts of the writer."""

    reader: ClientEventReader

    def __init__(self, identity: SessionIdentity, new_id: Callable[[str], str], voices: frozenset[str]) -> None:
        """`new_id` makes an id with a prefix ("event" gives "event_…"); `voices` are the names a client may request."""
        super().__init__(identity, new_id)
        self._context = EventContext(identity=identity, voices=voices, new_id=new_id)

    def read(self, frame: str | bytes) -> ClientCommand:
        return self.reader.read(frame, self._context)
