"""What `antiphon doctor` finds out about calls."""

from __future__ import annotations

import socket

import pytest

from antiphon.cli.doctor import Finding, Verdict, examine_calls
from antiphon.settings import CallSettings


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("antiphon.calls.webrtc.ice.get_host_addresses", lambda **_: ["127.0.0.1"])


def test_without_settings_any_port_will_do():
    assert [*examine_calls(CallSettings())] == [Finding(Verdict.OK, "Calls", "any free UDP port at 127.0.0.1")]


def test_ports_in_use_are_counted_and_a_range_without_any_is_a_fault():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        (found,) = examine_calls(CallSettings(udp_ports=(port, port), public_address="203.0.113.7"))
    detail = f"UDP ports {port} to {port} at 203.0.113.7, 127.0.0.1, 0 of them free"
    assert found == Finding(Verdict.FAIL, "Calls", detail, "Choose other ports: udp_ports in [calls].")
