"""Coming in by the link, and what is seen first."""

from __future__ import annotations

from ..running_server import RunningServer
from .browser import open_browser, open_portal, serious_violations, sign_in_link


def test_the_link_signs_in_and_leaves_no_code_in_the_address(server: RunningServer) -> None:
    with open_browser() as page:
        page.goto(sign_in_link(server))
        page.get_by_role("navigation").wait_for()
        assert "code" not in page.url


def test_a_link_works_once(server: RunningServer) -> None:
    link = sign_in_link(server)
    with open_browser() as page:
        page.goto(link)
        page.get_by_role("navigation").wait_for()
    with open_browser() as page:
        page.goto(link)
        page.get_by_text("This link no longer works").wait_for()


def test_nobody_comes_in_without_a_link(server: RunningServer) -> None:
    with open_browser() as page:
        page.goto(f"{server.url}/portal/")
        page.get_by_text("Sign in to Antiphon").wait_for()
        assert page.get_by_role("navigation").count() == 0


def test_a_reload_does_not_sign_out(server: RunningServer) -> None:
    with open_portal(server, "chat") as page:
        page.reload()
        page.get_by_role("navigation").wait_for()


def test_the_page_speaks_the_browsers_language(server: RunningServer) -> None:
    with open_portal(server, "chat", language="it-IT") as page:
        page.get_by_role("link", name="Chiavi ed endpoint").wait_for()


def test_the_sign_in_keeps_nobody_out(server: RunningServer) -> None:
    with open_browser() as page:
        page.goto(f"{server.url}/portal/")
        page.get_by_text("Sign in to Antiphon").wait_for()
        assert serious_violations(page) == []


def test_a_used_link_lets_in_who_is_signed_in_already(server: RunningServer) -> None:
    link = sign_in_link(server)
    with open_browser() as page:
        page.goto(link)
        page.get_by_role("navigation").wait_for()
        page.goto(f"{server.url}/health")
        page.goto(link)
        page.get_by_role("navigation").wait_for()
