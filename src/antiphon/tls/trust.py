"""The variables with which clients trust the server's own authority."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import certifi

_OF_PYTHON = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
"""They replace a client's trusted authorities, so their files need the public ones too."""
_OF_NODE = "NODE_EXTRA_CA_CERTS"
"""It adds to a client's trusted authorities."""
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def trust_variables(environment: Mapping[str, str], *, authority: Path, bundle: Path) -> dict[str, str]:
    """The variables for OpenSSL and httpx, for requests and the Azure CLI, and for Node, given those in
    `environment`."""
    # If Node already trusts further authorities, these are in the bundle.
    for_node = authority if environment.get(_OF_NODE, str(authority)) in {"", str(authority)} else bundle
    return dict.fromkeys(_OF_PYTHON, str(bundle)) | {_OF_NODE: str(for_node)}


def named_files(environment: Mapping[str, str]) -> list[Path]:
    """The files with authorities, such as a company's, that an environment names for these clients."""
    return list(dict.fromkeys(Path(environment[name]) for name in (*_OF_PYTHON, _OF_NODE) if environment.get(name)))


def bundle_of(files: Iterable[Path], authority_pem: bytes) -> bytes:
    """The public authorities, those in `files` as far as readable, and one more, each once."""
    certificates: dict[bytes, None] = {}
    for file in (Path(certifi.where()), *files):
        with contextlib.suppress(OSError):
            certificates |= dict.fromkeys(_CERTIFICATE.findall(file.read_bytes().replace(b"\r\n", b"\n")))
    certificates.pop(authority_pem.strip(), None)
    return b"\n".join((*certificates, authority_pem))
