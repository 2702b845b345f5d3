"""The links that sign in."""

from __future__ import annotations

import pytest

from antiphon.api.portal.links import portal_address, sign_in_link


def test_the_code_is_where_browsers_send_it_to_nobody() -> None:
    assert sign_in_link("http://localhost:8080/", "abc") == "http://localhost:8080/portal/#code=abc"


@pytest.mark.parametrize(
    ("host", "tls_port", "expected"),
    [
        ("127.0.0.1", 8443, "http://localhost:8080/p"),
        ("::1", None, "http://localhost:8080/p"),
        ("0.0.0.0", 8443, "http://localhost:8080/p"),
        ("::", 8443, "http://localhost:8080/p"),
        ("192.0.2.5", 8443, "https://192.0.2.5:8443/p"),
        ("192.0.2.5", None, "http://192.0.2.5:8080/p"),
        ("2001:db8::5", 8443, "https://[2001:db8::5]:8443/p"),
        ("voice.example.org", 8443, "https://voice.example.org:8443/p"),
    ],
)
def test_the_address_is_one_where_the_microphone_can_be_heard(host: str, tls_port: int | None, expected: str) -> None:
    assert portal_address(host, port=8080, tls_port=tls_port, prefix="/p") == expected
