"""OpenAI's and Azure's own clients, in front of the API with doubles for its engines."""

from __future__ import annotations

import httpx
import httpx2
import pytest
from openai import AsyncAzureOpenAI, AsyncOpenAI

from antiphon.resources.deployment_plan import DeploymentPlan

from ..conftest import Backend, Server

DEPLOYED = {
    "whisper-1": "whisper",
    "gpt-4o-transcribe": "gpt-4o-transcribe",
    "gpt-4o-transcribe-diarize": "gpt-4o-transcribe-diarize",
    "tts-1": "tts",
    "gpt-4o-mini-tts": "gpt-4o-mini-tts",
}
"""Models by the names of their deployments, which are OpenAI's."""


@pytest.fixture(autouse=True)
async def deployed(backend: Backend) -> None:
    for name, model in DEPLOYED.items():
        await backend.services.deployments.put(
            backend.account_id, name, DeploymentPlan(model_name=model, profile="default")
        )


@pytest.fixture
def http(server: Server) -> httpx.AsyncClient:
    return server.client


@pytest.fixture
def clients_own(backend: Backend) -> httpx2.AsyncClient:
    """A connection as the package makes it."""
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(backend.api, raise_app_exceptions=False))


@pytest.fixture
def openai(clients_own: httpx2.AsyncClient, backend: Backend) -> AsyncOpenAI:
    return AsyncOpenAI(api_key=backend.key, base_url="http://antiphon/v1", http_client=clients_own, max_retries=0)


@pytest.fixture
def azure(clients_own: httpx2.AsyncClient, backend: Backend) -> AsyncAzureOpenAI:
    return AsyncAzureOpenAI(
        api_key=backend.key,
        azure_endpoint="http://antiphon",
        api_version="2025-04-01-preview",
        http_client=clients_own,
        max_retries=0,
    )
