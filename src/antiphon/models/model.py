"""What a catalogue entry is: a model, its files, and the sources that have them."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from antiphon.models.network import Network
from antiphon.models.progress import Tally


class Role(StrEnum):
    """What a model is for."""

    RECOGNISER = "recogniser"
    LANGUAGE_MODEL = "language model"
    SYNTHESISER = "synthesiser"
    VOICES = "voices"
    VOICE_ACTIVITY = "voice activity"
    END_OF_TURN = "end of turn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """One file of a model, as it must be."""

    path: str
    """Relative to the model's folder."""
    sha256: str
    size: int
    """In bytes."""


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A file that a source has delivered. Nobody has compared its bytes with the catalogue yet."""

    file: ModelFile
    location: Path


class Source(Protocol):
    """A place that has some or all of a model's files."""

    @property
    def title(self) -> str:
        """Names the source to a person, without a registry's host."""
        ...

    def fetch(
        self, files: Sequence[ModelFile], folder: Path, network: Network, tally: Tally
    ) -> Generator[FetchedFile, None, None]:
        """Fetch those of `files` that this source has into `folder`, each handed over as soon as it is there.

        `folder` may hold what an earlier, interrupted fetch left; the fetch goes on from there. Closing the iterator
        stops all transfers.

        Raises:
            ModelError: the source cannot be reached (`SourceUnreachable`), or what it has is not what is asked for.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One entry of the catalogue."""

    name: str
    """Also the name of its folder in the cache."""
    role: Role
    title: str
    licence: str
    """An SPDX identifier."""
    homepage: str
    """Where the model's authors describe it: the attribution."""
    files: tuple[ModelFile, ...]
    sources: tuple[Source, ...]
    """In the order in which they are tried."""

    @property
    def size(self) -> int:
        """Of all files together, in bytes."""
        return sum(file.size for file in self.files)
