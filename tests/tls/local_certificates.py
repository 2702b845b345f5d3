"""A data folder's own certificates as tests make them, and clients that judge them."""

from __future__ import annotations

import ssl
import stat
from datetime import UTC, datetime
from pathlib import Path

from antiphon.tls.certificates import LocalCertificates, ServerCertificate

NOW = datetime.now(UTC).replace(microsecond=0)


class Calendar:
    """A clock to turn by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def local(tmp_path: Path, *names: str, machine_name: str = "machine", clock: Calendar | None = None):
    return LocalCertificates(
        tmp_path / "data" / "tls", names=names, machine_name=machine_name, clock=clock or Calendar()
    )


def trusted(file: Path) -> set[bytes]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(file)
    return set(context.get_ca_certs(binary_form=True))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def handshake(shown: ServerCertificate, trusted: Path, host: str, *, strict: bool = True) -> None:
    """Shake hands in memory as Python's clients do. Raises `ssl.SSLCertVerificationError`."""
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    pem = trusted.with_name("shown.pem")
    pem.write_bytes(shown.pem)
    server_context.load_cert_chain(pem)
    client_context = ssl.create_default_context(cafile=str(trusted))
    if strict:
        client_context.verify_flags |= ssl.VERIFY_X509_STRICT  # What Python 3.13 does by default.
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = server_context.wrap_bio(to_server, to_client, server_side=True)
    client = client_context.wrap_bio(to_client, to_server, server_hostname=host)
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert client.version() == "TLSv1.3"
