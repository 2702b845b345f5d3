from __future__ import annotations

import pytest

from antiphon.resources.hosts import AccountHosts


@pytest.mark.parametrize(
    ("host", "account"),
    [
        ("contoso.localhost", "contoso"),
        ("CONTOSO.LocalHost.", "contoso"),
        ("contoso.voice.example.org", "contoso"),
        ("a.b.localhost", "a.b"),
        ("localhost", "local"),
        ("voice.example.org", "local"),
        ("127.0.0.1", "local"),
        ("::1", "local"),
        ("contoso.elsewhere.org", "local"),
        ("notlocalhost", "local"),
        ("", "local"),
    ],
)
def test_the_name_before_one_of_our_domains_is_an_accounts(host: str, account: str) -> None:
    assert AccountHosts(domain="voice.example.org").account_of(host) == account


def test_without_a_domain_of_its_own_a_server_knows_localhost_alone() -> None:
    assert AccountHosts().account_of("contoso.voice.example.org") == "local"


@pytest.mark.parametrize(
    ("asked", "host"),
    [
        ("localhost", "contoso.localhost"),
        ("127.0.0.1", "contoso.voice.example.org"),
        ("voice.example.org", "contoso.voice.example.org"),
        ("another.voice.example.org", "contoso.voice.example.org"),
        ("local.localhost", "contoso.localhost"),
    ],
)
def test_an_account_is_reached_under_the_domain_that_the_client_used(asked: str, host: str) -> None:
    hosts = AccountHosts(domain="voice.example.org")
    assert hosts.host_of("Contoso", asked=asked) == host
    assert hosts.account_of(host) == "contoso"


@pytest.mark.parametrize(
    ("asked", "host"), [("192.168.1.5", "192.168.1.5"), ("localhost", "localhost"), ("b.localhost", "local.localhost")]
)
def test_the_account_local_is_reached_as_the_server_itself_is(asked: str, host: str) -> None:
    hosts = AccountHosts()
    assert hosts.host_of("local", asked=asked) == host
    assert hosts.account_of(host) == "local"
