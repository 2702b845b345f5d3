"""`Kind`: a kind of engine that the settings can name, and how one is built."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

from antiphon.engines.interfaces import Message
from antiphon.engines.remote.replica import Replica
from antiphon.hardening.fair_turns import FairTurns
from antiphon.machine import Device
from antiphon.models.cache import ModelCache

if TYPE_CHECKING:
    from antiphon.engines.ray.link import Link

S = TypeVar("S", bound=msgspec.Struct)

THIS_PROCESS = "this process"


class Role(StrEnum):
    """What an engine does in a profile."""

    RECOGNIZER = "recognizer"
    LANGUAGE_MODEL = "language_model"
    SYNTHESIZER = "synthesizer"
    RESPONDER = "responder"
    """Hears, writes and speaks by itself, in place of a language model and a synthesizer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where an engine is built: its share of the machine, and what it shares with other engines."""

    cache: ModelCache
    cores: int
    """How many cores it may keep busy."""
    max_waiting: int
    """How many requests may wait for it before further ones are refused."""
    opening: Message
    """How most conversations begin: worth reading before the first one arrives."""
    device: Device = "auto"
    """Where it computes, unless its own settings say otherwise."""
    closing: AsyncExitStack
    """Collects what has to be closed when the server stops."""
    cluster: Link | None = None
    """The Ray cluster, for engines that are placed there; None on the cluster itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The device that an engine of this process computes on."""

    device: str
    """"cpu", "cuda", or another that its library can use, such as "metal"."""
    note: str = ""
    """Why it is the processor although a GPU would do, if that is so."""


@dataclass(frozen=True, slots=True)
class Built:
    """An engine, ready and warm. `engine` implements the protocol in `interfaces.py` that its kind's role requires."""

    engine: Any
    replicas: Sequence[Replica] = ()
    """The replicas of an engine behind a URL."""
    placement: Placement | None = None
    """None for an engine that computes somewhere else."""
    queues: Mapping[str, FairTurns] = field(default_factory=dict[str, FairTurns])
    """Where its work waits, by the model that does it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[S]):
    name: str
    role: Role
    settings: type[S]
    """What `[engines.NAME]` may contain besides `kind`. Unknown fields and invalid values are refused at startup."""
    build: Callable[[str, S, Site], Awaitable[Built]]
    """Takes the engine's name, its settings, and the site. Raises `ModelError` and `ConfigurationError`."""
    models: Callable[[S], set[str]] = lambda _: set()
    """The catalogue models, or the files, that an engine with these settings needs when it is built."""
    later: Callable[[S], set[str]] = lambda _: set()
    """Those that it fetches by itself when they are first needed."""
    where: Callable[[S], str] = lambda _: THIS_PROCESS
    place: Callable[[str, S, ModelCache, Device], Placement | None] = lambda _, __, ___, ____: None
    """Takes the engine's name, its settings, and the site's cache and device. The device that it will be on, as far as
    that can be told before it is loaded; None if it computes somewhere else. Raises `ModelError`, and
    `ConfigurationError` if it cannot have the device that it asks for."""
