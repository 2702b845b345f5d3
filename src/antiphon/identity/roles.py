"""What callers may do."""

from __future__ import annotations

from enum import StrEnum


class DataAction(StrEnum):
    """What is done with an account's models, as Azure names it in roles and refusals."""

    CHAT = "Microsoft.CognitiveServices/accounts/OpenAI/deployments/chat/completions/action"
    REALTIME = "Microsoft.CognitiveServices/accounts/OpenAI/deployments/realtime/action"
    READ = "Microsoft.CognitiveServices/accounts/OpenAI/deployments/read"
    """To list models and deployments."""
