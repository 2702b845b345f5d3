"""Audiences: what a token is for, as named in its `aud` claim and in clients' requests."""

from __future__ import annotations

_COGNITIVE_SERVICES_APPLICATION = "7d312290-28c8-473c-a0ed-8e53749b6d6d"
"""Azure's application behind these URLs; Entra's v2 tokens may name it instead."""

DATA_AUDIENCES = frozenset(
    {
        "https://cognitiveservices.azure.com",
        "https://cognitiveservices.azure.com/",
        "https://ai.azure.com",
        "https://ai.azure.com/",
        _COGNITIVE_SERVICES_APPLICATION,
    }
)
"""For tokens that use an account's models."""

MANAGEMENT_AUDIENCES = frozenset(
    {
        "https://management.azure.com",
        "https://management.azure.com/",
        "https://management.core.windows.net",
        "https://management.core.windows.net/",
        "https://management.core.windows.net//",
    }
)
"""For tokens that manage accounts."""

GRAPH_AUDIENCE = "https://graph.microsoft.com"
"""For tokens that query the directory. Nobody requests one by this name: `az` requests it for the address of the
cloud's Graph, which is the server's own."""

EXCHANGE_AUDIENCE = "api://AzureADTokenExchange"
"""For tokens that can only be exchanged for another one, as workload identity does."""
