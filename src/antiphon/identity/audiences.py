"""Audiences: what a token is for, as its `aud` names it and as clients ask for it."""

from __future__ import annotations

_COGNITIVE_SERVICES_APPLICATION = "7d312290-28c8-473c-a0ed-8e53749b6d6d"
"""Azure's own application behind the URLs; tokens of Entra's version 2 may name it instead."""

DATA_AUDIENCES = frozenset(
    {
        "https://cognitiveservices.azure.com",
        "https://cognitiveservices.azure.com/",
        "https://ai.azure.com",
        "https://ai.azure.com/",
        _COGNITIVE_SERVICES_APPLICATION,
    }
)
"""Of tokens that use an account's models."""

MANAGEMENT_AUDIENCES = frozenset(
    {
        "https://management.azure.com",
        "https://management.azure.com/",
        "https://management.core.windows.net",
        "https://management.core.windows.net/",
        "https://management.core.windows.net//",
    }
)
"""Of tokens that manage accounts."""

GRAPH_AUDIENCE = "https://graph.microsoft.com"
"""Of tokens that ask who there is. Nobody gets one by that name: `az` wants them for the address where it looks for the
Graph of a cloud like this one, the server's own."""

EXCHANGE_AUDIENCE = "api://AzureADTokenExchange"
"""Of tokens that are only good for being exchanged for another one: workload identity's."""
