"""The page of keys and addresses. Where a key is replaced, it is one of an account that no other test uses."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from ..running_server import RunningServer
from .browser import open_browser, open_portal, serious_violations, sign_in_link


@contextmanager
def _open_keys_of(server: RunningServer, account: str) -> Generator[Page]:
    """The page in the portal of a new account, which has a host name of its own."""
    server.run("accounts", "create", account)
    try:
        with open_browser() as page:
            page.goto(sign_in_link(server).replace("localhost", f"{account}.localhost"))
            page.get_by_role("navigation").wait_for()
            page.goto(f"http://{account}.localhost:{server.port}/portal/#/keys")
            yield page
    finally:
        server.run("accounts", "delete", account)


def _status_with(server: RunningServer, account: str, key: str) -> int:
    headers = {"api-key": key, "host": f"{account}.localhost:{server.port}"}
    return httpx.get(f"{server.url}/openai/v1/models", headers=headers).status_code


def _clipboard(page: Page) -> str:
    return page.evaluate("navigator.clipboard.readText()")


def test_a_key_is_in_the_page_while_it_is_shown_and_no_longer(server: RunningServer) -> None:
    with open_portal(server, "keys") as page:
        page.get_by_role("button", name="Show key 1").wait_for()
        assert server.key not in page.content()
        page.get_by_role("button", name="Show key 1").click()
        page.get_by_text(server.key).wait_for()
        page.get_by_role("button", name="Hide key 1").click()
        expect(page.get_by_text(server.key)).to_have_count(0)


def test_a_key_that_is_shown_is_hidden_when_the_page_is_left(server: RunningServer) -> None:
    with open_portal(server, "keys") as page:
        page.get_by_role("button", name="Show key 1").click()
        page.get_by_text(server.key).wait_for()
        page.get_by_role("link", name="Deployments").click()
        page.get_by_role("heading", name="Deployments", exact=True).wait_for()
        assert server.key not in page.content()
        page.get_by_role("link", name="Keys and endpoint").click()
        expect(page.get_by_role("button", name="Show key 1")).to_be_visible()
        assert server.key not in page.content()


def test_a_key_is_copied_without_being_shown(server: RunningServer) -> None:
    with open_portal(server, "keys") as page:
        page.get_by_role("button", name="Copy Key 2").click()
        page.get_by_text("Copied").first.wait_for()
        key2 = server.told("keys", "list")["key2"]
        assert _clipboard(page) == key2
        assert key2 not in page.content()


def test_a_new_key_takes_the_place_of_the_old_one_and_the_page_stays_signed_in(server: RunningServer) -> None:
    with _open_keys_of(server, "rotating") as page:
        old = server.told("keys", "list", "--account", "rotating")["key1"]
        assert _status_with(server, "rotating", old) == 200
        regenerate = page.get_by_role("button", name="Regenerate key 1")
        regenerate.click()
        dialog = page.get_by_role("alertdialog")
        expect(dialog).to_contain_text("refused with 401")
        dialog.get_by_role("button", name="Cancel").click()
        expect(dialog).to_have_count(0)
        expect(regenerate).to_be_focused()
        assert server.told("keys", "list", "--account", "rotating")["key1"] == old

        regenerate.click()
        dialog.get_by_role("button", name="Regenerate key 1").click()
        page.get_by_text("Key 1 is new.").wait_for()
        page.get_by_role("button", name="Copy Key 1").click()
        page.get_by_text("Copied").first.wait_for()
        new = _clipboard(page)
        assert _status_with(server, "rotating", old) == 401
        assert _status_with(server, "rotating", new) == 200
        page.reload()
        page.get_by_role("button", name="Show key 1").wait_for()


def test_an_account_that_takes_no_keys_says_so(server: RunningServer) -> None:
    with _open_keys_of(server, "keyless") as page:
        page.evaluate(
            """async () => {
                const headers = {"x-antiphon-portal": "1", "content-type": "application/json"};
                const session = await (await fetch("api/session", {headers})).json();
                const body = JSON.stringify({properties: {disableLocalAuth: true}});
                await fetch(`${session.account.id}?api-version=2024-10-01`, {method: "PATCH", headers, body});
            }"""
        )
        page.reload()
        page.get_by_text("Keys open nothing here").wait_for()
        expect(page.get_by_role("button", name="Show key 1")).to_have_count(0)
        expect(page.get_by_text("DefaultAzureCredential(), ")).to_be_visible()


@pytest.mark.parametrize("options", [(), ("--key",)], ids=["keyless", "key"])
def test_the_environment_is_what_the_command_prints(server: RunningServer, options: tuple[str, ...]) -> None:
    printed = server.run("env", *options)
    with open_portal(server, "keys") as page:
        if options:
            page.get_by_role("switch", name="With key 1").click()
        page.get_by_role("button", name="Copy lines").click()
        page.get_by_text("Copied").first.wait_for()
        assert _clipboard(page) == printed
        assert "IDENTITY_HEADER" not in page.content()
        page.get_by_role("button", name="Show lines").click()
        expect(page.get_by_role("region", name="Environment").locator("pre")).to_have_text(printed.strip())


def test_the_addresses_are_those_that_the_server_answers_at(server: RunningServer) -> None:
    with open_portal(server, "keys") as page:
        page.get_by_role("button", name="Copy Azure OpenAI endpoint").click()
        page.get_by_text("Copied").first.wait_for()
        assert _clipboard(page) == server.url
        for name in ("Base URL", "Base URL, short"):
            address = page.get_by_role("group", name=name, exact=True).locator("code").inner_text()
            assert httpx.get(f"{address}/models", headers={"api-key": server.key}).status_code == 200
        realtime = page.get_by_role("group", name="Realtime (WebSocket)").locator("code")
        expect(realtime).to_have_text(f"ws://localhost:{server.port}/openai/v1/realtime")


def test_the_program_runs_as_it_is(server: RunningServer, tmp_path: Path) -> None:
    with open_portal(server, "keys") as page:
        page.get_by_role("button", name="Copy program").click()
        page.get_by_text("Copied").first.wait_for()
        program = _clipboard(page)
    subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env={"AZURE_OPENAI_API_KEY": server.key}, timeout=300, check=True
    )
    assert (tmp_path / "answer.wav").read_bytes().startswith(b"RIFF")


def test_who_may_not_read_the_keys_is_told_which_role_may(server: RunningServer) -> None:
    with open_portal(server, "keys") as page:
        action = "Microsoft.CognitiveServices/accounts/listKeys/action"
        refusal = {"code": "AuthorizationFailed", "message": f"… not have authorization to perform action '{action}' …"}
        page.route("**/listKeys?*", lambda route: route.fulfill(status=403, json={"error": refusal}))
        page.get_by_role("button", name="Show key 1").click()
        page.get_by_text("It takes the role Cognitive Services User on this account.").wait_for()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 860), (360, 740)], ids=["wide", "narrow"])
def test_the_keys_keep_nobody_out(server: RunningServer, dark: bool, size: tuple[int, int]) -> None:
    with open_portal(server, "keys", dark=dark, size=size) as page:
        page.get_by_role("button", name="Show key 1").click()
        page.get_by_role("button", name="Show lines").click()
        page.get_by_text("IDENTITY_HEADER").wait_for()
        assert serious_violations(page) == []
        assert page.evaluate(
            "[...document.querySelectorAll('main')].every(each => each.scrollWidth <= each.clientWidth)"
        )
