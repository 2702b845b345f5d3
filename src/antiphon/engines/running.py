"""`RunningEngine`: an engine that has been built, for those who look after it rather than use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from antiphon.engines.kind import Placement, Role
from antiphon.engines.remote.replica import Replica
from antiphon.hardening.fair_turns import FairTurns


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningEngine:
    id: str
    """Differs between engines, and stays the same as long as their settings do."""
    name: str
    role: Role
    kind: str
    where: str
    engine: Any
    placement: Placement | None
    replicas: Sequence[Replica]
    queues: Mapping[str, FairTurns] = field(default_factory=dict[str, FairTurns])
