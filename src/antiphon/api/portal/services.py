"""What the portal's routes stand in front of."""

from __future__ import annotations

from dataclasses import dataclass, field

from antiphon.api.bodies import BodyReader
from antiphon.api.management.plane import management_bodies
from antiphon.api.portal.data import PortalData
from antiphon.api.portal.gate import PortalGate
from antiphon.api.portal.pages import Pages
from antiphon.identity.entra_sign_in import EntraSignIn
from antiphon.identity.portal_sessions import PortalSessions


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalServices:
    """Routes find it as `request.app.state.services.portal`."""

    gate: PortalGate
    entra: EntraSignIn | None
    """None where nobody signs in through Entra."""
    pages: Pages
    data: PortalData
    bodies: BodyReader = field(default_factory=management_bodies)

    @property
    def sessions(self) -> PortalSessions:
        return self.gate.credential.sessions
