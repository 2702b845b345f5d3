"""People's own clients sign in without a key, as they do at Azure."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msal
import pytest
from azure.identity import (
    DefaultAzureCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
    get_bearer_token_provider,
)
from openai import AsyncAzureOpenAI, AuthenticationError, AzureOpenAI

from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.audiences import DATA_AUDIENCES, MANAGEMENT_AUDIENCES
from antiphon.identity.principals import Principals
from antiphon.identity.tokens import LOCAL_TENANT, LocalIssuer, TokenVerifier
from antiphon.tls.certificates import LocalCertificates

from ..conftest import Backend, serve_instance_metadata, spoken
from ..realtime.realtime_server import RealtimeServer, running

pytestmark = pytest.mark.anyio

SCOPE = "https://cognitiveservices.azure.com/.default"
MODEL = "gpt-4o-audio-preview"
VERSION = "2025-01-01-preview"


@pytest.fixture(autouse=True)
def no_identity(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """None that this machine may have."""
    for name in os.environ:
        if name.startswith(("AZURE_", "IDENTITY_", "MSI_", "OPENAI_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.fixture
def certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalCertificates:
    """Trusted as `eval "$(antiphon env --tls)"` has it."""
    certificates = LocalCertificates(tmp_path / "tls")
    for name, value in certificates.trusted_by({}).items():
        monkeypatch.setenv(name, str(value))
    return certificates


@pytest.fixture
async def server(backend: Backend, certificates: LocalCertificates) -> AsyncGenerator[RealtimeServer]:
    async with running(backend, certificates=certificates) as started:
        yield started


@pytest.fixture
def environment(server: RealtimeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `eval "$(antiphon env)"` leaves it."""
    authority = server.backend.services.authority
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://localhost:{server.port}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", authority.managed_identity.identity_header)
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", f"http://localhost:{server.port}")


def _ask() -> str:
    """What Azure's quickstart does."""
    provider = get_bearer_token_provider(DefaultAzureCredential(), SCOPE)
    client = AzureOpenAI(azure_ad_token_provider=provider, api_version=VERSION, max_retries=0)
    completion = client.chat.completions.create(**spoken(model=MODEL))
    audio = completion.choices[0].message.audio
    assert audio is not None
    return audio.transcript


@pytest.mark.usefixtures("environment")
async def test_default_azure_credential_opens_chat_completions():
    assert await asyncio.to_thread(_ask) == "Good day, to you."


@pytest.mark.usefixtures("environment")
async def test_a_role_taken_back_shows_as_an_authentication_error(server: RealtimeServer):
    local = await Principals(server.backend.database).named("local")
    roles = RoleAssignments(server.backend.database)
    for assignment in await roles.list():
        await roles.revoke(local.id, assignment.role)
    with pytest.raises(AuthenticationError, match="lacks the required data action"):
        await asyncio.to_thread(_ask)


@pytest.mark.usefixtures("environment")
async def test_a_token_opens_a_realtime_session_of_the_openai_package(server: RealtimeServer):
    credential = await asyncio.to_thread(DefaultAzureCredential)
    token = (await asyncio.to_thread(credential.get_token, SCOPE)).token
    client = AsyncAzureOpenAI(
        azure_ad_token=token,
        api_version="2024-10-01-preview",
        websocket_base_url=f"ws://localhost:{server.port}/openai",
    )
    async with client.beta.realtime.connect(model="gpt-4o-realtime-preview") as connection:
        assert (await connection.recv()).type == "session.created"


async def test_instance_metadata_gives_tokens_too(server: RealtimeServer, monkeypatch: pytest.MonkeyPatch):
    serve_instance_metadata(server.backend)
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", f"http://localhost:{server.port}")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", f"http://localhost:{server.port}")
    credential = ManagedIdentityCredential()
    token = await asyncio.to_thread(credential.get_token, SCOPE)
    assert token.token.count(".") == 2
    assert await asyncio.to_thread(_ask) == "Good day, to you."


async def test_a_workload_signs_in_with_its_federated_token(server: RealtimeServer, tmp_path: Path):
    robot, _ = await Principals(server.backend.database).add("robot")
    token = await server.backend.services.authority.local.issuer.issue_federated(robot, timedelta(hours=1))
    (tmp_path / "token").write_text(f"{token.value}\n")  # As a shell leaves what the command prints.
    credential = WorkloadIdentityCredential(
        tenant_id=LOCAL_TENANT,
        client_id=robot.client_id,
        token_file_path=str(tmp_path / "token"),
        authority=f"https://localhost:{server.tls_port}",
    )
    given = await asyncio.to_thread(credential.get_token, SCOPE)
    verifier = TokenVerifier([LocalIssuer(keys=server.backend.services.authority.local.keys)])
    assert (await verifier.verify(given.token, DATA_AUDIENCES)).object_id == robot.id


@pytest.mark.parametrize("tenant", [LOCAL_TENANT, "organizations"])
@pytest.mark.parametrize("as_oidc", [False, True])
async def test_msal_which_az_signs_in_with_takes_our_discovery_documents(
    server: RealtimeServer, tenant: str, as_oidc: bool
):
    robot, secret = await Principals(server.backend.database).add("robot")
    authority = f"https://localhost:{server.tls_port}/{tenant}"
    where: dict[str, Any] = {"oidc_authority": f"{authority}/v2.0"} if as_oidc else {"authority": authority}

    def sign_in() -> Any:
        application = msal.ConfidentialClientApplication(
            robot.client_id,
            client_credential=secret,
            instance_discovery=False,
            **where,
        )
        return application.acquire_token_for_client(["https://management.core.windows.net//.default"])

    signed_in = await asyncio.to_thread(sign_in)
    verifier = TokenVerifier([LocalIssuer(keys=server.backend.services.authority.local.keys)])
    claims = await verifier.verify(signed_in["access_token"], MANAGEMENT_AUDIENCES)
    assert claims.object_id == robot.id


async def test_msal_tells_of_a_wrong_secret_in_entras_words(server: RealtimeServer):
    robot, _ = await Principals(server.backend.database).add("robot")

    def sign_in() -> Any:
        application = msal.ConfidentialClientApplication(
            robot.client_id,
            client_credential="wrong",
            authority=f"https://localhost:{server.tls_port}/{LOCAL_TENANT}",
            instance_discovery=False,
        )
        return application.acquire_token_for_client([SCOPE])

    refused = await asyncio.to_thread(sign_in)
    assert refused["error"] == "invalid_client"
    assert refused["error_codes"] == [7000215]
