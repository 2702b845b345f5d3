"""A certificate of another authority, as an operator brings it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from antiphon.errors import ConfigurationError
from antiphon.tls.certificate_authority import CertificateAuthority, names_of
from antiphon.tls.certificates import OwnCertificate, ServerCertificate

from .local_certificates import NOW


class Own:
    """A certificate of another authority, as an operator brings it."""

    def __init__(self, tmp_path: Path) -> None:
        self.pem = CertificateAuthority.create(["example.com"], now=NOW).issue(["example.com"], now=NOW)
        self.key = tmp_path / "own-key.pem"
        self.certificate = tmp_path / "own.pem"
        key, begin, certificate = self.pem.partition(b"-----BEGIN CERTIFICATE-----")
        self.key.write_bytes(key)
        self.certificate.write_bytes(begin + certificate)

    def read(self, *, now: datetime = NOW) -> ServerCertificate:
        return OwnCertificate(certificate=self.certificate, key=self.key, clock=lambda: now).current()


@pytest.fixture
def own(tmp_path: Path) -> Own:
    return Own(tmp_path)


def test_an_own_certificate_is_read_from_two_files_or_from_one(own: Own, tmp_path: Path) -> None:
    assert names_of(own.read().certificate) == ["example.com"]
    both = tmp_path / "both.pem"
    for pem in (own.pem, own.certificate.read_bytes() + own.key.read_bytes()):
        both.write_bytes(pem)
        assert OwnCertificate(certificate=both).current().certificate == own.read().certificate


def test_an_own_certificate_that_is_not_there_is_told(own: Own) -> None:
    own.key.unlink()
    with pytest.raises(ConfigurationError, match=r"own-key\.pem: No such file"):
        own.read()


def test_a_key_that_is_another_certificates_is_told(own: Own, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    own.key = Own(tmp_path / "other").key
    with pytest.raises(ConfigurationError, match="another certificate"):
        own.read()


def test_a_key_of_another_kind_is_told(own: Own) -> None:
    key = rsa.generate_private_key(65537, 2048)
    own.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(ConfigurationError, match="another certificate"):
        own.read()


def test_an_encrypted_key_is_told(own: Own) -> None:
    key = load_pem_private_key(own.key.read_bytes(), password=None)
    own.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")))
    with pytest.raises(ConfigurationError, match="without a passphrase"):
        own.read()


@pytest.mark.parametrize(("file", "lacking"), [("certificate", "no certificate"), ("key", "no private key")])
def test_a_file_of_something_else_is_told(own: Own, file: str, lacking: str) -> None:
    getattr(own, file).write_text("something else")
    with pytest.raises(ConfigurationError, match=f"it contains {lacking}"):
        own.read()


def test_an_expired_certificate_is_told(own: Own) -> None:
    with pytest.raises(ConfigurationError, match="expired on"):
        own.read(now=NOW + timedelta(days=398))


def test_a_certificate_of_the_future_is_told(own: Own) -> None:
    with pytest.raises(ConfigurationError, match="clock"):
        own.read(now=NOW - timedelta(days=1))
