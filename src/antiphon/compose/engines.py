"""The engines that the settings declare, and which of them each profile names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from antiphon.engines.embedded.kinds import KOKORO, LLAMA, WHISPER
from antiphon.engines.kind import THIS_PROCESS, Kind, Placement, Role, Site
from antiphon.engines.kinds import KINDS
from antiphon.engines.ray.kind import PlacedSettings, check_installed, on_ray
from antiphon.engines.ray.settings import RaySettings
from antiphon.engines.running import RunningEngine
from antiphon.errors import ConfigurationError
from antiphon.machine import Device
from antiphon.models.cache import ModelCache
from antiphon.settings import ClusterSettings, ProfileSettings, Settings

S = TypeVar("S", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredEngine:
    """An engine as the settings describe it, before it is built."""

    name: str
    """Of `[engines.NAME]`, or the model that a profile names without one."""
    kind: Kind[Any]
    settings: Any
    """Of the class `kind.settings`."""

    @property
    def key(self) -> str:
        """The same for engines that are alike in all."""
        return f"{self.kind.name} {self.name} {self.settings!r}"

    @property
    def models(self) -> set[str]:
        """Those that have to be there when it is built."""
        return self.kind.models(self.settings)

    @property
    def all_models(self) -> set[str]:
        """Also those that it fetches when they are first needed."""
        return self.kind.models(self.settings) | self.kind.later(self.settings)

    @property
    def where(self) -> str:
        return self.kind.where(self.settings)

    @property
    def id(self) -> str:
        """As in `RunningEngine`. It tells nothing of the settings, which may hold secrets."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:12]

    async def build(self, site: Site) -> RunningEngine:
        """Raises `ModelError`, `ConfigurationError` and `EngineFailed`."""
        built = await self.kind.build(self.name, self.settings, site)
        return RunningEngine(
            id=self.id,
            name=self.name,
            role=self.kind.role,
            kind=self.kind.name,
            where=self.where,
            engine=built.engine,
            placement=built.placement,
            replicas=built.replicas,
            queues=built.queues,
        )

    def placement(self, cache: ModelCache, device: Device) -> Placement | None:
        """See `Kind.place`."""
        return self.kind.place(self.name, self.settings, cache, device)


def declared_engines(settings: Settings) -> Mapping[str, DeclaredEngine]:
    """Each `[engines.NAME]`, by its name. Raises `ConfigurationError`."""
    return {name: _declared(name, fields, settings.cluster) for name, fields in settings.engines.items()}


def engines_of(
    name: str, profile: ProfileSettings, declared: Mapping[str, DeclaredEngine]
) -> Mapping[Role, DeclaredEngine]:
    """The engine for each role of a profile. What does not name an engine is a model, or a path, for the kind that runs
    here.

    A profile with a responder has no language model and no synthesizer.

    Raises `ConfigurationError` where an engine is of a kind for another role, or is not declared and has to be.
    """
    bare: dict[Role, tuple[str, Kind[Any], dict[str, Any]]] = {
        Role.RECOGNIZER: (profile.recognizer, WHISPER, {}),
        Role.LANGUAGE_MODEL: (profile.language_model, LLAMA, {"context_tokens": profile.context_tokens}),
        Role.SYNTHESIZER: (profile.synthesizer, KOKORO, {}),
    }
    engines: dict[Role, DeclaredEngine] = {}
    if profile.responder is not None:
        engines[Role.RESPONDER] = _responder(name, profile, profile.responder, declared)
        del bare[Role.LANGUAGE_MODEL], bare[Role.SYNTHESIZER]
    for role, (wanted, kind, more) in bare.items():
        engine = declared.get(wanted)
        if engine is None:
            engine = DeclaredEngine(name=wanted, kind=kind, settings=kind.settings(model=wanted, **more))
        engines[role] = _in_role(name, role, engine)
    return engines


def transcriber_of(
    name: str, profile: ProfileSettings, declared: Mapping[str, DeclaredEngine], recognizer: DeclaredEngine
) -> DeclaredEngine:
    """The engine that transcribes a profile's recordings: its recognizer, unless it names another one. A model that
    runs here is loaded when it is first needed. Raises `ConfigurationError`."""
    wanted = profile.transcriber
    if wanted is None or wanted == recognizer.name:
        return recognizer
    engine = declared.get(wanted)
    if engine is None:
        settings = WHISPER.settings(model=wanted, load="use")
        engine = DeclaredEngine(name=wanted, kind=WHISPER, settings=settings)
    return _in_role(name, Role.RECOGNIZER, engine)


def profile_engines(
    name: str, profile: ProfileSettings, declared: Mapping[str, DeclaredEngine]
) -> Sequence[DeclaredEngine]:
    """All of a profile's engines, each once. Raises `ConfigurationError`."""
    engines = engines_of(name, profile, declared)
    every = [*engines.values(), transcriber_of(name, profile, declared, engines[Role.RECOGNIZER])]
    return list({engine.key: engine for engine in every}.values())


def _responder(
    name: str, profile: ProfileSettings, responder: str, declared: Mapping[str, DeclaredEngine]
) -> DeclaredEngine:
    usual = ProfileSettings()
    if (profile.language_model, profile.synthesizer) != (usual.language_model, usual.synthesizer):
        raise ConfigurationError(
            f"The profile {name} ([profiles.{name}]) has a responder, which stands in for the language model and the "
            "synthesizer. Remove language_model and synthesizer, or the responder."
        )
    engine = declared.get(responder)
    if engine is None:
        raise ConfigurationError(
            f"The profile {name} ([profiles.{name}]) names {responder} as its responder, which is not the name of an "
            f"engine. Declare it as [engines.{responder}]."
        )
    return _in_role(name, Role.RESPONDER, engine)


def _in_role(name: str, role: Role, engine: DeclaredEngine) -> DeclaredEngine:
    if engine.kind.role is not role:
        raise ConfigurationError(
            f"The profile {name} ([profiles.{name}]) names the engine {engine.name} as its {role}, but its kind, "
            f"{engine.kind.name}, is a {engine.kind.role}."
        )
    return engine


def named_engines(settings: Settings) -> Sequence[tuple[DeclaredEngine, list[str]]]:
    """Each engine that is declared or named, once, with the profiles that name it. Raises `ConfigurationError`."""
    declared = declared_engines(settings)
    found: dict[str, tuple[DeclaredEngine, list[str]]] = {}
    for engine in declared.values():
        found[engine.key] = (engine, [])
    for name, profile in settings.profiles.items():
        for engine in profile_engines(name, profile, declared):
            found.setdefault(engine.key, (engine, []))[1].append(name)
    return list(found.values())


def check_devices(settings: Settings, cache: ModelCache) -> None:
    """Raises `ConfigurationError` if an engine of a profile cannot have the device that it asks for, and `ModelError`
    if its model is neither in the catalogue nor a file."""
    for engine, profiles in named_engines(settings):
        if profiles:
            engine.placement(cache, settings.device)


def _declared(name: str, fields: Mapping[str, Any], cluster: ClusterSettings) -> DeclaredEngine:
    named = fields.get("kind")
    kind = KINDS.get(named) if isinstance(named, str) else None
    if kind is None:
        wrong = "has no kind" if named is None else f"is of the kind {named!r}, which does not exist"
        raise ConfigurationError(
            f"The engine {name} {wrong}. [engines.{name}] needs kind = …, one of: {', '.join(KINDS)}."
        )
    placement = fields.get("placement", "process")
    of_ray = _fields(RaySettings) if placement == "ray" else []
    own = {field: value for field, value in fields.items() if field not in ("kind", "placement", *of_ray)}
    settings = _converted(name, kind, own, kind.settings, also=of_ray)
    if placement == "process":
        return DeclaredEngine(name=name, kind=kind, settings=settings)
    if placement != "ray":
        raise ConfigurationError(
            f'The engine {name} ([engines.{name}]) has placement = {placement!r}. It can be "process" or "ray".'
        )
    if kind.where(settings) != THIS_PROCESS:
        raise ConfigurationError(
            f'The engine {name} ([engines.{name}]) has placement = "ray", but the kind {kind.name} computes elsewhere '
            "anyway. Remove the placement."
        )
    check_installed(name)
    of_placement = {field: value for field, value in fields.items() if field in of_ray}
    placed = PlacedSettings(
        own=settings, ray=_converted(name, kind, of_placement, RaySettings), address=cluster.address
    )
    return DeclaredEngine(name=name, kind=on_ray(kind), settings=placed)


def _converted(name: str, kind: Kind[Any], fields: Mapping[str, Any], into: type[S], *, also: Sequence[str] = ()) -> S:
    """`also` are settings that the engine has besides. Raises `ConfigurationError`."""
    try:
        return msgspec.convert(fields, into)
    except msgspec.ValidationError as error:
        there_are = ", ".join(dict.fromkeys([*_fields(kind.settings), *also, *_fields(into)]))
        raise ConfigurationError(
            f"The settings of the engine {name} ([engines.{name}]) are wrong: {error}. The kind {kind.name} has: "
            f"{there_are}."
        ) from None


def _fields(settings: type[msgspec.Struct]) -> list[str]:
    return [field.name for field in msgspec.structs.fields(settings)]
