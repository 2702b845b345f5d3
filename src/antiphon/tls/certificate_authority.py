"""The server's own certificate authority, and the certificates it issues. Does not touch files."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Self

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from antiphon.errors import ConfigurationError

LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
"""The names in every certificate of the server."""

_AUTHORITY_LIFETIME = timedelta(days=3653)
_LIFETIME = timedelta(days=397)
"""Apple's systems reject server certificates that are valid for 398 days or longer."""
_CLOCK_SKEW = timedelta(hours=1)
"""How far behind a client's clock may be when a certificate is issued."""
_LOOPBACK = ("localhost", "127.0.0.0/8", "::1/128")

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_DNS_NAME = re.compile(rf"(?:\*\.)?{_LABEL}(?:\.{_LABEL})*")
_MAX_DNS_NAME = 253

_Address = IPv4Address | IPv6Address
_Network = IPv4Network | IPv6Network


def checked_name(name: str) -> str:
    """A host name (`*.example.com` for all names below one) or an IP address, in the form used in certificates.

    Raises `ConfigurationError` for anything else.
    """
    if (address := _address(name)) is not None:
        return str(address)
    folded = name.lower().rstrip(".")
    if len(folded) > _MAX_DNS_NAME or not _DNS_NAME.fullmatch(folded):
        raise ConfigurationError(
            f"{name!r} cannot be named in a certificate. Use a host name such as antiphon.example.com, with letters "
            "beyond ASCII as xn--…, or an IP address, without a port."
        )
    return folded


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateAuthority:
    """A key that clients trust, and the certificate that limits the names they trust it for."""

    certificate: x509.Certificate
    _key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def create(cls, names: Sequence[str], *, now: datetime) -> Self:
        """A new authority for this machine's loopback names, the names below `localhost`, and `names`.

        Clients reject whatever it signs for other names, so trusting it does not expose anybody's Internet traffic.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Antiphon"),
                # With a date, to distinguish two of them in a list of certificates.
                x509.NameAttribute(NameOID.COMMON_NAME, f"Antiphon local authority {now:%Y-%m-%d %H:%M:%S}"),
            ]
        )
        permitted = [_permitted(name) for name in dict.fromkeys((*_LOOPBACK, *names))]
        certificate = (
            _builder(subject, issuer=subject, key=key.public_key(), now=now, not_after=now + _AUTHORITY_LIFETIME)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_key_usage(certificates=True), critical=True)
            .add_extension(x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None), critical=True)
            .sign(key, SHA256())
        )
        return cls(certificate=certificate, _key=key)

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """Read what `pem` returned. Raises `ValueError`."""
        key = load_pem_private_key(pem, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError("not the kind of key that this authority uses")
        return cls(certificate=x509.load_pem_x509_certificate(pem), _key=key)

    @property
    def pem(self) -> bytes:
        """Key and certificate together, so that they cannot get separated."""
        return _key_pem(self._key) + self.certificate_pem

    @property
    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def names(self) -> list[str]:
        """The names that it may certify besides the loopback ones."""
        return [name for name in map(_text, self._permitted_names()) if name not in _LOOPBACK]

    def permits(self, name: str) -> bool:
        """Whether clients accept certificates from it for this name."""
        return any(_covers(permitted, name) for permitted in self._permitted_names())

    def _permitted_names(self) -> Iterable[x509.GeneralName]:
        constraints = self.certificate.extensions.get_extension_for_class(x509.NameConstraints).value
        return constraints.permitted_subtrees or ()

    def has_issued(self, certificate: x509.Certificate) -> bool:
        try:
            certificate.verify_directly_issued_by(self.certificate)
        except (ValueError, TypeError, InvalidSignature):
            return False
        return True

    def issue(self, names: Sequence[str], *, now: datetime) -> bytes:
        """A new key and a server certificate for these names, which the authority must permit, as one PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        authority_key = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        certificate = (
            _builder(
                x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Antiphon")]),
                issuer=self.certificate.subject,
                key=key.public_key(),
                now=now,
                not_after=min(now + _LIFETIME - _CLOCK_SKEW, self.certificate.not_valid_after_utc),
            )
            .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(authority_key), critical=False
            )
            .sign(self._key, SHA256())
        )
        return _key_pem(key) + certificate.public_bytes(Encoding.PEM)


def names_of(certificate: x509.Certificate) -> list[str]:
    """The host names and addresses that a certificate names."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [_text(name) for name in names if isinstance(name, x509.DNSName | x509.IPAddress)]


def _builder(
    subject: x509.Name, *, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, not_after: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _key_usage(*, certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=certificates,
        crl_sign=certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _general_name(name: str) -> x509.GeneralName:
    address = _address(name)
    return x509.DNSName(name) if address is None else x509.IPAddress(address)


def _permitted(name: str) -> x509.GeneralName:
    """The name constraint that permits `name`; for an address, a network."""
    try:
        return x509.IPAddress(ipaddress.ip_network(name))
    except ValueError:
        return x509.DNSName(name.removeprefix("*."))


def _covers(permitted: x509.GeneralName, name: str) -> bool:
    address = _address(name)
    match permitted.value:
        case str(domain):
            return address is None and f".{name}".endswith(f".{domain}")
        case IPv4Network() | IPv6Network() as network:
            return address is not None and address in network
        case _:
            return False


def _address(name: str) -> _Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _text(name: x509.GeneralName) -> str:
    return str(name.value)
