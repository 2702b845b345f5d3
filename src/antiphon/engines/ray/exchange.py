"""What is said between a server and a replica. The process between them passes it on unread."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from antiphon.errors import AntiphonError
from antiphon.hardening.fair_turns import Asking

FACTS = "facts"
"""The method that tells what an engine's properties are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    method: str
    """Of the engine's protocol, or `FACTS`."""
    arguments: Sequence[Any]
    options: Mapping[str, Any]
    asking: Asking


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The properties of an engine, as far as its protocol has them."""

    sample_rate: int | None
    voices: frozenset[str] | None
    languages: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An `AntiphonError` that the engine raised, in parts: an exception is pickled as a call of its class with its
    message, which most of ours do not take."""

    error: type[AntiphonError]
    message: str
    facts: Mapping[str, Any]

    @classmethod
    def of(cls, error: AntiphonError) -> Refusal:
        return cls(error=type(error), message=error.message, facts=dict(vars(error)))

    def again(self) -> AntiphonError:
        error = self.error.__new__(self.error, self.message)
        vars(error).update(self.facts)
        return error


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakage:
    """Any other exception of the engine, for the log."""

    told: str
    traceback: str


Answer = Sequence[Any] | Refusal | Breakage
"""Some pieces of the answer, or why there are none."""


def packed(thing: Request | Answer) -> bytes:
    return pickle.dumps(thing, protocol=pickle.HIGHEST_PROTOCOL)


def unpacked(data: bytes) -> Any:
    """Trusts its source, as whoever is on the cluster may run any code there anyway."""
    return pickle.loads(data)  # noqa: S301
