"""What callers may do: actions, and Azure's built-in roles that allow them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class DataAction(StrEnum):
    """Actions on an account's models, as Azure names them in roles and refusals."""

    CHAT = "Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action"
    REALTIME = "Microsoft.CognitiveServices/accounts/OpenAI/deployments/realtime/action"
    AUDIO = "Microsoft.CognitiveServices/accounts/OpenAI/deployments/audio/action"
    """Transcribe, translate and speak."""
    READ = "Microsoft.CognitiveServices/accounts/OpenAI/deployments/read"
    """List models and deployments."""
    STORED_READ = "Microsoft.CognitiveServices/accounts/OpenAI/stored-completions/read"
    """List and read stored completions."""
    STORED_WRITE = "Microsoft.CognitiveServices/accounts/OpenAI/stored-completions/action"
    """Change and delete stored completions."""


class ManagementAction(StrEnum):
    """Actions on accounts themselves, through Azure Resource Manager."""

    ACCOUNTS_READ = "Microsoft.CognitiveServices/accounts/read"
    ACCOUNTS_WRITE = "Microsoft.CognitiveServices/accounts/write"
    ACCOUNTS_DELETE = "Microsoft.CognitiveServices/accounts/delete"
    KEYS_LIST = "Microsoft.CognitiveServices/accounts/listKeys/action"
    KEYS_REGENERATE = "Microsoft.CognitiveServices/accounts/regenerateKey/action"
    DEPLOYMENTS_READ = "Microsoft.CognitiveServices/accounts/deployments/read"
    DEPLOYMENTS_WRITE = "Microsoft.CognitiveServices/accounts/deployments/write"
    DEPLOYMENTS_DELETE = "Microsoft.CognitiveServices/accounts/deployments/delete"
    MODELS_READ = "Microsoft.CognitiveServices/accounts/models/read"
    USAGES_READ = "Microsoft.CognitiveServices/accounts/usages/read"
    SUBSCRIPTIONS_READ = "Microsoft.Resources/subscriptions/read"
    GROUPS_READ = "Microsoft.Resources/subscriptions/resourceGroups/read"
    GROUPS_WRITE = "Microsoft.Resources/subscriptions/resourceGroups/write"
    GROUPS_DELETE = "Microsoft.Resources/subscriptions/resourceGroups/delete"
    """Including the accounts in them."""
    ROLE_DEFINITIONS_READ = "Microsoft.Authorization/roleDefinitions/read"
    ROLE_ASSIGNMENTS_READ = "Microsoft.Authorization/roleAssignments/read"
    ROLE_ASSIGNMENTS_WRITE = "Microsoft.Authorization/roleAssignments/write"
    ROLE_ASSIGNMENTS_DELETE = "Microsoft.Authorization/roleAssignments/delete"


Action: TypeAlias = DataAction | ManagementAction


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One of Azure's built-in roles, as far as it is relevant here."""

    name: str
    id: str
    """The GUID of its definition, the same throughout Azure."""
    actions: frozenset[Action]
    description: str
    """What it is for, briefly."""


_ALL_DATA = frozenset[Action](DataAction)
_ALL_MANAGEMENT = frozenset[Action](ManagementAction)
_GIVING_ROLES = frozenset[Action]({ManagementAction.ROLE_ASSIGNMENTS_WRITE, ManagementAction.ROLE_ASSIGNMENTS_DELETE})
_ALL_BUT_ROLES = _ALL_MANAGEMENT - _GIVING_ROLES
_READS = frozenset[Action](action for action in ManagementAction if action.endswith("/read"))

COGNITIVE_SERVICES_USER = Role(
    name="Cognitive Services User",
    id="a97b65f3-24c7-4388-baec-2e87135dc908",
    actions=(_ALL_DATA | _READS | {ManagementAction.KEYS_LIST})
    - {ManagementAction.ROLE_ASSIGNMENTS_READ, ManagementAction.ROLE_DEFINITIONS_READ},
    description="Use the models, and list keys.",
)
OPENAI_USER = Role(
    name="Cognitive Services OpenAI User",
    id="5e0bd9bd-7b93-4f28-af87-19fc36ad61bd",
    actions=_ALL_DATA | _READS,
    description="Use the models.",
)
OPENAI_CONTRIBUTOR = Role(
    name="Cognitive Services OpenAI Contributor",
    id="a001fd3d-188f-4b5d-821b-7da978bf7442",
    actions=_ALL_DATA | _READS | {ManagementAction.DEPLOYMENTS_WRITE, ManagementAction.DEPLOYMENTS_DELETE},
    description="Use the models, and make and delete deployments.",
)
COGNITIVE_SERVICES_CONTRIBUTOR = Role(
    name="Cognitive Services Contributor",
    id="25fbc0a9-bd7c-42a3-aa1a-3b75d497ee68",
    actions=_ALL_BUT_ROLES,
    description="Manage accounts, keys, deployments and records, without using the models.",
)
CONTRIBUTOR = Role(
    name="Contributor",
    id="b24988ac-6180-42a0-ab88-20f7382dd24c",
    actions=_ALL_BUT_ROLES,
    description="Manage everything but roles, without using the models.",
)
OWNER = Role(
    name="Owner",
    id="8e3af657-a8ff-443c-a75c-2fe8c4bcb635",
    actions=_ALL_MANAGEMENT,
    description="Manage everything, roles included, without using the models.",
)
USER_ACCESS_ADMINISTRATOR = Role(
    name="User Access Administrator",
    id="18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
    actions=_READS | _GIVING_ROLES,
    description="Give roles and take them back.",
)

ROLES = (
    COGNITIVE_SERVICES_USER,
    OPENAI_USER,
    OPENAI_CONTRIBUTOR,
    COGNITIVE_SERVICES_CONTRIBUTOR,
    CONTRIBUTOR,
    OWNER,
    USER_ACCESS_ADMINISTRATOR,
)
"""The roles supported here. As in Azure, managing everything does not include using the models."""

_BY_SPELLING = {
    spelling.lower(): role for role in ROLES for spelling in (role.name, role.name.replace(" ", ""), role.id)
}


def find_role(spelling: str) -> Role | None:
    """The role with that name, ignoring case and spaces, or with that GUID."""
    return _BY_SPELLING.get(spelling.lower())
