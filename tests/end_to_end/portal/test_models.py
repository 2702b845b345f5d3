"""The catalogue's models in the portal: what is there, and fetching what is not."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from antiphon.models.catalogue import CATALOGUE, DEFAULTS

from ..running_server import RunningServer
from .browser import open_portal, serious_violations

ROUTE = "**/portal/api/models"


class ModelFolderDouble:
    """Stands in for the server's answer about its models, so that a download can be looked at while it runs."""

    def __init__(self, page: Page) -> None:
        self.model: dict[str, Any] = {
            "name": "smollm2-135m",
            "title": "SmolLM2",
            "homepage": "https://example.org",
            "purpose": "language model",
            "license": "Apache-2.0",
            "bytes": 98_362_432,
            "state": "missing",
            "profiles": [],
            "pull": None,
        }
        self.free_bytes = 10**12
        page.route(ROUTE, lambda route: route.fulfill(body=self._body(), content_type="application/json"))

    def is_pulling(self, part: float, error: str | None = None) -> None:
        total = self.model["bytes"]
        self.model["pull"] = {"done_bytes": int(total * part), "total_bytes": total, "error": error}

    def _body(self) -> str:
        return json.dumps({"directory": "/models", "free_bytes": self.free_bytes, "models": [self.model]})


def row_of(page: Page, model: str) -> Locator:
    """Engines may bear the same names."""
    return page.get_by_role("table", name="Models of the catalogue").get_by_role("row", name=model)


def test_the_catalogue_is_listed_and_the_default_models_are_there(server_with_models: RunningServer) -> None:
    with open_portal(server_with_models, "models") as page:
        for name, model in CATALOGUE.items():
            row = row_of(page, name)
            expect(row).to_contain_text(model.licence)
            if name in DEFAULTS:
                expect(row).to_contain_text("Downloaded and verified")
                expect(row).to_contain_text("default")


def test_a_model_that_was_touched_is_verified_again(server: RunningServer, model_path: Callable[[str], Path]) -> None:
    with open_portal(server, "models") as page:
        path = model_path("smart-turn")
        os.utime(next(path.rglob("*.onnx")) if path.is_dir() else path)
        page.reload()
        page.get_by_role("button", name="Verify smart-turn").click()
        expect(row_of(page, "smart-turn")).to_contain_text("Downloaded and verified", timeout=60_000)


def test_a_download_shows_how_far_it_is_and_when_it_is_done(server: RunningServer) -> None:
    with open_portal(server, "chat") as page:
        double = ModelFolderDouble(page)
        page.route(f"{ROUTE}/smollm2-135m/pull", lambda route: (double.is_pulling(0.25), route.fulfill(status=202)))
        page.goto(f"{server.url}/portal/#/models")
        page.get_by_role("button", name="Download smollm2-135m").click()
        bar = page.get_by_role("progressbar", name="Download of smollm2-135m")
        expect(bar).to_have_attribute("aria-valuetext", "25%")
        page.reload()  # The server goes on without the page.
        double.is_pulling(0.5)
        expect(bar).to_have_attribute("aria-valuetext", "50%")
        double.model |= {"state": "whole", "pull": None}
        expect(row_of(page, "smollm2-135m")).to_contain_text("Downloaded and verified")


def test_a_download_that_failed_says_why_and_can_be_tried_again(server: RunningServer) -> None:
    with open_portal(server, "chat") as page:
        double = ModelFolderDouble(page)
        double.is_pulling(0.1, error="No source could be reached. Check the network.")
        page.goto(f"{server.url}/portal/#/models")
        expect(page.get_by_text("No source could be reached. Check the network.")).to_be_visible()
        expect(page.get_by_role("button", name="Try again to download smollm2-135m")).to_be_visible()


def test_a_disk_that_is_too_full_is_told_of_before_the_download(server: RunningServer) -> None:
    with open_portal(server, "chat") as page:
        ModelFolderDouble(page).free_bytes = 10**6
        page.goto(f"{server.url}/portal/#/models")
        expect(page.get_by_text("Needs 98 MB")).to_be_visible()


def test_a_server_that_is_gone_takes_nothing_from_the_page(server: RunningServer) -> None:
    with open_portal(server, "models") as page:
        row_of(page, "whisper-base").wait_for()
        page.route(ROUTE, lambda route: route.abort())
        page.goto(f"{server.url}/portal/#/chat")
        page.goto(f"{server.url}/portal/#/models")
        expect(page.get_by_text("The server does not answer.")).to_be_visible()
        expect(row_of(page, "whisper-base")).to_be_visible()
        page.unroute(ROUTE)
        expect(page.get_by_text("The server does not answer.")).to_be_hidden(timeout=10_000)


@pytest.mark.parametrize("dark", [False, True])
def test_the_models_keep_nobody_out(server: RunningServer, dark: bool) -> None:
    with open_portal(server, "models", dark=dark) as page:
        row_of(page, "whisper-base").wait_for()
        assert serious_violations(page) == []


def test_the_models_fit_a_narrow_screen(server: RunningServer) -> None:
    with open_portal(server, "models", size=(360, 740)) as page:
        row_of(page, "whisper-base").wait_for()
        assert (
            page.evaluate("() => { const m = document.querySelector('main'); return m.scrollWidth - m.clientWidth }")
            == 0
        )
