"""`Kind`: a kind of engine that the settings can name, and how one is built."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

import msgspec

from antiphon.engines.interfaces import Message
from antiphon.engines.remote.replica import Replica
from antiphon.models.cache import ModelCache

S = TypeVar("S", bound=msgspec.Struct)


class Role(StrEnum):
    """What an engine does in a profile."""

    RECOGNIZER = "recognizer"
    LANGUAGE_MODEL = "language_model"
    SYNTHESIZER = "synthesizer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Where an engine is built: what it may use of the machine, and what it shares with others."""

    cache: ModelCache
    cores: int
    """How many it may keep busy."""
    max_waiting: int
    """How many requests may wait for it before one more is refused."""
    opening: Message
    """How most conversations begin: worth reading before the first one comes."""
    closing: AsyncExitStack
    """Takes what has to be closed when the server ends."""


@dataclass(frozen=True, slots=True)
class Built:
    """An engine, ready and warm. `engine` is of the protocol in `interfaces.py` that its kind's role asks for."""

    engine: Any
    replicas: Sequence[Replica] = ()
    """Of an engine behind a URL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[S]):
    name: str
    role: Role
    settings: type[S]
    """What `[engines.NAME]` may hold beside `kind`. Unknown fields and wrong values are refused at the start."""
    build: Callable[[str, S, Site], Awaitable[Built]]
    """Takes the engine's name, its settings, and the site. Raises `ModelError` and `ConfigurationError`."""
    models: Callable[[S], set[str]] = lambda _: set()
    """The models of the catalogue, or the files, that an engine with such settings runs on."""
    where: Callable[[S], str] = lambda _: "this process"
