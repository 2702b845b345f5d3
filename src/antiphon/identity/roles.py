"""What callers may do."""

from __future__ import annotations

from enum import StrEnum


class DataAction(StrEnum):
    """What is done with an account's models, as Azure names it in roles and refusals."""

    CHAT = "Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action"
    REALTIME = "Microsoft.CognitiveServices/accounts/OpenAI/deployments/realtime/action"
    READ = "Microsoft.CognitiveServices/accounts/OpenAI/deployments/read"
    """To list models and deployments."""
    STORED_READ = "Microsoft.CognitiveServices/accounts/OpenAI/stored-completions/read"
    """To list and read stored completions."""
    STORED_WRITE = "Microsoft.CognitiveServices/accounts/OpenAI/stored-completions/action"
    """To change and delete them."""


class ManagementAction(StrEnum):
    """What is done with accounts and deployments themselves."""

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
