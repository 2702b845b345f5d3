"""A disk that is full, or fails: clients are told, what can do without yields, and it is over when there is room."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from pathlib import Path

import pytest

from antiphon.resources.records import RecordFilter
from antiphon.store.blobs import Blobs
from antiphon.store.errors import StorageFull

from ..disks import failing, fill, small_disk
from .conftest import Backend, Server, spoken

pytestmark = pytest.mark.anyio

ASKED = {"role": "user", "content": "Good day."}
STREAMED = {"voice": "alloy", "format": "pcm16"}


@pytest.fixture(autouse=True)
def looking_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that was seen of the disk is remembered."""
    monkeypatch.setattr("antiphon.store.space._LOOK_EVERY_SECONDS", 0.0)
    monkeypatch.setattr("antiphon.api.health._TRY_EVERY_SECONDS", 0.0)


@pytest.mark.store("sqlite")  # Whose errors are injected.
class TestFailing:
    """On any disk."""

    @pytest.mark.parametrize(
        ("code", "status", "name", "reason"),
        [
            (sqlite3.SQLITE_FULL, 507, "InsufficientStorage", "the disk is full"),
            (sqlite3.SQLITE_IOERR, 503, "ServiceUnavailable", "the disk fails"),
            (sqlite3.SQLITE_IOERR | 4 << 8, 503, "ServiceUnavailable", "the disk fails"),
            (sqlite3.SQLITE_READONLY, 503, "ServiceUnavailable", "the database is not writable"),
            (sqlite3.SQLITE_CORRUPT, 503, "ServiceUnavailable", "the database is damaged"),
            (sqlite3.SQLITE_BUSY, 503, "ServiceUnavailable", "another program keeps the database locked"),
        ],
    )
    async def test_clients_are_told_what_is_wrong_and_health_tells_it_until_it_is_over(
        self, server: Server, backend: Backend, code: int, status: int, name: str, reason: str
    ):
        with failing(backend.database, code):
            for body in (spoken(), spoken(stream=True, audio=STREAMED), spoken(store=True)):
                response = await server.chat(body)
                message = f"The server's storage cannot be used: {reason}. Please retry later."
                assert (response.status_code, response.json()["error"]) == (status, {"code": name, "message": message})
                assert response.headers["retry-after"] == "5"
            health = await server.client.get("/health")
            problem = f"No request is answered, because {reason}."
            assert (health.status_code, health.json()) == (status, {"status": "unavailable", "problem": problem})
        health = await server.client.get("/health")  # Without any other request that shows that it is over.
        assert (health.status_code, health.json()) == (200, {"status": "ok"})
        assert (await server.chat(spoken())).status_code == 200

    async def test_a_stored_completion_that_cannot_be_written_is_no_success(
        self, server: Server, backend: Backend, monkeypatch: pytest.MonkeyPatch
    ):
        async def full(*_: object) -> None:
            raise StorageFull

        monkeypatch.setattr(Blobs, "put", full)
        assert (await server.chat(spoken(store=True))).status_code == 507
        assert (await server.chat(spoken())).status_code == 200


@pytest.mark.store("sqlite")
class TestFull:
    """On a small disk of its own, filled to the last byte."""

    @pytest.fixture(autouse=True)
    def disk(self, tmp_path: Path) -> Generator[Path]:
        with small_disk(tmp_path, megabytes=64) as disk:
            if disk is None:
                pytest.skip("only root can have a disk of its own")
            yield disk

    async def test_requests_are_answered_out_of_the_reserve_while_records_yield(
        self, server: Server, backend: Backend, disk: Path
    ):
        assert (await server.chat(spoken())).status_code == 200
        await backend.record_writer.flush()
        assert len(await backend.records.find(RecordFilter())) == 1
        filling = fill(disk)
        answers = [await server.chat(spoken()) for _ in range(40)]
        told = {answer.status_code for answer in answers[:1]}
        assert told <= {200, 507}, answers[0].text
        assert {answer.status_code for answer in answers[1:]} == {200}
        aloud = (await server.chat(spoken())).json()["choices"][0]["message"]["audio"]
        again = await server.chat(spoken(messages=[{"role": "assistant", "audio": {"id": aloud["id"]}}, ASKED]))
        assert again.status_code == 400
        health = await server.client.get("/health")
        assert (health.status_code, health.json()["status"]) == (200, "degraded")
        assert "nothing is recorded" in health.json()["problem"]
        refused = await server.chat(spoken(store=True))
        assert (refused.status_code, refused.json()["error"]["code"]) == (507, "InsufficientStorage")
        await backend.record_writer.flush()
        assert len(await backend.records.find(RecordFilter())) == 1
        filling.unlink()
        assert (await server.client.get("/health")).json() == {"status": "ok"}
        assert (await server.chat(spoken(store=True))).status_code == 200
