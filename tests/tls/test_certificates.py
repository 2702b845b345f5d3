from __future__ import annotations

import multiprocessing
import shutil
import ssl
import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
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
from antiphon.tls.certificates import LocalCertificates, OwnCertificate, ServerCertificate

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


def test_starting_again_changes_nothing(tmp_path: Path) -> None:
    certificates = local(tmp_path)
    first = certificates.current()
    files = {path: path.stat().st_mtime_ns for path in certificates.folder.iterdir()}
    assert local(tmp_path).current() == first
    assert {path: path.stat().st_mtime_ns for path in certificates.folder.iterdir()} == files


def test_it_is_renewed_in_its_last_month_under_the_same_authority(tmp_path: Path) -> None:
    clock = Calendar()
    certificates = local(tmp_path, clock=clock)
    first = certificates.current()
    authority = certificates.authority_certificate.read_bytes()
    clock.now = first.certificate.not_valid_after_utc - timedelta(days=31)
    assert certificates.current() == first
    clock.now += timedelta(days=2)
    second = certificates.current()
    assert second.certificate.not_valid_after_utc > first.certificate.not_valid_after_utc
    assert certificates.authority_certificate.read_bytes() == authority


def test_one_made_by_a_clock_that_was_ahead_is_made_anew_and_the_authority_stays(tmp_path: Path) -> None:
    clock = Calendar()
    clock.now += timedelta(days=1000)
    certificates = local(tmp_path, clock=clock)
    certificates.current()
    authority = certificates.authority_certificate.read_bytes()
    clock.now = NOW
    assert certificates.current().certificate.not_valid_before_utc < NOW
    assert certificates.authority_certificate.read_bytes() == authority


def test_an_authority_in_its_last_month_is_replaced_and_that_is_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Calendar()
    certificates = local(tmp_path, "voice.example.com", clock=clock)
    certificates.current()
    last = certificates.authority_certificate.read_bytes()
    clock.now += timedelta(days=3630)
    shown = certificates.current()
    assert shown.certificate.not_valid_after_utc - clock.now > timedelta(days=390)
    assert "voice.example.com" in names_of(shown.certificate)
    told = certificates.authority_certificate.read_bytes()
    assert told != last
    assert told in certificates.bundle.read_bytes()
    assert last not in certificates.bundle.read_bytes()
    assert "was replaced" in caplog.text


def test_a_new_name_of_the_settings_is_certified_at_the_next_start(tmp_path: Path) -> None:
    local(tmp_path, "one.example.com").current()
    certificates = local(tmp_path, "two.example.com")
    shown = certificates.current()
    handshake(shown, certificates.authority_certificate, "two.example.com")


def test_servers_with_different_names_on_one_folder_come_to_terms(tmp_path: Path) -> None:
    one, two = local(tmp_path, "one.example.com"), local(tmp_path, "two.example.com")
    one.current()
    shown = two.current()
    assert one.current() == two.current() == shown


def test_another_name_of_the_machine_leaves_the_authority_alone(tmp_path: Path) -> None:
    local(tmp_path, machine_name="container-1").current()
    certificates = local(tmp_path, machine_name="container-2")
    authority = certificates.authority_certificate.read_bytes()
    certificates.current()
    assert certificates.authority_certificate.read_bytes() == authority


def test_a_machine_whose_name_fits_no_certificate_gets_one_without_it(tmp_path: Path) -> None:
    assert names_of(local(tmp_path, machine_name="my machine").current().certificate) == [
        "localhost",
        "127.0.0.1",
        "::1",
    ]


@pytest.mark.parametrize(
    "name", ["", "https://example.com", "example.com:8443", "münchen.example", "a..b", "x" * 64, "*"]
)
def test_a_name_that_fits_no_certificate_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be named in a certificate"):
        local(tmp_path, name)


@pytest.mark.parametrize("lost", ["ca.pem", "server.pem", "bundle.pem"])
def test_what_is_deleted_comes_back_as_long_as_the_authoritys_key_is_there(tmp_path: Path, lost: str) -> None:
    certificates = local(tmp_path)
    certificates.current()
    authority = certificates.authority_certificate.read_bytes()
    (certificates.folder / lost).unlink()
    certificates.current()
    assert (certificates.folder / lost).exists()
    assert certificates.authority_certificate.read_bytes() == authority


def test_half_a_server_certificate_is_made_anew(tmp_path: Path) -> None:
    certificates = local(tmp_path)
    whole = certificates.current().pem
    certificates.server_certificate.write_bytes(whole[: len(whole) // 2])
    handshake(certificates.current(), certificates.authority_certificate, "localhost")


def test_a_damaged_authority_is_not_replaced_behind_the_operators_back(tmp_path: Path) -> None:
    certificates = local(tmp_path)
    certificates.current()
    certificates.authority_key.write_bytes(b"damaged")
    with pytest.raises(ConfigurationError, match=r"ca-key\.pem is damaged"):
        certificates.current()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(ConfigurationError, match="--tls-port 0"):
        local(tmp_path).current()


def start(tmp_path: Path, barrier, shown) -> None:
    certificates = local(tmp_path)
    barrier.wait(20)
    shown.put(certificates.current().pem)


def test_processes_that_start_at_the_same_moment_agree(tmp_path: Path) -> None:
    processes = 4
    spawn = multiprocessing.get_context("fork")
    barrier, shown = spawn.Barrier(processes), spawn.Queue()
    started = [spawn.Process(target=start, args=(tmp_path, barrier, shown)) for _ in range(processes)]
    for process in started:
        process.start()
    assert len({shown.get(timeout=20) for _ in started}) == 1
    for process in started:
        process.join(20)
    certificates = local(tmp_path)
    handshake(certificates.current(), certificates.bundle, "localhost", strict=False)


def test_renewing_issues_another_and_keeps_names_and_authority(tmp_path: Path) -> None:
    first = local(tmp_path, "voice.example.com").current()
    certificates = local(tmp_path)
    authority = certificates.authority_certificate.read_bytes()
    second = certificates.renew()
    assert second.pem != first.pem
    assert set(names_of(second.certificate)) == set(names_of(first.certificate))
    assert certificates.current() == second
    assert certificates.authority_certificate.read_bytes() == authority


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
