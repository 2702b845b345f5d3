"""The services behind the portal's routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from antiphon.api.bodies import BodyReader
from antiphon.api.management.plane import management_bodies
from antiphon.api.portal.gate import PortalGate
from antiphon.api.portal.pages import Pages
from antiphon.api.siblings import Siblings
from antiphon.command_line import CommandLine
from antiphon.engines.probes import Outcome
from antiphon.engines.running import RunningEngine
from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.entra_sign_in import EntraSignIn
from antiphon.identity.keys import AccountKeys
from antiphon.identity.portal_sessions import PortalSessions
from antiphon.identity.principals import Principals
from antiphon.models.cache import ModelCache
from antiphon.models.pulls import ModelPulls
from antiphon.resources.deployments import Deployments
from antiphon.resources.record_search import RecordSearch
from antiphon.resources.records import Records
from antiphon.resources.traffic import Traffic


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileDescription:
    """A profile, as shown to someone choosing one."""

    name: str
    voices: Sequence[str]
    recognizer: str
    language_model: str
    synthesizer: str


@dataclass(slots=True, kw_only=True)
class ShownEngine:
    """An engine of this server, as shown to someone who looks after it."""

    engine: RunningEngine
    profiles: Sequence[str]
    tested: Outcome | None = None
    """How it did when it was last tested here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfDescription:
    """What someone at the server's machine needs to know to reach it."""

    commands: CommandLine
    tls_port: int | None
    """The port on which it listens for https; None if it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalData:
    profiles: Sequence[ProfileDescription]
    engines: Sequence[ShownEngine]
    deployments: Deployments
    traffic: Traffic
    keys: AccountKeys
    identity_header: str = field(repr=False)
    """The secret of the managed identity."""
    principals: Principals
    models: ModelCache
    profiles_by_model: Mapping[str, Sequence[str]]
    """Which profiles use a model of the catalogue."""
    pulls: ModelPulls
    siblings: Siblings
    """Who may be fetching models, and have had traffic, as well."""
    records: Records
    search: RecordSearch
    server: SelfDescription


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalServices:
    """Routes find it as `request.app.state.services.portal`."""

    gate: PortalGate
    sessions: PortalSessions
    roles: RoleAssignments
    entra: EntraSignIn | None
    """None if nobody signs in through Entra."""
    pages: Pages
    data: PortalData
    bodies: BodyReader = field(default_factory=management_bodies)
