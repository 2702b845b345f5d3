"""Who accepts the server's own certificate, under which names, and who sees its keys."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from antiphon.tls.certificate_authority import CertificateAuthority
from antiphon.tls.certificates import ServerCertificate

from .local_certificates import NOW, handshake, local, mode


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "machine", "voice.example.com", "192.0.2.7"])
def test_clients_that_trust_the_authority_accept_the_server_under_each_of_its_names(tmp_path: Path, host: str) -> None:
    certificates = local(tmp_path, "voice.example.com", "192.0.2.7")
    handshake(certificates.current(), certificates.authority_certificate, host)


def test_a_wildcard_of_the_settings_stands_for_the_names_below(tmp_path: Path) -> None:
    certificates = local(tmp_path, "*.voice.example.com")
    handshake(certificates.current(), certificates.bundle, "contoso.voice.example.com", strict=False)


def test_clients_refuse_what_the_authority_signs_for_anybody_else(tmp_path: Path) -> None:
    certificates = local(tmp_path, "voice.example.com")
    certificates.current()
    authority = CertificateAuthority.from_pem(certificates.authority_key.read_bytes())
    for name in ("login.example.com", "example.com", "192.0.2.8"):
        stolen = ServerCertificate.from_pem(authority.issue([name], now=NOW))
        with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
            handshake(stolen, certificates.authority_certificate, name)


def test_each_account_has_a_certificate_for_its_own_host(tmp_path: Path) -> None:
    certificates = local(tmp_path)
    certificates.current()
    shown = certificates.for_host("contoso.localhost")
    assert shown is not None
    handshake(shown, certificates.authority_certificate, "contoso.localhost")


@pytest.mark.parametrize(
    "host", ["localhost", "*.localhost", "example.com", ".localhost", "a b.localhost", "ü.localhost"]
)
def test_no_other_host_has_one(tmp_path: Path, host: str) -> None:
    certificates = local(tmp_path)
    certificates.current()
    assert certificates.for_host(host) is None


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node")
def test_node_accepts_the_server(tmp_path: Path) -> None:
    certificates = local(tmp_path)
    certificates.current()
    program = """
        const tls = require('tls'), fs = require('fs'), pem = fs.readFileSync(process.argv[1]);
        const server = tls.createServer({key: pem, cert: pem}, socket => socket.end()).listen(0, '127.0.0.1', () =>
            tls.connect({port: server.address().port, host: '127.0.0.1', servername: 'localhost'}, function () {
                console.log(this.authorized); this.end(); server.close(); }));
    """
    done = subprocess.run(
        ["node", "-e", program, certificates.server_certificate],
        env={"NODE_EXTRA_CA_CERTS": str(certificates.authority_certificate)},
        executable=shutil.which("node"),
        capture_output=True,
        text=True,
    )
    assert done.stdout == "true\n", done.stderr


def test_keys_are_for_their_owner_alone_and_what_clients_need_is_for_all(tmp_path: Path) -> None:
    certificates = local(tmp_path)
    certificates.current()
    assert mode(certificates.folder) == mode(certificates.folder.parent) == 0o700
    assert mode(certificates.authority_key) == mode(certificates.server_certificate) == 0o600
    for public in (certificates.authority_certificate, certificates.bundle):
        assert mode(public) == 0o644
        assert b"PRIVATE" not in public.read_bytes()


def test_private_keys_do_not_show_when_they_are_logged(tmp_path: Path) -> None:
    shown = local(tmp_path).current()
    assert "PRIVATE" in shown.pem.decode()
    assert "PRIVATE" not in repr(shown)


def test_a_certificate_lasts_no_longer_than_apples_systems_accept(tmp_path: Path) -> None:
    certificate = local(tmp_path).current().certificate
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc <= timedelta(days=397)
