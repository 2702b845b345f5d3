"""When certificates are made anew, and what stays."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from antiphon.errors import ConfigurationError
from antiphon.tls.certificate_authority import names_of

from .local_certificates import NOW, Calendar, handshake, local


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


def start(tmp_path: Path, barrier: Barrier, shown: Queue[bytes]) -> None:
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
