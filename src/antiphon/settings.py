"""Settings: read once from `antiphon.toml`, at the edge, and passed down from there."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Annotated, Any

import msgspec

from antiphon.errors import ConfigurationError
from antiphon.machine import Device, cpu_count

CONFIGURATION_FILE = "antiphon.toml"

_DOMAIN = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


_PREFIX = re.compile(r"(/[A-Za-z0-9][A-Za-z0-9._~-]*)*")

_IPV4 = r"^[0-9]{1,3}(\.[0-9]{1,3}){3}\Z"

_TRANSCRIBER = "whisper-small"
_SMALL_LANGUAGE_MODEL = "qwen2.5-coder-0.5b"


class ProfileSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The engines that answer for the deployments with this profile.

    Each is the name of an engine (`[engines.NAME]`), or a model for the engine that runs in this process: a name from
    the catalogue (`antiphon models list`) or a path of your own.
    """

    recognizer: str = "whisper-base"
    """Or a folder in faster-whisper's (CTranslate2's) format."""
    transcriber: str | None = None
    """The recognizer of recordings, which need not be transcribed at once: a better one, which a model in this process
    is loaded for when it is first needed. None is the recognizer; `read_settings` chooses Whisper small over the usual
    recognizer, except for the mini models."""
    language_model: str = "qwen2.5-coder-1.5b"
    """Or a GGUF file."""
    synthesizer: str = "kokoro-82m"
    """Or an ONNX file compatible with Kokoro 1.0."""
    responder: str | None = None
    """An engine that hears and speaks by itself, in place of a language model and a synthesizer. The recognizer then
    only tells what was said."""
    context_tokens: int = 8192
    """The length of a whole conversation for a language model in this process, shared by those that run at the same
    time."""
    max_reply_tokens: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """The longest reply, whatever a client allows; None lets the client and the context decide."""


_ORIGIN = r"^(\*|https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:.]+\](:[0-9]{1,5})?)\Z"
"""As browsers write it: in lower case, without a path."""


class ServerSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the server is reached."""

    domain: str | None = None
    """Your own domain; all names under it lead to this server. Each account is then reached as ACCOUNT.DOMAIN."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses and networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed."""
    prefix: str = ""
    """The prefix of all paths, such as "/antiphon", if a proxy shares its host among several servers."""
    allowed_origins: tuple[Annotated[str, msgspec.Meta(pattern=_ORIGIN)], ...] = ()
    """Origins whose web pages may call the data plane, such as "https://app.example.org"; "*" is any."""
    workers: Annotated[int, msgspec.Meta(ge=1, le=256)] = 1
    """How many processes serve the ports; see docs/operations.md for what each of them costs."""
    drain_seconds: Annotated[float, msgspec.Meta(ge=0, le=86_400)] = 30.0
    """How long replies and Realtime sessions may go on once the server has been told to stop."""


class QuotaSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much capacity deployments can share out."""

    capacity_per_model: Annotated[int, msgspec.Meta(ge=1, le=10**9)] = 300_000
    """The total for a subscription's deployments of one model, per location and SKU: thousands of tokens a minute."""


class RecordSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long requests and replies are kept."""

    days: Annotated[int, msgspec.Meta(ge=0, le=3650)] = 30
    """For everything; 0 records nothing but what clients store."""
    stored_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30
    """For what clients store; `days` if that is longer."""


class LimitSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of the server clients can use; docs/limits.md says what happens beyond each limit."""

    disk_kept_free_mb: Annotated[int, msgspec.Meta(ge=0, le=10**6)] = 64
    """Disk space that records, audio outputs and stored completions leave free; at most a twentieth of the disk."""
    connections: Annotated[int, msgspec.Meta(ge=1, le=10**6)] = 4096
    """How many may be open at a time, as far as the system's limit of open files allows."""
    head_seconds: Annotated[float, msgspec.Meta(gt=0)] = 20.0
    """How long a client may take to send a request's headers, counted from the connection or their first byte."""
    keep_alive_seconds: Annotated[int, msgspec.Meta(gt=0)] = 75
    """How long a connection may be idle between requests."""
    stalled_seconds: Annotated[float, msgspec.Meta(gt=0)] = 30.0
    """How long a client may go without reading what is sent to it, or continue a body already answered."""
    session_seconds: Annotated[float, msgspec.Meta(ge=60, le=86_400)] = 1800.0
    """How long a Realtime session may last; Azure's half hour by default."""
    resume_seconds: Annotated[float, msgspec.Meta(ge=0, le=3600)] = 60.0
    """How long a Realtime session can be resumed once its connection was lost."""
    resume_bytes: Annotated[int, msgspec.Meta(ge=0, le=2**40)] = 256 * 2**20
    """Memory for conversations that can be resumed, half of it for any one account."""
    session_audio_bytes: Annotated[int, msgspec.Meta(ge=2**20, le=2**40)] = 64 * 2**20
    """Audio kept in the conversation of a Realtime session, before the oldest is discarded."""
    session_text_length: Annotated[int, msgspec.Meta(ge=2**10, le=2**30)] = 4 * 2**20
    """Characters of text in the conversation."""
    session_items: Annotated[int, msgspec.Meta(ge=16, le=2**20)] = 4096
    """Items that the conversation may ever have."""
    session_responses: Annotated[int, msgspec.Meta(ge=1, le=1024)] = 4
    """Concurrent responses outside the conversation."""
    decoded_seconds: Annotated[float, msgspec.Meta(ge=1, le=10**7)] = 7200.0
    """Decoded audio of uploads held in memory at a time, half of it for any one account."""

    speech_characters: Annotated[int, msgspec.Meta(ge=1, le=10**7)] = 4096
    """The longest text that `/audio/speech` speaks; OpenAI's limit by default."""


_PORT = Annotated[int, msgspec.Meta(ge=1024, le=65_535)]


class CallSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Calls over WebRTC: how their audio reaches the server, and how many there may be."""

    udp_ports: tuple[_PORT, _PORT] | None = None
    """The first and the last UDP port for calls, which a firewall has to let through: one a call for each of the
    machine's addresses. Without this, any that are free."""
    public_address: Annotated[str, msgspec.Meta(pattern=_IPV4)] | None = None
    """The IPv4 address that callers reach the machine at, if it has another one itself."""
    per_account: Annotated[int, msgspec.Meta(ge=1, le=10**5)] = 32
    """How many calls of an account there may be at a time, in each process."""
    connect_seconds: Annotated[float, msgspec.Meta(gt=0)] = 30.0
    """How long a caller may take to connect."""
    silent_seconds: Annotated[float, msgspec.Meta(ge=5)] = 20.0
    """After how long without a sign of life from the caller a call ends."""


class TlsSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The certificate that https clients get."""

    names: tuple[str, ...] = ()
    """Host names and addresses for the server's own certificate, besides this machine's."""
    certificate: str | None = None
    """Your own certificate instead: a PEM file with its chain."""
    key: str | None = None
    """The certificate's private key as a PEM file; without this, it is in the certificate's file."""


class StoreSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where data is kept that several machines share; by default, all of it is in the data folder."""

    url: str | None = None
    """A PostgreSQL database, postgresql://USER@HOST/NAME, in place of the folder's own. The password can be in
    PGPASSWORD or ~/.pgpass instead."""
    blobs: str | None = None
    """An S3-compatible store, s3://BUCKET/PREFIX, for recordings, replies' audio and what was said, in place of the
    folder. Credentials come from the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION."""
    blobs_endpoint: str | None = None
    """The address of that store, such as http://minio:9000, if it is not Amazon's."""
    seal_key_file: str | None = None
    """The file with the key that data is encrypted with; by default, seal.key in the data folder. ANTIPHON_SEAL_KEY
    holds the key itself."""


_GUID = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z"
_HTTPS_URL = r"^(https://[A-Za-z0-9.-]+|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?/?\Z"
"""Or http, but only on this machine: keys fetched over a network in plain text could be anybody's."""


class IdentitySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose tokens are accepted, besides the local authority's."""

    tenants: tuple[Annotated[str, msgspec.Meta(pattern=_GUID)], ...] = ()
    """Ids of Microsoft Entra tenants."""
    authority: Annotated[str, msgspec.Meta(pattern=_HTTPS_URL)] = "https://login.microsoftonline.com"
    """Where these tenants sign in; other clouds have other addresses."""
    audiences: tuple[Annotated[str, msgspec.Meta(min_length=1)], ...] = ()
    """Accepted audiences besides Azure's own, such as that of your own application, `api://GUID`."""
    portal_client_id: Annotated[str, msgspec.Meta(pattern=_GUID)] | None = None
    """The tenants' application through which their users sign in to the portal."""
    imds: bool = False
    """Whether programs of the server's own user get tokens without a secret, as on Azure's virtual machines."""


_HOST_AND_PORT = r"^[A-Za-z0-9.-]+:[0-9]{1,5}\Z"


class ClusterSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The Ray cluster of the engines that have `placement = "ray"`."""

    address: Annotated[str, msgspec.Meta(pattern=_HOST_AND_PORT)] = "127.0.0.1:6379"
    """Of its head, as all of its machines and all servers reach it."""


class TelemetrySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is told to other programs of the operator's."""

    traces: Annotated[str, msgspec.Meta(pattern=r"^https?://")] | None = None
    """Where an OpenTelemetry collector takes spans over http, such as http://localhost:4318/v1/traces."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file. Without a file, every setting has its default."""

    profiles: dict[str, ProfileSettings] = msgspec.field(default_factory=lambda: {"default": ProfileSettings()})
    """By name; deployments refer to these names. `read_settings` adds `mini` if the file does not have it."""
    engines: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict[str, dict[str, Any]])
    """By name; profiles refer to these names. Each has a `kind`, and that kind's own settings."""
    cluster: ClusterSettings = ClusterSettings()
    identity: IdentitySettings = msgspec.field(default_factory=IdentitySettings)
    cores: int = msgspec.field(default_factory=lambda: max(1, math.floor(cpu_count())))
    """How many cores the engines may keep busy; by default, as many as this process may use."""
    device: Device = "auto"
    """Where the engines in this process compute, unless an engine has a device of its own."""
    max_waiting: int = 32
    """How many requests may wait for each engine before the next is refused."""
    audio_output_hours: float = 1.0
    """How long a spoken reply can be referred to by its id."""
    server: ServerSettings = ServerSettings()
    tls: TlsSettings = TlsSettings()
    quotas: QuotaSettings = QuotaSettings()
    limits: LimitSettings = LimitSettings()
    calls: CallSettings = CallSettings()
    records: RecordSettings = RecordSettings()
    store: StoreSettings = StoreSettings()
    telemetry: TelemetrySettings = TelemetrySettings()


def read_settings(path: Path | None) -> Settings:
    """The settings in `path`; None reads `antiphon.toml` in the current folder, if there is one.

    Raises `ConfigurationError`.
    """
    if path is None:
        path = Path(CONFIGURATION_FILE)
        if not path.exists():
            return _completed(Settings())
    try:
        settings = msgspec.toml.decode(path.read_bytes(), type=Settings)
    except OSError as error:
        raise ConfigurationError(f"The configuration {path} cannot be read: {error.strerror}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError(f"The configuration {path} is invalid: {error}.") from None
    if "default" not in settings.profiles:
        raise ConfigurationError(f"The configuration {path} needs a profile named default: [profiles.default].")
    domain = settings.server.domain
    if domain is not None and not _DOMAIN.fullmatch(domain):
        raise ConfigurationError(
            f"The configuration {path} names {domain!r} as the server's domain, which is not a valid domain. Write it "
            "in lower case, without a scheme or port and without dots at either end, such as voice.example.org."
        )
    if not _PREFIX.fullmatch(settings.server.prefix):
        raise ConfigurationError(
            f"The configuration {path} has {settings.server.prefix!r} as the server's prefix, which cannot be one. "
            "Begin it with a slash and end it without one, such as /antiphon."
        )
    if settings.calls.udp_ports is not None and settings.calls.udp_ports[0] > settings.calls.udp_ports[1]:
        raise ConfigurationError(f"The configuration {path} needs the first and the last port in udp_ports of [calls].")
    if settings.store.url is not None and not settings.store.url.startswith(("postgresql://", "postgres://")):
        raise ConfigurationError(f"The configuration {path} needs a url in [store] that begins with postgresql://.")
    if settings.store.blobs is not None and not settings.store.blobs.startswith("s3://"):
        raise ConfigurationError(f"The configuration {path} needs blobs in [store] to begin with s3://.")
    if settings.identity.portal_client_id is not None and not settings.identity.tenants:
        raise ConfigurationError(
            f"The configuration {path} names an application for signing in to the portal (portal_client_id), but not "
            "the tenants it belongs to."
        )
    return _completed(settings)


def _completed(settings: Settings) -> Settings:
    """With the profile of the mini models: unless the file has it, `default`, with the small language model in place of
    the usual one. And with a better recognizer for the recordings of all others that have the usual one."""
    usual = ProfileSettings()
    mini = settings.profiles["default"]
    if mini.responder is None and mini.language_model == usual.language_model:
        mini = msgspec.structs.replace(mini, language_model=_SMALL_LANGUAGE_MODEL)
    profiles = {
        name: msgspec.structs.replace(profile, transcriber=_TRANSCRIBER)
        if name != "mini" and profile.transcriber is None and profile.recognizer == usual.recognizer
        else profile
        for name, profile in settings.profiles.items()
    }
    return msgspec.structs.replace(settings, profiles={**profiles, "mini": profiles.get("mini", mini)})
