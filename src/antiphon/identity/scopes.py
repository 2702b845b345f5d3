"""Scopes: where a role counts. As in Azure, one that is given above counts for everything below."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

ALL_ACCOUNTS = "*"
"""The scope of a role on everything, in every subscription, what is to come included: Azure's "/"."""

_WIDER = re.compile(r"/subscriptions/([^/]+)(?:/resourcegroups/([^/]+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Everything, or a subscription, or a resource group in it, or an account in that."""

    subscription_id: str | None = None
    resource_group: str | None = None
    """Needs the subscription."""
    account_id: str | None = None
    """Ours, which is never used again: a role on an account that is gone counts for none of its name."""

    @property
    def stored(self) -> str:
        """As a role assignment has it: `ALL_ACCOUNTS`, an account's id, or the path of a subscription or group."""
        return self.covering[-1]

    @property
    def covering(self) -> tuple[str, ...]:
        """The scopes, as stored, on which a role counts here: from the widest to this one."""
        found = [ALL_ACCOUNTS]
        if self.subscription_id is not None:
            found.append(f"/subscriptions/{self.subscription_id.lower()}")
            if self.resource_group is not None:
                found.append(f"{found[-1]}/resourcegroups/{self.resource_group.lower()}")
        if self.account_id is not None:
            found.append(self.account_id)
        return tuple(found)

    def lies_in(self, other: Self) -> bool:
        """Whether what counts on `other` counts here, too."""
        return other.stored in self.covering


EVERYTHING = Scope()


def wider_scope(stored: str) -> Scope | None:
    """The scope that is stored, or written as Azure writes it; None for what is no wider one than an account's."""
    if stored in (ALL_ACCOUNTS, "/"):
        return EVERYTHING
    match = _WIDER.fullmatch(stored.rstrip("/").lower())
    return None if match is None else Scope(subscription_id=match[1], resource_group=match[2])
