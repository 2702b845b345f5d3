"""Scopes: where a role applies. As in Azure, a role on a scope applies to everything within it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

ALL_ACCOUNTS = "*"
"""The scope of everything in every subscription, present and future: Azure's "/"."""

_WIDER = re.compile(r"/subscriptions/([^/]+)(?:/resourcegroups/([^/]+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Everything, or a subscription, or a resource group in it, or an account in that."""

    subscription_id: str | None = None
    resource_group: str | None = None
    """Requires the subscription."""
    account_id: str | None = None
    """The internal id, which is never reused: a role on a deleted account does not apply to a new one of that name."""

    @property
    def stored(self) -> str:
        """As stored in role assignments: `ALL_ACCOUNTS`, an account's id, or the path of a subscription or group."""
        return self.covering[-1]

    @property
    def covering(self) -> tuple[str, ...]:
        """The stored scopes whose roles apply here, from the widest to this one."""
        found = [ALL_ACCOUNTS]
        if self.subscription_id is not None:
            found.append(f"/subscriptions/{self.subscription_id.lower()}")
            if self.resource_group is not None:
                found.append(f"{found[-1]}/resourcegroups/{self.resource_group.lower()}")
        if self.account_id is not None:
            found.append(self.account_id)
        return tuple(found)

    def lies_in(self, other: Self) -> bool:
        """Whether whatever applies to `other` applies here too."""
        return other.stored in self.covering


EVERYTHING = Scope()


def wider_scope(stored: str) -> Scope | None:
    """Parse a scope wider than an account's, as stored or as Azure writes it; None if it is not one."""
    if stored in (ALL_ACCOUNTS, "/"):
        return EVERYTHING
    match = _WIDER.fullmatch(stored.rstrip("/").lower())
    return None if match is None else Scope(subscription_id=match[1], resource_group=match[2])
