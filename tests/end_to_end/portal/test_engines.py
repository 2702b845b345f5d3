"""The server's engines in the portal: where they run, and having them answer."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from ..running_server import RunningServer
from .browser import open_portal, serious_violations


def test_an_engine_is_tested_with_the_keyboard_and_tells_how_soon_it_answers(server: RunningServer) -> None:
    with open_portal(server, "models") as page:
        row = page.get_by_role("table", name="Engines of the server").get_by_role("row", name="whisper-base")
        expect(row).to_contain_text("In the server’s process, on cpu")
        row.get_by_role("button", name="Test whisper-base").press("Enter")
        expect(row).to_contain_text(re.compile(r"Answered after [\d,]+ ms"), timeout=60_000)
        assert serious_violations(page) == []
