"""The contents of a catalogue entry: a model, its files, and the sources that have them. Pure data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a model is for."""

    RECOGNIZER = "recognizer"
    LANGUAGE_MODEL = "language model"
    SYNTHESIZER = "synthesizer"
    VOICES = "voices"
    VOICE_ACTIVITY = "voice activity"
    END_OF_TURN = "end of turn"
    SPEAKERS = "speakers"
    NOISE_REDUCTION = "noise reduction"


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model, as it has to be."""

    path: str
    """Relative to the model's folder."""
    size: int
    """In bytes."""
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRepository:
    """A repository on the model hub: Hugging Face, or the one that `HF_ENDPOINT` names."""

    repository: str
    """Read from its main branch, which may move: the catalogue's hashes decide what is accepted."""
    folder: str = ""
    """The folder of the files in the repository, with a trailing slash."""

    @property
    def title(self) -> str:
        return f"model hub, {self.repository}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A folder of files somewhere on the web."""

    title: str
    base: str
    """The address that a file's path is appended to, with a trailing slash."""


class Registry(StrEnum):
    """A package registry: the one that pip or npm is configured to use."""

    PYTHON = "Python"
    NPM = "npm"


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a package: a whole model file, or one part of it."""

    archive: str
    """A wheel's or source archive's file name; for npm, `name@version`."""
    path: str
    """As in the archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packages:
    """Packages of one registry that have a model's files, whole or in parts, as data."""

    registry: Registry
    members: Mapping[str, Sequence[Member]]
    """For each file path, the members it consists of, in order, each from a different archive."""

    @property
    def title(self) -> str:
        """A human-readable name for the source, without the registry's host."""
        archives = list(dict.fromkeys(member.archive for parts in self.members.values() for member in parts))
        more = f" and {len(archives) - 1} more" if len(archives) > 1 else ""
        return f"{self.registry} packages ({archives[0]}{more})"


Source = HubRepository | Release | Packages
"""A place that has some or all of a model's files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One entry of the catalogue."""

    name: str
    """Also names its folder in the cache."""
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
        """The total size of all files, in bytes."""
        return sum(file.size for file in self.files)
