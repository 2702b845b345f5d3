"""The tables. Each change here goes with a migration in `migrations/versions`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, MetaData, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from antiphon.store.utc import UtcDateTime


class Base(MappedAsDataclass, DeclarativeBase, kw_only=True):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime()}


def folded(name: str) -> str:
    """A name as it is looked up: Azure finds accounts and deployments whatever the case of their names."""
    return name.lower()


class AccountRow(Base):
    """An Azure OpenAI resource: what a host name or an endpoint leads to."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("folded_name"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    """Never used again, so that nothing of a deleted account can come to belong to another."""
    name: Mapped[str]
    folded_name: Mapped[str]
    kind: Mapped[str]
    location: Mapped[str]
    created_at: Mapped[datetime]


class AccountKeyRow(Base):
    """One of an account's two keys. In the clear, because Azure's tools list keys."""

    __tablename__ = "account_keys"

    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    """"key1" or "key2"."""
    value: Mapped[str] = mapped_column(repr=False)


class DeploymentRow(Base):
    """A model under a name of the account's choosing. An account that has any cannot be deleted."""

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


class AudioOutputRow(Base):
    """Audio that a reply spoke; the bytes are a blob named after `id`."""

    __tablename__ = "audio_outputs"

    id: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    transcript: Mapped[str] = mapped_column(repr=False)
    format: Mapped[str]
    byte_size: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
