"""Settings: read once, at the edge, from `antiphon.toml`; passed down from there."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Annotated

import msgspec

from antiphon.errors import ConfigurationError
from antiphon.machine import cpu_count

CONFIGURATION_FILE = "antiphon.toml"

_DOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


_PREFIX = re.compile(r"(/[A-Za-z0-9][A-Za-z0-9._~-]*)*")


class ProfileSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which engines answer for the deployments that name this profile.

    Each engine's model is a name of the catalogue (`antiphon models list`) or a path of your own.
    """

    recognizer: str = "whisper-base"
    """A folder in faster-whisper's (CTranslate2's) format."""
    language_model: str = "qwen2.5-coder-1.5b"
    """A GGUF file."""
    synthesizer: str = "kokoro-82m"
    """An ONNX file compatible with Kokoro 1.0."""
    context_tokens: int = 8192
    """How long a conversation the language model can hold in all, shared by those that run at the same time."""
    max_reply_tokens: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """How long a reply may be, whatever a client allows; without it, the client and the context decide."""


class ServerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the server is reached."""

    domain: str | None = None
    """A domain of your own, all names under which lead to this server: each account is reached as ACCOUNT.DOMAIN."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks of proxies that may say, in X-Forwarded-For and X-Forwarded-Proto, who asks and how."""
    prefix: str = ""
    """What comes before all paths, such as "/antiphon", where a proxy shares its host among several servers."""


class QuotaSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much there is to give away."""

    capacity_per_model: Annotated[int, msgspec.Meta(ge=1, le=10**9)] = 300_000
    """How much capacity, in thousands of tokens a minute, a subscription's deployments of one model can have together,
    in each location and of each SKU."""


class RecordSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long what was asked and answered is kept."""

    days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 30
    """Of everything; 0 records nothing but what clients store."""
    stored_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30
    """Of what clients store; `days` if those are more."""


class LimitSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What anybody may take of the server; docs/limits.md tells what happens at each."""

    disk_kept_free_mb: Annotated[int, msgspec.Meta(ge=0, le=10**6)] = 64
    """How much of the disk records, audio outputs and stored completions leave free, a twentieth of it at most."""
    connections: Annotated[int, msgspec.Meta(ge=1, le=10**6)] = 4096
    """How many there may be at a time, if the system has as many open files for this process."""
    head_seconds: Annotated[float, msgspec.Meta(gt=0)] = 20.0
    """How long a client may take to send a request's headers, from the connection or from their first byte on."""
    keep_alive_seconds: Annotated[int, msgspec.Meta(gt=0)] = 75
    """How long a connection may be idle between requests."""
    stalled_seconds: Annotated[float, msgspec.Meta(gt=0)] = 30.0
    """How long a client may read nothing of what is sent to it, or go on with a body that has been answered."""
    session_audio_bytes: Annotated[int, msgspec.Meta(ge=2**20, le=2**40)] = 64 * 2**20
    """Of audio in the conversation of a Realtime session, before the oldest is let go of."""
    session_text_length: Annotated[int, msgspec.Meta(ge=2**10, le=2**30)] = 4 * 2**20
    """Characters in it."""
    session_items: Annotated[int, msgspec.Meta(ge=16, le=2**20)] = 4096
    """That it may ever have."""
    session_responses: Annotated[int, msgspec.Meta(ge=1, le=1024)] = 4
    """That may be made out of it at the same time."""
    decoded_seconds: Annotated[float, msgspec.Meta(ge=1, le=10**7)] = 7200.0
    """Of uploaded audio that may be in memory at the same time, half of it on behalf of one account."""


class TlsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the server shows to clients that come over https."""

    names: tuple[str, ...] = ()
    """Host names and addresses, besides those of this machine, that the server's own certificate is to name."""
    certificate: str | None = None
    """A PEM file of your own instead, with the certificates that lead to its authority's."""
    key: str | None = None
    """Its private key as a PEM file; without one, the certificate's file has it."""


_GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z"
_HTTPS_URL = r"^(https://[A-Za-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?/?\Z"
"""Or http, on this machine alone: keys that come over a network in the clear could be anybody's."""


class IdentitySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose tokens are accepted, beside those of the local authority."""

    tenants: tuple[Annotated[str, msgspec.Meta(pattern=_GUID)], ...] = ()
    """The ids of tenants of Microsoft Entra."""
    authority: Annotated[str, msgspec.Meta(pattern=_HTTPS_URL)] = "https://login.microsoftonline.com"
    """Where these tenants are: another one for another cloud."""
    audiences: tuple[Annotated[str, msgspec.Meta(min_length=1)], ...] = ()
    """What tokens may be for, beside Azure's own audiences: such as an application of yours, `api://GUID`."""
    portal_client_id: Annotated[str, msgspec.Meta(pattern=_GUID)] | None = None
    """An application of the tenants', by which their users sign in to the portal."""
    imds: bool = False
    """Whether programs of the server's own user may have tokens without a secret, as on Azure's virtual machines."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file. Without one, everything has its default."""

    profiles: dict[str, ProfileSettings] = msgspec.field(default_factory=lambda: {"default": ProfileSettings()})
    """By the names that deployments know them by."""
    identity: IdentitySettings = msgspec.field(default_factory=IdentitySettings)
    cores: int = msgspec.field(default_factory=lambda: max(1, math.floor(cpu_count())))
    """How many cores the engines may keep busy; as many as this process may use unless you say otherwise."""
    max_waiting: int = 32
    """How many requests may wait for each engine before one more is refused."""
    audio_output_hours: float = 1.0
    """How long what a reply said can be referred to by its id."""
    server: ServerSettings = ServerSettings()
    tls: TlsSettings = TlsSettings()
    quotas: QuotaSettings = QuotaSettings()
    limits: LimitSettings = LimitSettings()
    records: RecordSettings = RecordSettings()


def read_settings(path: Path | None) -> Settings:
    """The settings in `path`; None reads `antiphon.toml` of the current folder, if there is one.

    Raises `ConfigurationError`.
    """
    if path is None:
        path = Path(CONFIGURATION_FILE)
        if not path.exists():
            return Settings()
    try:
        settings = msgspec.toml.decode(path.read_bytes(), type=Settings)
    except OSError as error:
        raise ConfigurationError(f"The configuration {path} cannot be read: {error.strerror}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError(f"The configuration {path} is not right: {error}.") from None
    if "default" not in settings.profiles:
        raise ConfigurationError(f"The configuration {path} needs a profile named default: [profiles.default].")
    domain = settings.server.domain
    if domain is not None and not _DOMAIN.fullmatch(domain):
        raise ConfigurationError(
            f"The configuration {path} names {domain!r} as the server's domain, which is none: write it in lower case, "
            "without a scheme, a port or a dot at its ends, such as voice.example.org."
        )
    if not _PREFIX.fullmatch(settings.server.prefix):
        raise ConfigurationError(
            f"The configuration {path} has {settings.server.prefix!r} as the server's prefix, which can be none: begin "
            "it with a slash, and end it without one, such as /antiphon."
        )
    if settings.identity.portal_client_id is not None and not settings.identity.tenants:
        raise ConfigurationError(
            f"The configuration {path} names an application to sign in to the portal with (portal_client_id), but no "
            "tenants that it belongs to."
        )
    return settings
