"""`antiphon certificates`: the certificates of https, whether or not a server runs on the data folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from antiphon.cli.options import DataOption
from antiphon.errors import ConfigurationError
from antiphon.settings import read_settings
from antiphon.store.location import DataDirectory
from antiphon.tls.certificate_authority import names_of
from antiphon.tls.certificates import LocalCertificates
from antiphon.tls.contexts import certificate_source

_CERTIFICATE_OF_YOUR_OWN = (
    "The configuration names your own certificate under [tls], so the server's authority is not used. Renew the "
    "certificate where you got it, and set AZURE_OPENAI_ENDPOINT to one of its names."
)

certificates = typer.Typer(no_args_is_help=True)

ConfigOption = Annotated[
    Path | None,
    typer.Option(
        "--config", help="The configuration file.", show_default="antiphon.toml in the current folder, if there is one"
    ),
]


@certificates.command("show")
def show_certificates(data: DataOption, config: ConfigOption = None) -> None:
    """Print the certificates' files, names, fingerprints and expiry dates."""
    settings = read_settings(config).tls
    source = certificate_source(settings, data)
    server = source.current().certificate
    if isinstance(source, LocalCertificates):
        authority = x509.load_pem_x509_certificate(source.authority_certificate.read_bytes())
        _print("authority", source.authority_certificate, authority)
        _print("server", source.server_certificate, server)
        typer.echo(f"bundle\n  {source.bundle}")
    else:
        _print("server", Path(settings.certificate or ""), server)


@certificates.command("renew")
def renew_certificates(data: DataOption, config: ConfigOption = None) -> None:
    """Issue a new server certificate from the same authority. A running server uses it within a minute."""
    local = _local(data, config)
    _print("server", local.server_certificate, local.renew().certificate)


def trust_variables(data: Path, *, has_own_authority: bool) -> dict[str, str]:
    """The variables that make clients trust the authority of the server on `data`.

    Raises `ConfigurationError`.
    """
    if not has_own_authority:
        raise ConfigurationError(_CERTIFICATE_OF_YOUR_OWN)
    return LocalCertificates(DataDirectory(path=data.absolute()).certificates).trusted_by(os.environ)


def _local(data: Path, config: Path | None) -> LocalCertificates:
    source = certificate_source(read_settings(config).tls, data)
    if not isinstance(source, LocalCertificates):
        raise ConfigurationError(_CERTIFICATE_OF_YOUR_OWN)
    return source


def _print(what: str, path: Path, certificate: x509.Certificate) -> None:
    typer.echo(what)
    lines = {
        "file": str(path),
        "SHA-256": certificate.fingerprint(SHA256()).hex(":").upper(),
        "valid until": f"{certificate.not_valid_after_utc:%Y-%m-%d}",
        "names": ", ".join(names_of(certificate)),
    }
    for label, value in lines.items():
        if value:
            typer.echo(f"  {label:12}{value}")
