"""What the portal's routes stand in front of."""

from __future__ import annotations

from dataclasses import dataclass

from antiphon.api.portal.gate import PortalGate


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalServices:
    """Routes find it as `request.app.state.services.portal`."""

    gate: PortalGate
