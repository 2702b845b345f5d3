"""What a session is called, and until when it lives: what its client is told beside its configuration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionIdentity:
    id: str
    """ "sess_…" """
    model: str
    """As the client asked for it when it connected: whatever a `session.update` names, this stays."""
    expires_at: int
    """Unix seconds."""
    transcribes_only: bool = False
    """Of which kind the session was created: that is not for an update to change."""
