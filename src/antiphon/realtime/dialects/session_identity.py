"""A session's id, model and expiry: what its client is told besides the configuration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionIdentity:
    id: str
    """ "sess_…" """
    model: str
    """The name the client asked for when it connected; no `session.update` changes it."""
    expires_at: int
    """Unix seconds."""
    transcribes_only: bool = False
    """The kind of session that was created; an update cannot change it."""
