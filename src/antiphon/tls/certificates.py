"""The server's certificate: issued by its own authority, or provided by the operator."""

from __future__ import annotations

import fcntl
import logging
import socket
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Protocol, Self

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from antiphon.errors import ConfigurationError
from antiphon.store.durable import write_file
from antiphon.store.location import create_private_folder
from antiphon.store.utc import Clock, utc_now
from antiphon.tls.certificate_authority import LOCAL_NAMES, CertificateAuthority, checked_name, names_of
from antiphon.tls.trust import bundle_of, named_files, trust_variables

_log = logging.getLogger(__name__)

_RENEWED_BEFORE_END = timedelta(days=30)
_ACCOUNT_DOMAIN = ".localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCertificate:
    """A certificate that identifies the server to its clients, with its key."""

    pem: bytes = field(repr=False)
    """The private key, the certificate, and its chain, if any."""
    certificate: x509.Certificate

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """Raises `ValueError` unless it is a certificate with its key."""
        try:
            certificate = x509.load_pem_x509_certificates(pem)[0]
        except ValueError:
            raise ValueError("it contains no certificate") from None
        try:
            key = load_pem_private_key(pem, password=None).public_key()
        except TypeError:
            raise ValueError("the key is encrypted; store it without a passphrase") from None
        except (ValueError, UnsupportedAlgorithm):
            raise ValueError("it contains no private key") from None
        form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        if key.public_bytes(*form) != certificate.public_key().public_bytes(*form):
            raise ValueError("the key belongs to another certificate")
        return cls(pem=pem, certificate=certificate)


class CertificateSource(Protocol):
    """Where the server's certificate comes from."""

    def current(self) -> ServerCertificate:
        """The certificate to use from now on. Called at startup and regularly afterwards. Blocks.

        Raises `ConfigurationError` for what the operator has to fix.
        """
        ...

    def for_host(self, host: str) -> ServerCertificate | None:
        """A better certificate than `current`, if any, for clients that ask for `host`, which `current` does not
        name."""
        ...


class OwnCertificate:
    """The operator's certificate. It may be replaced while the server is running."""

    def __init__(self, *, certificate: Path, key: Path | None = None, clock: Clock = utc_now) -> None:
        """`certificate` includes the chain and, without `key`, the private key."""
        self._paths = [certificate] if key is None else [certificate, key]
        self._clock = clock

    def current(self) -> ServerCertificate:
        which = " and ".join(str(path) for path in self._paths)
        try:
            found = ServerCertificate.from_pem(b"\n".join(path.read_bytes() for path in self._paths))
        except OSError as error:
            raise ConfigurationError(
                f"The [tls] certificate or key cannot be read: {error.filename}: {error.strerror}."
            ) from None
        except ValueError as error:
            raise ConfigurationError(
                f"[tls] needs a certificate and its private key as PEM; {which} is unusable: {error}."
            ) from None
        now = self._clock()
        if now > found.certificate.not_valid_after_utc:
            raise ConfigurationError(
                f"The [tls] certificate {which} expired on {found.certificate.not_valid_after_utc:%Y-%m-%d}. Renew it."
            )
        if now < found.certificate.not_valid_before_utc:
            raise ConfigurationError(
                f"The [tls] certificate {which} is not valid before {found.certificate.not_valid_before_utc}. "
                "Check this machine's clock."
            )
        return found

    def for_host(self, host: str) -> None:  # noqa: ARG002 - it is the operator who says which names there are.
        return None


class LocalCertificates:
    """The server's own authority and the certificate it has issued for the server, in one folder.

    Processes may share the folder. Every file that exists is complete, and only one process at a time changes them; a
    private key and its certificate are one file, so they always match.
    """

    def __init__(
        self, folder: Path, *, names: Sequence[str] = (), machine_name: str | None = None, clock: Clock = utc_now
    ) -> None:
        """Certificates for the loopback names, for `names`, and for the machine's name if the authority permits it.

        If the authority does not permit one of `names`, it is replaced. For the machine's name, it is not: a
        container's name changes with each start, and clients would have to trust a new authority each time. Raises
        `ConfigurationError` for an invalid name.
        """
        self.folder = folder
        self.authority_certificate = folder / "ca.pem"
        """The certificate that clients should trust."""
        self.authority_key = folder / "ca-key.pem"
        """Includes the authority's certificate."""
        self.server_certificate = folder / "server.pem"
        """Includes the server's key."""
        self.bundle = folder / "bundle.pem"
        """The authority's certificate and the public ones, for variables that replace a client's trusted
        authorities."""
        self._names = tuple(dict.fromkeys((*LOCAL_NAMES, *map(checked_name, names))))
        self._machine_name = _name_or_none(socket.gethostname() if machine_name is None else machine_name)
        self._clock = clock
        self._authority: CertificateAuthority | None = None

    def current(self) -> ServerCertificate:
        with self._trouble_told():
            return self._found() or self._made()

    def renew(self) -> ServerCertificate:
        """Issue a new server certificate, however long the old one is valid. The authority stays."""
        with self._trouble_told():
            return self._made(anew=True)

    def for_host(self, host: str) -> ServerCertificate | None:
        """The names below `localhost` belong to accounts, which come and go. A wildcard cannot cover them, because
        clients reject wildcards directly below a top-level domain."""
        if self._authority is None or not host.endswith(_ACCOUNT_DOMAIN) or "*" in host:
            return None
        if (name := _name_or_none(host)) is None:
            return None
        return ServerCertificate.from_pem(self._authority.issue([name], now=self._clock()))

    def trusted_by(self, environment: Mapping[str, str]) -> dict[str, str]:
        """The variables that make clients in this environment trust the authority besides what they already trust.
        Creates the authority if necessary."""
        self.current()
        named = named_files(environment)
        if self.bundle not in named:
            with self._trouble_told(), self._alone():
                write_file(self.bundle, bundle_of(named, self.authority_certificate.read_bytes()), mode=0o644)
        return trust_variables(environment, authority=self.authority_certificate, bundle=self.bundle)

    def _found(self) -> ServerCertificate | None:
        """The folder's certificate, if everything in the folder is in order."""
        authority = self._read_authority()
        if authority is None or not self._is_good(authority) or not self._is_told(authority):
            return None
        found = self._read_server_certificate()
        if found is None or not self._is_current(found.certificate) or not authority.has_issued(found.certificate):
            return None
        if not set(self._names_under(authority)) <= set(names_of(found.certificate)):
            return None
        self._authority = authority
        return found

    def _made(self, *, anew: bool = False) -> ServerCertificate:
        """Create whatever is missing or no longer usable."""
        with self._alone():
            if not anew and (found := self._found()):  # Another process was faster.
                return found
            authority = self._authority = self._good_authority()
            if not self._is_told(authority):
                write_file(self.authority_certificate, authority.certificate_pem, mode=0o644)
                write_file(self.bundle, bundle_of([], authority.certificate_pem), mode=0o644)
            names = self._names_under(authority)
            # The last one's names stay for a while: servers with other names may share the folder.
            if (last := self._read_server_certificate()) and self._is_current(last.certificate):
                names += [name for name in names_of(last.certificate) if name not in names and authority.permits(name)]
            write_file(self.server_certificate, authority.issue(names, now=self._clock()), mode=0o600)
            return ServerCertificate.from_pem(self.server_certificate.read_bytes())

    def _good_authority(self) -> CertificateAuthority:
        last = self._read_authority()
        if last is not None and self._is_good(last):
            return last
        names = list(self._names[len(LOCAL_NAMES) :])
        if self._machine_name is not None:
            names.append(self._machine_name)
        if last is not None:
            names += last.names
            _log.warning(
                "The certificate authority was replaced, because the last one expires soon or does not cover all of "
                "%s. Everyone who has a copy of %s needs the new one.",
                ", ".join(self._names),
                self.authority_certificate,
            )
        authority = CertificateAuthority.create(names, now=self._clock())
        write_file(self.authority_key, authority.pem, mode=0o600)
        return authority

    def _names_under(self, authority: CertificateAuthority) -> list[str]:
        machine_name = self._machine_name
        if machine_name is None or machine_name in self._names or not authority.permits(machine_name):
            return list(self._names)
        return [*self._names, machine_name]

    def _is_good(self, authority: CertificateAuthority) -> bool:
        # Not whether it is valid yet: a machine that wakes with a wrong clock must not discard it.
        return self._lasts(authority.certificate) and all(map(authority.permits, self._names))

    def _is_current(self, certificate: x509.Certificate) -> bool:
        return certificate.not_valid_before_utc <= self._clock() and self._lasts(certificate)

    def _lasts(self, certificate: x509.Certificate) -> bool:
        return self._clock() <= certificate.not_valid_after_utc - _RENEWED_BEFORE_END

    def _is_told(self, authority: CertificateAuthority) -> bool:
        """Whether the files for clients contain the authority's certificate."""
        try:
            told = self.authority_certificate.read_bytes()
            return told == authority.certificate_pem and told in self.bundle.read_bytes()
        except FileNotFoundError:
            return False

    def _read_authority(self) -> CertificateAuthority | None:
        try:
            return CertificateAuthority.from_pem(self.authority_key.read_bytes())
        except FileNotFoundError:
            return None
        except ValueError:
            raise ConfigurationError(
                f"{self.authority_key} is damaged. Restore it, or delete it to get a new authority, which "
                "clients then have to trust in turn."
            ) from None

    def _read_server_certificate(self) -> ServerCertificate | None:
        try:
            return ServerCertificate.from_pem(self.server_certificate.read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    @contextmanager
    def _alone(self) -> Generator[None]:
        """Hold the folder's lock, which the kernel releases when its holder dies."""
        create_private_folder(self.folder.parent)
        create_private_folder(self.folder)
        with (self.folder / "lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextmanager
    def _trouble_told(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            raise ConfigurationError(
                f"The certificates in {self.folder} cannot be read or created: {error.strerror}. Give this user "
                "access to the folder, or start with --tls-port 0 to serve http only."
            ) from None


def _name_or_none(text: str) -> str | None:
    try:
        return checked_name(text)
    except ConfigurationError:
        return None
