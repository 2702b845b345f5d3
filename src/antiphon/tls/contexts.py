"""The server's TLS: which certificate each client gets, and new certificates while it is running."""

from __future__ import annotations

import asyncio
import logging
import ssl
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from antiphon.errors import AntiphonError, ConfigurationError
from antiphon.settings import TlsSettings
from antiphon.store.location import DataDirectory
from antiphon.tls.certificates import CertificateSource, LocalCertificates, OwnCertificate, ServerCertificate

_log = logging.getLogger(__name__)

_REFRESH_SECONDS = 60.0
_CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For TLS 1.2, whose older ciphers lack forward secrecy or are broken. All of TLS 1.3's are good."""
_MAX_HOSTS = 256
"""How many account hosts' contexts are cached."""


def certificate_source(settings: TlsSettings, data: Path, *, hosts: Sequence[str] = ()) -> CertificateSource:
    """The source of the certificate for a server that listens on `hosts`. Raises `ConfigurationError`."""
    if settings.certificate is not None:
        key = None if settings.key is None else Path(settings.key)
        return OwnCertificate(certificate=Path(settings.certificate), key=key)
    if settings.key is not None:
        raise ConfigurationError("[tls] has a key but no certificate. Set both or neither.")
    return LocalCertificates(DataDirectory(path=data.absolute()).certificates, names=(*hosts, *settings.names))


class Tls:
    """Gives each client the certificate for the host that it asks for; new ones apply from the next handshake on."""

    def __init__(self, source: CertificateSource) -> None:
        """Blocks. Raises `ConfigurationError` for what the operator has to fix."""
        self._source = source
        self._shown = source.current()
        self._current = self.context = _context(self._shown)
        """`context` is the one to listen with, for as long as the server runs."""
        self.context.sni_callback = self._choose
        self._of_host = lru_cache(_MAX_HOSTS)(self._make_for_host)

    async def keep_fresh(self, *, every_seconds: float = _REFRESH_SECONDS) -> None:
        """Regularly switch to the source's current certificate, until cancelled. Open connections continue.

        An unusable certificate is logged, and the last one stays in use.
        """
        while True:
            await asyncio.sleep(every_seconds)
            try:
                self._show(await asyncio.to_thread(self._source.current))
            except AntiphonError as error:
                _log.warning("%s Until then, the last certificate stays in use.", error.message)
            except Exception:
                _log.exception("The certificate could not be checked; the server will try again")

    def _show(self, found: ServerCertificate) -> None:
        if found == self._shown:
            return
        self._current = _context(found)
        self._shown = found
        self._of_host.cache_clear()
        _log.info("A new certificate is in use, valid until %s", found.certificate.not_valid_after_utc)

    def _choose(self, connection: ssl.SSLObject | ssl.SSLSocket, host: str | None, _: ssl.SSLContext) -> None:
        """Called in every handshake, before a certificate is chosen. `host` is None if the client asks for none."""
        connection.context = self._current if host is None else self._of_host(host.lower())

    def _make_for_host(self, host: str) -> ssl.SSLContext:
        own = self._source.for_host(host)
        return self._current if own is None else _context(own)


def _context(certificate: ServerCertificate) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(_CIPHERS)
    context.set_alpn_protocols(["http/1.1"])
    context.options |= ssl.OP_NO_RENEGOTIATION
    with tempfile.NamedTemporaryFile() as file:  # Readable only by this user. The ssl module takes no keys from memory.
        file.write(certificate.pem)
        file.flush()
        try:
            context.load_cert_chain(file.name)
        except ssl.SSLError as error:
            raise ConfigurationError(f"OpenSSL rejects the [tls] certificate: {error.reason or error}.") from None
    return context
