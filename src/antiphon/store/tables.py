"""The tables. Every change here needs a migration in `migrations/versions`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, MetaData, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from antiphon.store.utc import UtcDateTime

LOCAL_SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
LOCAL_RESOURCE_GROUP = "local"
"""Where accounts created without Azure's tools are."""


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime(), dict[str, str]: JSON(), list[str]: JSON()}


def folded(name: str) -> str:
    """A name as it is looked up: Azure finds accounts and deployments whatever the case of their names."""
    return name.lower()


class ResourceGroupRow(Base):
    """A resource group. Every account is in one; a group can also be empty."""

    __tablename__ = "resource_groups"

    folded_subscription: Mapped[str] = mapped_column(primary_key=True)
    folded_name: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    location: Mapped[str]
    created_at: Mapped[datetime]
    tags: Mapped[dict[str, str]] = mapped_column(default_factory=dict)


class AccountRow(Base):
    """An Azure OpenAI resource, which a host name or an endpoint leads to."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("folded_name"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    """Never reused, so that nothing of a deleted account can ever belong to another."""
    name: Mapped[str]
    folded_name: Mapped[str]
    kind: Mapped[str]
    location: Mapped[str]
    created_at: Mapped[datetime]
    subscription_id: Mapped[str] = mapped_column(default=LOCAL_SUBSCRIPTION)
    resource_group: Mapped[str] = mapped_column(default=LOCAL_RESOURCE_GROUP)
    """As written when the account was created; lookups ignore case."""
    tags: Mapped[dict[str, str]] = mapped_column(default_factory=dict)
    disable_local_auth: Mapped[bool] = mapped_column(default=False)
    """Whether the account accepts only tokens, not keys."""


class AccountKeyRow(Base):
    """One of an account's two keys. In plain text, because Azure's tools list keys."""

    __tablename__ = "account_keys"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    """"key1" or "key2"."""
    value: Mapped[str] = mapped_column(repr=False)


class DeploymentRow(Base):
    """A model under a name that the account has chosen. An account with deployments cannot be deleted."""

    __tablename__ = "deployments"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    folded_name: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    model_name: Mapped[str]
    model_version: Mapped[str]
    profile: Mapped[str]
    sku_name: Mapped[str]
    capacity: Mapped[int]
    """In thousands of tokens a minute."""
    created_at: Mapped[datetime]
    version_upgrade_option: Mapped[str] = mapped_column(default="OnceNewDefaultVersionAvailable")
    rai_policy_name: Mapped[str] = mapped_column(default="Microsoft.DefaultV2")
    """Stored and returned for Azure's tools, without effect."""
    tags: Mapped[dict[str, str]] = mapped_column(default_factory=dict)


class AudioOutputRow(Base):
    """Audio that a reply spoke; the bytes are a blob named after `id`."""

    __tablename__ = "audio_outputs"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    transcript: Mapped[str] = mapped_column(repr=False)
    """Encrypted, in base64."""
    format: Mapped[str]
    byte_size: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SigningKeyRow(Base):
    """A key that signs the local authority's tokens, or has signed tokens that are still valid."""

    __tablename__ = "signing_keys"

    id: Mapped[str] = mapped_column(primary_key=True)
    """The `kid` of tokens."""
    sealed_private_key: Mapped[bytes] = mapped_column(repr=False)
    """PEM, encrypted."""
    created_at: Mapped[datetime]
    """The newest key signs."""
    retires_at: Mapped[datetime | None]
    """When tokens signed with it stop being accepted. The key that signs has None, or the expiry of an unusually
    long-lived token that it has signed."""


class ServerSecretRow(Base):
    """A secret of the server that all its processes share, encrypted."""

    __tablename__ = "server_secrets"

    name: Mapped[str] = mapped_column(primary_key=True)
    sealed_value: Mapped[bytes] = mapped_column(repr=False)


class PrincipalRow(Base):
    """A principal of the local authority, which can be given tokens."""

    __tablename__ = "principals"
    __table_args__ = (UniqueConstraint("client_id"), UniqueConstraint("folded_name"))

    id: Mapped[str] = mapped_column(primary_key=True)
    """The object id: `oid` in tokens, and what roles are assigned to."""
    client_id: Mapped[str]
    """`appid` in tokens, by which the principal signs in."""
    name: Mapped[str]
    folded_name: Mapped[str]
    secret_hash: Mapped[str | None] = mapped_column(repr=False)
    """SHA-256 of the client secret, which is random and long; None if it cannot sign in with one."""
    created_at: Mapped[datetime]


class RoleAssignmentRow(Base):
    """A role of a principal, of the local authority or of Entra, on one or more accounts."""

    __tablename__ = "role_assignments"
    __table_args__ = (UniqueConstraint("principal_id", "role", "scope"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    principal_id: Mapped[str]
    """An object id. Entra's principals have no row in `principals`."""
    role: Mapped[str]
    """Its name: Cognitive Services OpenAI User."""
    scope: Mapped[str]
    """An account's id; "*" for all accounts; or, in lower case, /subscriptions/ID or
    /subscriptions/ID/resourcegroups/NAME for all accounts in it."""
    created_at: Mapped[datetime]
    principal_type: Mapped[str | None] = mapped_column(default=None)
    """The declared type of the principal: "ServicePrincipal", "User"."""
    description: Mapped[str | None] = mapped_column(default=None)
    created_by: Mapped[str | None] = mapped_column(default=None)
    """Who assigned it: an object id, or "portal"."""


class SignInCodeRow(Base):
    """A code that signs in to the portal once. Only its SHA-256 is stored."""

    __tablename__ = "sign_in_codes"

    code_hash: Mapped[str] = mapped_column(primary_key=True, repr=False)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class PortalSessionRow(Base):
    """A session in the portal, of the operator or of an Entra principal."""

    __tablename__ = "portal_sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True, repr=False)
    """SHA-256 of the token in the cookie."""
    object_id: Mapped[str | None]
    """The object id that roles are assigned to; None for the operator, who may do everything."""
    name: Mapped[str]
    """The name to display."""
    app_roles: Mapped[list[str]]
    """The roles in the token with which the principal signed in."""
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    """To within some minutes."""
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ClientSecretRow(Base):
    """A secret with which a client opens Realtime sessions for some minutes."""

    __tablename__ = "client_secrets"

    secret_hash: Mapped[str] = mapped_column(primary_key=True, repr=False)
    """SHA-256 of the secret."""
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    principal: Mapped[str]
    """Who asked for it."""
    sealed_starting: Mapped[bytes] = mapped_column(repr=False)
    """What its sessions begin with: JSON, sealed."""
    expires_at: Mapped[datetime]


class RateWindowRow(Base):
    """What a deployment has used in the current window of time."""

    __tablename__ = "rate_windows"

    account_id: Mapped[str] = mapped_column(primary_key=True)
    deployment: Mapped[str] = mapped_column(primary_key=True)
    """Its folded name."""
    kind: Mapped[str] = mapped_column(primary_key=True)
    """"requests" or "tokens"."""
    window: Mapped[int]
    """Unix time at which the window began, in seconds."""
    used: Mapped[int]


class RecordRow(Base):
    """A reply that was given. Its content is in encrypted blobs; the row holds only what records are found by."""

    __tablename__ = "records"

    id: Mapped[str] = mapped_column(primary_key=True)
    """The id that the client knows, of the chat completion or of the Realtime response."""
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    deployment: Mapped[str]
    model: Mapped[str]
    principal: Mapped[str]
    """The caller: "key1", "key2", "portal", or the object id of a token."""
    operation: Mapped[str]
    """"chatCompletion" or "realtime"."""
    is_stored: Mapped[bool]
    """Whether the client asked to store it (`store`), so that the API lists it."""
    labels: Mapped[dict[str, str]]
    """The client's own `metadata`."""
    audio: Mapped[list[str]]
    """Names of the audio pieces, so that listing and deleting them needs no key."""
    prompt_tokens: Mapped[int]
    completion_tokens: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class RecordLabelRow(Base):
    """One of a record's labels, by which the record is found."""

    __tablename__ = "record_labels"

    record_id: Mapped[str] = mapped_column(ForeignKey("records.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True, index=True)
    """See `labels.py`."""


class CompatibilityRow(Base):
    """The one row of this table says what a version of the program must know to work with the tables."""

    __tablename__ = "compatibility"

    needs: Mapped[str] = mapped_column(primary_key=True)
    """The last migration that did more than add to the tables."""
