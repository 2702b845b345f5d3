"""Principals and their roles in the portal, and what the API makes of them."""

from __future__ import annotations

import json
import re
import uuid

import httpx
import pytest
from playwright.sync_api import Page, expect

from ..running_server import RunningServer
from .browser import open_portal, serious_violations

PRINCIPALS = "**/portal/api/principals"
USER = "Cognitive Services OpenAI User"


def entry(page: Page, name: str):
    """The principal in the list."""
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name, exact=True))


def create(page: Page, name: str) -> dict[str, str]:
    """Make a principal with a secret and the role that is proposed; return the variables that are to be copied."""
    page.get_by_role("button", name="New service principal").click()
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("alertdialog", name=f"{name} is ready")).to_be_visible()
    page.get_by_role("button", name="Copy the variables").click()
    lines = page.evaluate("navigator.clipboard.readText()")
    secret = page.get_by_role("textbox", name="Client secret").input_value()
    assert f"AZURE_CLIENT_SECRET={secret}" in lines
    page.get_by_role("button", name="Done").click()
    return dict(line.removeprefix("export ").split("=", 1) for line in lines.splitlines())


def token(server: RunningServer, variables: dict[str, str]) -> httpx.Response:
    form = {
        "grant_type": "client_credentials",
        "client_id": variables["AZURE_CLIENT_ID"],
        "client_secret": variables["AZURE_CLIENT_SECRET"],
        "scope": "https://cognitiveservices.azure.com/.default",
    }
    url = f"{server.tls_url}/{variables['AZURE_TENANT_ID']}/oauth2/v2.0/token"
    return httpx.post(url, data=form, verify=server.trust())


def may_list_models(server: RunningServer, access_token: str) -> bool:
    answer = httpx.get(f"{server.url}/openai/v1/models", headers={"authorization": f"Bearer {access_token}"})
    assert answer.status_code in (200, 401)
    return answer.status_code == 200


def test_a_new_principal_signs_in_with_the_secret_that_is_shown_once(server: RunningServer) -> None:
    name = f"robot-{uuid.uuid4().hex[:8]}"
    with open_portal(server, "roles") as page:
        variables = create(page, name)
        assert token(server, variables).status_code == 200
        expect(entry(page, name)).to_contain_text("client secret")
        assert variables["AZURE_CLIENT_SECRET"] not in page.content()


def test_a_role_counts_from_when_it_is_assigned_until_it_is_removed(server: RunningServer) -> None:
    name = f"robot-{uuid.uuid4().hex[:8]}"
    with open_portal(server, "roles") as page:
        access_token = token(server, create(page, name)).json()["access_token"]
        assert may_list_models(server, access_token)
        entry(page, name).get_by_role("button", name=f"Remove {USER} (account local) from {name}").click()
        page.get_by_role("button", name="Remove role").click()
        expect(entry(page, name)).to_contain_text("No role")
        assert not may_list_models(server, access_token)
        entry(page, name).get_by_role("button", name=f"Assign a role to {name}").click()
        page.get_by_role("radio", name="All accounts").check()
        page.get_by_role("button", name="Assign", exact=True).click()
        expect(entry(page, name)).to_contain_text("all accounts")
        assert may_list_models(server, access_token)


def test_a_principal_is_deleted_once_that_is_confirmed(server: RunningServer) -> None:
    name = f"robot-{uuid.uuid4().hex[:8]}"
    with open_portal(server, "roles") as page:
        variables = create(page, name)
        delete = page.get_by_role("button", name=f"Delete {name}")
        delete.click()
        page.get_by_role("button", name="Cancel").click()
        expect(delete).to_be_focused()
        delete.click()
        with page.expect_response(lambda response: response.request.method == "DELETE"):
            page.get_by_role("button", name="Delete principal").click()
        expect(entry(page, name)).to_have_count(0)  # As it seems while a dialog is open, too.
        assert token(server, variables).status_code in (400, 401)


def test_somebody_of_entras_is_given_a_role_by_object_id(server: RunningServer) -> None:
    object_id = str(uuid.uuid4())
    with open_portal(server, "roles") as page:
        page.get_by_role("button", name="Assign to an Entra identity").click()
        field = page.get_by_role("textbox", name="Object id")
        field.fill("ada@example.org")
        page.get_by_role("button", name="Assign", exact=True).click()
        expect(page.get_by_text("An object id looks like")).to_be_visible()
        field.fill(object_id.upper())
        page.get_by_role("combobox", name="Role").click()
        page.get_by_role("option", name="Owner").click()
        page.get_by_role("button", name="Assign", exact=True).click()
        expect(page.get_by_role("listitem").filter(has_text=object_id).first).to_contain_text("Owner")
    assert {"principal": object_id, "role": "Owner"}.items() <= _assignment_of(server, object_id).items()


def _assignment_of(server: RunningServer, object_id: str) -> dict[str, str]:
    found = [each for each in server.told("roles", "list") if object_id in each.values()]
    assert len(found) == 1
    return {"principal": object_id, "role": found[0]["role"]}


def test_a_name_that_no_principal_may_have_is_told_of_in_its_field(server: RunningServer) -> None:
    with open_portal(server, "roles") as page:
        page.get_by_role("button", name="New service principal").click()
        page.get_by_role("textbox", name="Name").fill("two words")
        page.get_by_role("button", name="Create", exact=True).click()
        expect(page.get_by_text("Use up to 64 letters")).to_be_visible()
        page.get_by_role("textbox", name="Name").fill("local")
        page.get_by_role("button", name="Create", exact=True).click()
        expect(page.get_by_text("There is a principal named 'local' already.")).to_be_visible()


def test_who_may_not_see_roles_is_told_which_role_would_do(server: RunningServer) -> None:
    """With a double of the server's refusal."""
    action = "Microsoft.Authorization/roleAssignments/read"
    message = f"The client 'Ada' does not have authorization to perform action '{action}' over scope 'local'."
    refusal = json.dumps({"error": {"code": "AuthorizationFailed", "message": message}})
    with open_portal(server, "chat") as page:
        page.route(PRINCIPALS, lambda route: route.fulfill(status=403, body=refusal, content_type="application/json"))
        page.goto(f"{server.url}/portal/#/roles")
        expect(page.get_by_text(re.compile("You may not do this.*It takes the role"))).to_be_visible()
        expect(page.get_by_role("button", name="New service principal")).to_be_hidden()


@pytest.mark.parametrize("dark", [False, True])
def test_roles_and_their_dialogs_keep_nobody_out(server: RunningServer, dark: bool) -> None:
    with open_portal(server, "roles", dark=dark) as page:
        entry(page, "local").wait_for()
        assert serious_violations(page) == []
        page.get_by_role("button", name="New service principal").click()
        page.get_by_role("dialog").wait_for()
        assert serious_violations(page) == []
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="New service principal")).to_be_focused()


def test_roles_fit_a_narrow_screen(server: RunningServer) -> None:
    with open_portal(server, "roles", size=(360, 740)) as page:
        entry(page, "local").wait_for()
        assert (
            page.evaluate("() => { const m = document.querySelector('main'); return m.scrollWidth - m.clientWidth }")
            == 0
        )
