"""The page of deployments: making, changing and deleting them, and seeing what they are used for."""

from __future__ import annotations

import subprocess
from collections.abc import Generator
from contextlib import contextmanager

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from ..running_server import RunningServer
from .asking import ask_aloud, written
from .browser import open_portal, serious_violations

SLOWLY_MS = 60_000
"""For what waits for the models, on a machine that is busy with other things."""


def _ask(server: RunningServer, deployment: str) -> httpx.Response:
    return ask_aloud(server, written("Say hello."), deployment=deployment)


@contextmanager
def _deployed(server: RunningServer, name: str) -> Generator[None]:
    """A deployment that is there meanwhile."""
    server.run("deployments", "create", name, "--model", "gpt-4o-audio-preview", "--capacity", "100")
    try:
        yield
    finally:
        server.run("deployments", "delete", name)


def _open_dialog(page: Page) -> Locator:
    page.get_by_role("button", name="Create deployment").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Deployment name").wait_for()
    return dialog


def _open_menu(page: Page, name: str, item: str) -> Locator:
    page.get_by_role("button", name=f"More for {name}").click()
    page.get_by_role("menuitem", name=item).click()
    return page.get_by_role("dialog").or_(page.get_by_role("alertdialog"))


def test_a_deployment_is_created_used_changed_and_deleted(server: RunningServer) -> None:
    with open_portal(server, "deployments") as page:
        dialog = _open_dialog(page)
        dialog.get_by_label("Deployment name").fill("made-here")
        dialog.get_by_label("Capacity, in thousands").fill("100")
        expect(dialog.get_by_text("100,000 tokens and 600 requests a minute")).to_be_visible()
        dialog.get_by_role("button", name="Create deployment").click()
        page.get_by_text("made-here is ready.").wait_for()
        row = page.get_by_role("row").filter(has_text="made-here")
        expect(row).to_contain_text("100K tokens/min")
        assert _ask(server, "made-here").status_code == 200

        dialog = _open_menu(page, "made-here", "Change")
        dialog.get_by_label("Capacity, in thousands").fill("20")
        dialog.get_by_role("button", name="Save").click()
        expect(row).to_contain_text("20K tokens/min")
        assert server.told("deployments", "show", "made-here")["capacity"] == 20

        dialog = _open_menu(page, "made-here", "Delete")
        expect(dialog).to_contain_text("404 DeploymentNotFound")
        expect(dialog).to_contain_text("It is in use. Requests in the last 30 minutes: 1.")
        dialog.get_by_role("button", name="Delete deployment").click()
        page.get_by_text("made-here is deleted.").wait_for()
        expect(row).to_have_count(0)
        expect(page.get_by_role("heading", name="Deployments of local")).to_be_focused()
        assert _ask(server, "made-here").status_code == 404


def test_another_version_is_put_with_everything_else_as_it_was(server: RunningServer) -> None:
    server.run("deployments", "create", "versioned", "--model", "gpt-4o-realtime-preview", "--capacity", "30")
    try:
        with open_portal(server, "deployments") as page:
            dialog = _open_menu(page, "versioned", "Change")
            dialog.get_by_label("Version").select_option("2024-10-01")
            dialog.get_by_role("button", name="Save").click()
            page.get_by_text("versioned is changed.").wait_for()
        changed = server.told("deployments", "show", "versioned")
        assert (changed["model_version"], changed["capacity"]) == ("2024-10-01", 30)
    finally:
        server.run("deployments", "delete", "versioned")


def test_a_name_that_cannot_be_is_refused_at_its_field(server: RunningServer) -> None:
    with open_portal(server, "deployments") as page:
        dialog = _open_dialog(page)
        name = dialog.get_by_label("Deployment name")
        name.fill("two words")
        dialog.get_by_role("button", name="Create deployment").click()
        expect(dialog.get_by_text("Use 2 to 64 letters")).to_be_visible()
        expect(name).to_have_attribute("aria-invalid", "true")
        expect(name).to_be_focused()


def test_a_name_that_somebody_else_takes_meanwhile_is_refused_at_its_field(server: RunningServer) -> None:
    with open_portal(server, "deployments") as page:
        dialog = _open_dialog(page)
        name = dialog.get_by_label("Deployment name")
        name.fill("taken")
        with _deployed(server, "taken"):
            dialog.get_by_role("button", name="Create deployment").click()
            expect(dialog.get_by_text("There is a deployment of this name already.")).to_be_visible()
            expect(name).to_be_focused()


def test_more_than_the_quota_is_refused_with_its_numbers(server: RunningServer) -> None:
    with open_portal(server, "deployments") as page:
        dialog = _open_dialog(page)
        capacity = dialog.get_by_label("Capacity, in thousands")
        capacity.fill("300000")
        expect(dialog.get_by_text("Only 290,000 are left of this quota.")).to_be_visible()
        dialog.get_by_role("button", name="Create deployment").click()
        expect(dialog.get_by_text("The current quota usage is 10000 and the quota limit is 300000")).to_be_visible()
        expect(capacity).to_be_focused()


def test_what_is_deleted_underneath_is_told_and_leaves_the_list(server: RunningServer) -> None:
    with open_portal(server, "deployments") as page:
        with _deployed(server, "fleeting"):
            page.reload()
            dialog = _open_menu(page, "fleeting", "Change")
            dialog.get_by_label("Capacity, in thousands").fill("50")
        dialog.get_by_role("button", name="Save").click()
        dialog.get_by_text("This is no longer there.").wait_for()
        dialog.get_by_role("button", name="Cancel").click()
        expect(page.get_by_role("row").filter(has_text="fleeting")).to_have_count(0)


def test_the_quota_is_shown(server: RunningServer) -> None:
    with open_portal(server, "deployments") as page:
        meter = page.get_by_role("meter", name="gpt-4o-audio-preview · GlobalStandard")
        expect(meter).to_have_attribute("aria-valuetext", "10M of 300M tokens a minute, 3.3% used")


def test_the_charts_move_when_something_is_asked(server: RunningServer) -> None:
    with _deployed(server, "watched"), open_portal(server, "deployments") as page:
        row = page.get_by_role("row").filter(has_text="watched")
        row.get_by_role("img", name="Requests of the last 30 minutes: 0.").wait_for()
        assert _ask(server, "watched").status_code == 200
        row.get_by_role("img", name="Requests of the last 30 minutes: 1.").wait_for(timeout=SLOWLY_MS)
        expect(row.get_by_role("img", name="Tokens of the last 30 minutes: 0.")).to_have_count(0)


def test_a_deployment_opens_in_its_playground(server: RunningServer) -> None:
    with open_portal(server, "deployments") as page:
        page.get_by_role("link", name="Open in playground: gpt-4o-realtime-preview").click()
        page.wait_for_url("**/#/realtime?deployment=gpt-4o-realtime-preview")


def test_what_was_shown_stays_when_the_server_does_not_answer(server: RunningServer) -> None:
    with open_portal(server, "deployments") as page:
        row = page.get_by_role("row").filter(has_text="gpt-4o-audio-preview")
        row.wait_for()
        page.route("**/portal/api/traffic", lambda route: route.abort())
        page.get_by_text("The server does not answer.").wait_for()
        expect(row).to_be_visible()
        page.unroute("**/portal/api/traffic")
        expect(page.get_by_text("The server does not answer.")).to_have_count(0, timeout=SLOWLY_MS)


def test_the_keyboard_alone_is_enough(server: RunningServer) -> None:
    with open_portal(server, "deployments") as page:
        create = page.get_by_role("button", name="Create deployment")
        create.focus()
        page.keyboard.press("Enter")
        page.get_by_role("dialog").get_by_label("Deployment name").wait_for()
        page.keyboard.press("Escape")
        expect(create).to_be_focused()
        more = page.get_by_role("button", name="More for gpt-4o-audio-preview")
        more.focus()
        page.keyboard.press("Enter")
        page.get_by_role("menuitem", name="Delete").focus()
        page.keyboard.press("Enter")
        page.get_by_role("alertdialog").wait_for()
        page.keyboard.press("Escape")
        expect(more).to_be_focused()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 860), (360, 740)], ids=["wide", "narrow"])
def test_the_deployments_keep_nobody_out(server: RunningServer, dark: bool, size: tuple[int, int]) -> None:
    with open_portal(server, "deployments", dark=dark, size=size) as page:
        page.get_by_text("gpt-4o-audio-preview").first.wait_for()
        page.get_by_role("meter").first.wait_for()
        assert serious_violations(page) == []
        assert page.evaluate(
            "[...document.querySelectorAll('main')].every(each => each.scrollWidth <= each.clientWidth)"
        )
        _open_dialog(page)
        assert serious_violations(page) == []


def test_who_may_not_change_deployments_is_told_which_role_may(server: RunningServer) -> None:
    with open_portal(server, "deployments") as page:
        dialog = _open_dialog(page)
        dialog.get_by_label("Deployment name").fill("forbidden")
        action = "Microsoft.CognitiveServices/accounts/deployments/write"
        refusal = {"code": "AuthorizationFailed", "message": f"… not have authorization to perform action '{action}' …"}
        page.route("**/deployments/forbidden?*", lambda route: route.fulfill(status=403, json={"error": refusal}))
        dialog.get_by_role("button", name="Create deployment").click()
        dialog.get_by_text("It takes the role Cognitive Services OpenAI Contributor").wait_for()
        assert dialog.get_by_label("Deployment name").input_value() == "forbidden"
    with pytest.raises(subprocess.CalledProcessError):
        server.run("deployments", "show", "forbidden")
