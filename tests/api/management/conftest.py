"""Resource management within the process, and over TLS for Azure's own client, which takes nothing else."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import shutil
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from antiphon.api.draining import Draining
from antiphon.api.health import Health
from antiphon.api.management.plane import ManagementPlane, management_bodies
from antiphon.api.routes import create_api
from antiphon.identity.assignments import RoleAssignments
from antiphon.identity.directory import Directory
from antiphon.identity.keys import AccountKeys
from antiphon.identity.principals import Principals
from antiphon.resources.accounts import Accounts, ensure_local_account
from antiphon.resources.capacity import CapacityPool
from antiphon.resources.deployments import Deployments
from antiphon.resources.groups import ResourceGroups
from antiphon.settings import StoreSettings
from antiphon.store.database import Database
from antiphon.store.space import DiskSpace
from antiphon.store.tables import LOCAL_SUBSCRIPTION
from antiphon.telemetry.tracing import NoTracing

from ...waiting import until
from .doubles import TENANT, PermissiveAuthorizer

VERSION = "2025-09-01"
PROVIDER = f"/subscriptions/{LOCAL_SUBSCRIPTION}/providers/Microsoft.CognitiveServices"
GROUP = f"/subscriptions/{LOCAL_SUBSCRIPTION}/resourceGroups/rg"
ACCOUNTS = f"{GROUP}/providers/Microsoft.CognitiveServices/accounts"
LOCAL = f"/subscriptions/{LOCAL_SUBSCRIPTION}/resourceGroups/local/providers/Microsoft.CognitiveServices/accounts/local"


def account(**properties: Any) -> dict[str, Any]:
    """A body that makes one."""
    return {"kind": "OpenAI", "sku": {"name": "S0"}, "location": "eastus2", "properties": properties}


def deployment(
    *, model: str = "gpt-4o-audio-preview", capacity: Any = 1, sku: str = "GlobalStandard", **more: Any
) -> dict[str, Any]:
    """A body that makes one."""
    return {
        "sku": {"name": sku, "capacity": capacity},
        "properties": {"model": {"format": "OpenAI", "name": model, "version": "2024-12-17"}},
        **more,
    }


def plane_of(database: Database, authorizer: PermissiveAuthorizer) -> ManagementPlane:
    pool = CapacityPool(database=database)
    return ManagementPlane(
        accounts=Accounts(database),
        groups=ResourceGroups(database),
        keys=AccountKeys(database),
        deployments=Deployments(database, pool=pool, profiles={"default", "fast"}),
        pool=pool,
        authorizer=authorizer,
        directory=Directory(principals=Principals(database), roles=RoleAssignments(database), has_strangers=False),
        tenant_id=TENANT,
        bodies=management_bodies(),
    )


@dataclass(frozen=True, slots=True)
class Management:
    """The API under test, with the account `local`."""

    client: httpx.AsyncClient
    plane: ManagementPlane
    authorizer: PermissiveAuthorizer

    async def send(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        options.setdefault("params", {"api-version": VERSION})
        return await self.client.request(method, path, json=body, **options)

    async def get(self, path: str) -> Any:
        response = await self.send("GET", path)
        assert response.status_code == 200, response.text
        return response.json()

    async def put(self, path: str, body: Any) -> Any:
        response = await self.send("PUT", path, body)
        assert response.status_code in {200, 201}, response.text
        return response.json()

    async def error(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, str, str]:
        """The status, the code and the message of a request that is refused in Azure Resource Manager's shape."""
        response = await self.send(method, path, body, **options)
        answered = response.json()
        assert answered.keys() == {"error"}
        assert answered["error"].keys() == {"code", "message"}
        return response.status_code, answered["error"]["code"], answered["error"]["message"]


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory, place_database: Callable[[Path], Path]) -> Path:
    """The file of a database with the account `local`, to be copied."""
    path = place_database(tmp_path_factory.mktemp("new") / "antiphon.db")

    async def make() -> None:
        async with await Database.open(path) as database:
            await ensure_local_account(database)

    asyncio.run(make())
    return path


@pytest.fixture
def database_location(tmp_path: Path, new_database: Path, store_settings: StoreSettings) -> Path | str:
    return store_settings.url or Path(shutil.copy(new_database, tmp_path / "antiphon.db"))


@pytest.fixture
async def management(anyio_backend: str, tmp_path: Path, database_location: Path | str) -> AsyncGenerator[Management]:
    async with await Database.open(database_location) as database:
        await ensure_local_account(database)
        authorizer = PermissiveAuthorizer()
        plane = plane_of(database, authorizer)

        @asynccontextmanager
        async def lifespan(_: Any) -> AsyncGenerator[None]:
            yield

        api = create_api(lifespan)
        health = Health(database=database, space=DiskSpace(tmp_path), draining=Draining(seconds=1))
        api.state.services = SimpleNamespace(management=plane, health=health, tracing=NoTracing())
        transport = httpx.ASGITransport(api, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8080") as client:
            yield Management(client, plane, authorizer)


@dataclass(frozen=True, slots=True)
class TlsServer:
    url: str
    certificate: Path
    """What a client must trust."""


@pytest.fixture(scope="module")
def tls_server(tmp_path_factory: pytest.TempPathFactory) -> Generator[TlsServer]:
    """Resource management on a port of its own, with a certificate that nobody else trusts."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = write_certificate(folder)

    @asynccontextmanager
    async def lifespan(api: Any) -> AsyncGenerator[None]:
        async with await Database.open(folder / "antiphon.db") as database:
            await ensure_local_account(database)
            plane = plane_of(database, PermissiveAuthorizer())
            api.state.services = SimpleNamespace(management=plane, tracing=NoTracing())
            yield

    server = uvicorn.Server(
        uvicorn.Config(
            create_api(lifespan),
            port=0,
            ssl_certfile=certificate,
            ssl_keyfile=key,
            log_config=None,
            timeout_graceful_shutdown=1,
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started or not thread.is_alive())
        assert server.started
        port = server.servers[0].sockets[0].getsockname()[1]
        yield TlsServer(f"https://localhost:{port}", certificate)
    finally:
        server.should_exit = True
        thread.join()


def write_certificate(folder: Path) -> tuple[Path, Path]:
    """A throwaway self-signed certificate for localhost, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_path, key_path = folder / "certificate.pem", folder / "key.pem"
    certificate_path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_path, key_path
