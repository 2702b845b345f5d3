from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from antiphon.errors import ConfigurationError
from antiphon.settings import TlsSettings
from antiphon.tls.certificate_authority import CertificateAuthority, names_of
from antiphon.tls.certificates import LocalCertificates, OwnCertificate
from antiphon.tls.contexts import Tls, certificate_source

from ..waiting import eventually

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, object]]:
    return "asyncio", {"loop_factory": uvloop.new_event_loop}  # As it is served.


@asynccontextmanager
async def echoing(tls: Tls) -> AsyncGenerator[int]:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line)
        writer.close()

    async with await asyncio.start_server(echo, "127.0.0.1", 0, ssl=tls.context) as server:
        yield server.sockets[0].getsockname()[1]


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @property
    def tls(self) -> ssl.SSLObject:
        return self._writer.get_extra_info("ssl_object")

    @property
    def shown(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.tls.getpeercert(binary_form=True) or b"")

    async def echo(self, text: bytes) -> bytes:
        self._writer.write(text + b"\n")
        return (await asyncio.wait_for(self._reader.readline(), 5)).strip()


@asynccontextmanager
async def connected(port: int, host: str, context: ssl.SSLContext) -> AsyncGenerator[Client]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=host)
    try:
        yield Client(reader, writer)
    finally:
        writer.close()


def blindly() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


async def until(read: Callable[[], Awaitable[object]], expected: object) -> None:
    for _ in range(3000):
        if await read() == expected:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"It never was {expected}.")


@pytest.fixture
def local(tmp_path: Path) -> LocalCertificates:
    return LocalCertificates(tmp_path / "data" / "tls")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "contoso.localhost", "CONTOSO.localhost"])
async def test_each_host_is_shown_a_certificate_of_its_own(local: LocalCertificates, host: str) -> None:
    async with echoing(Tls(local)) as port:
        trusting = ssl.create_default_context(cafile=str(local.authority_certificate))
        async with connected(port, host, trusting) as client:
            assert await client.echo(b"hello") == b"hello"


async def test_a_host_that_nobody_knows_is_shown_the_servers_certificate(local: LocalCertificates) -> None:
    async with echoing(Tls(local)) as port, connected(port, "example.com", blindly()) as client:
        assert "localhost" in names_of(client.shown)


async def test_a_client_that_asks_for_no_host_is_shown_the_servers_certificate(local: LocalCertificates) -> None:
    async with echoing(Tls(local)) as port, connected(port, "", blindly()) as client:
        assert "localhost" in names_of(client.shown)


async def test_http_1_1_is_what_both_sides_speak(local: LocalCertificates) -> None:
    context = blindly()
    context.set_alpn_protocols(["h2", "http/1.1"])
    async with echoing(Tls(local)) as port, connected(port, "contoso.localhost", context) as client:
        assert client.tls.selected_alpn_protocol() == "http/1.1"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
async def test_older_versions_of_tls_are_refused(local: LocalCertificates) -> None:
    context = blindly()
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    async with echoing(Tls(local)) as port:
        with pytest.raises(ConnectionResetError):
            async with connected(port, "localhost", context):
                pass


@pytest.mark.parametrize(
    ("cipher", "accepted"), [("ECDHE-ECDSA-AES128-GCM-SHA256", True), ("ECDHE-ECDSA-AES128-SHA", False)]
)
async def test_tls_1_2_is_spoken_with_modern_ciphers(local: LocalCertificates, cipher: str, accepted: bool) -> None:
    context = blindly()
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(cipher)
    async with echoing(Tls(local)) as port:
        if accepted:
            async with connected(port, "localhost", context) as client:
                assert client.tls.version() == "TLSv1.2"
        else:
            with pytest.raises(ConnectionResetError):
                async with connected(port, "localhost", context):
                    pass


async def test_a_renewed_certificate_is_shown_and_open_connections_go_on(local: LocalCertificates) -> None:
    tls = Tls(local)
    fresh = asyncio.create_task(tls.keep_fresh(every_seconds=0.01))
    async with echoing(tls) as port, connected(port, "localhost", blindly()) as before:
        new = local.renew().certificate

        async def shown(host: str) -> x509.Certificate:
            async with connected(port, host, blindly()) as client:
                return client.shown

        await until(lambda: shown("localhost"), new)
        assert before.shown != new
        assert await before.echo(b"still here") == b"still here"
    fresh.cancel()


def rsa_certificate() -> bytes:
    """As operators have it who began long ago."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now.replace(year=now.year + 1, day=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("rsa.example.com")]), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + certificate.public_bytes(Encoding.PEM)


async def test_an_own_certificate_can_be_replaced_by_one_with_another_kind_of_key(tmp_path: Path) -> None:
    file = tmp_path / "own.pem"
    file.write_bytes(rsa_certificate())
    tls = Tls(OwnCertificate(certificate=file))
    fresh = asyncio.create_task(tls.keep_fresh(every_seconds=0.01))
    async with echoing(tls) as port:

        async def names() -> list[str]:
            async with connected(port, "ec.example.com", blindly()) as client:
                return names_of(client.shown)

        assert await names() == ["rsa.example.com"]
        now = datetime.now(UTC)
        file.write_bytes(CertificateAuthority.create([], now=now).issue(["ec.example.com"], now=now))
        await until(names, ["ec.example.com"])
    fresh.cancel()


async def test_an_own_certificate_that_breaks_is_logged_and_the_last_one_stays(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "own.pem"
    file.write_bytes(rsa_certificate())
    tls = Tls(OwnCertificate(certificate=file))
    fresh = asyncio.create_task(tls.keep_fresh(every_seconds=0.01))
    file.write_text("half a certificate")
    async with echoing(tls) as port:
        await eventually(lambda: caplog.records)
        assert caplog.records[0].levelno == logging.WARNING
        assert "it contains no certificate" in caplog.text
        async with connected(port, "rsa.example.com", blindly()) as client:
            assert names_of(client.shown) == ["rsa.example.com"]
    fresh.cancel()


def test_a_key_without_a_certificate_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no certificate"):
        certificate_source(TlsSettings(key="key.pem"), tmp_path)
