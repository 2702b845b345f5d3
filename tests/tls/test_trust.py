"""How clients are told of the server's authority."""

from __future__ import annotations

from pathlib import Path

import certifi

from antiphon.tls.certificate_authority import CertificateAuthority

from .local_certificates import NOW, local, trusted


def test_the_bundle_has_the_public_authorities_and_ours(tmp_path: Path) -> None:
    certificates = local(tmp_path)
    certificates.current()
    assert trusted(certificates.bundle) == trusted(Path(certifi.where())) | trusted(certificates.authority_certificate)


def test_clients_are_told_of_ours_and_still_of_the_authorities_they_know(tmp_path: Path) -> None:
    company = tmp_path / "company.pem"
    company.write_bytes(CertificateAuthority.create([], now=NOW).certificate_pem)
    certificates = local(tmp_path)
    variables = certificates.trusted_by({"REQUESTS_CA_BUNDLE": str(company), "SSL_CERT_FILE": "/nowhere/at/all"})
    assert variables == {
        "SSL_CERT_FILE": str(certificates.bundle),
        "REQUESTS_CA_BUNDLE": str(certificates.bundle),
        "NODE_EXTRA_CA_CERTS": str(certificates.authority_certificate),
    }
    assert company.read_bytes().strip() in certificates.bundle.read_bytes()


def test_a_shell_that_was_told_before_keeps_what_it_was_told(tmp_path: Path) -> None:
    company = tmp_path / "company.pem"
    company.write_bytes(CertificateAuthority.create([], now=NOW).certificate_pem)
    certificates = local(tmp_path)
    once = certificates.trusted_by({"SSL_CERT_FILE": str(company), "NODE_EXTRA_CA_CERTS": str(company)})
    assert once["NODE_EXTRA_CA_CERTS"] == str(certificates.bundle)
    assert certificates.trusted_by(once) == once
    assert company.read_bytes().strip() in certificates.bundle.read_bytes()
