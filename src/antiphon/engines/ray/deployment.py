"""`EngineDeployment`: an engine as the cluster is to run it."""

from __future__ import annotations

import msgspec

from antiphon.engines.ray.settings import RaySettings

APP_PREFIX = "antiphon-"
"""How the names of the cluster's applications begin that are engines of ours."""


class EngineDeployment(msgspec.Struct, frozen=True, kw_only=True):
    """Serializable, as it is passed to the process that has joined the cluster."""

    name: str
    """The engine's."""
    app: str
    """The application's name on the cluster. Engines that differ in what a replica is built from differ in it, so
    servers with other settings, or of another version, do not get in each other's way."""
    spec: bytes
    """A pickled `EngineSpec`."""
    keeps_conversations: bool
    """Whether a conversation's requests go to the same replica, which has its beginning in its cache."""
    settings: RaySettings
    max_queued: int
    """How many requests may wait for a replica, for each server, before further ones are refused."""
