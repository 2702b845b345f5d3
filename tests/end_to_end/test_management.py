"""Azure's management client for Python signs in without a key and makes an account that answers."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import DefaultAzureCredential
from azure.mgmt.cognitiveservices import CognitiveServicesManagementClient
from azure.mgmt.cognitiveservices.models import (
    Account,
    AccountProperties,
    Deployment,
    DeploymentModel,
    DeploymentProperties,
    Sku,
)

from antiphon.store.tables import LOCAL_SUBSCRIPTION

from .running_server import RunningServer

GROUP = "rg"
NAME = "contoso"
HOST = f"{NAME}.localhost"


@pytest.fixture
def azure(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Generator[CognitiveServicesManagementClient]:
    for name in os.environ:
        if name.startswith(("AZURE_", "IDENTITY_", "MSI_", "OPENAI_")):
            monkeypatch.delenv(name)
    own = {"HOME": str(tmp_path), "NO_PROXY": "localhost,127.0.0.1"}
    for name, value in (own | server.environment("--tls")).items():
        monkeypatch.setenv(name, value)
    with CognitiveServicesManagementClient(
        DefaultAzureCredential(),
        LOCAL_SUBSCRIPTION,
        base_url=server.tls_url,
        credential_scopes=["https://management.azure.com/.default"],
    ) as client:
        yield client


def ask(server: RunningServer, key: str) -> httpx.Response:
    """At the account's own host, which not every machine looks up; its certificate has to be for that name."""
    with httpx.Client(verify=server.trust(), timeout=120) as client:
        return client.post(
            f"{server.tls_url}/openai/deployments/voice/chat/completions",
            params={"api-version": "2025-01-01-preview"},
            headers={"api-key": key, "host": f"{HOST}:{server.tls_port}"},
            extensions={"sni_hostname": HOST},
            json={
                "modalities": ["text", "audio"],
                "audio": {"voice": "alloy", "format": "wav"},
                "messages": [{"role": "user", "content": "Say only: Good day."}],
            },
        )


def test_an_account_answers_from_its_creation_to_its_deletion(
    server: RunningServer, azure: CognitiveServicesManagementClient
):
    assert "local" in [account.name for account in azure.accounts.list()]
    wanted = Account(kind="OpenAI", sku=Sku(name="S0"), location="eastus2", properties=AccountProperties())
    account = azure.accounts.begin_create(GROUP, NAME, wanted).result()
    assert account.properties is not None
    assert account.properties.endpoint == f"https://{HOST}:{server.tls_port}/"
    model = DeploymentModel(format="OpenAI", name="gpt-4o-audio-preview", version="2024-12-17")
    deployment = Deployment(sku=Sku(name="GlobalStandard", capacity=100), properties=DeploymentProperties(model=model))
    made = azure.deployments.begin_create_or_update(GROUP, NAME, "voice", deployment).result()
    assert made.properties is not None
    assert made.properties.provisioning_state == "Succeeded"

    key = azure.accounts.list_keys(GROUP, NAME).key1
    assert key is not None
    answer = ask(server, key)
    assert answer.status_code == 200, answer.text
    assert "good day" in answer.json()["choices"][0]["message"]["audio"]["transcript"].lower()
    assert ask(server, server.key).status_code == 401  # The key is another account's.

    with pytest.raises(HttpResponseError, match="deployments/voice"):
        azure.accounts.begin_delete(GROUP, NAME).result()
    azure.deployments.begin_delete(GROUP, NAME, "voice").result()
    azure.accounts.begin_delete(GROUP, NAME).result()
    with pytest.raises(ResourceNotFoundError):
        azure.accounts.get(GROUP, NAME)
    assert ask(server, key).status_code == 404
