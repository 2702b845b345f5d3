"""A server starts, stops and starts on a disk that is full, and its commands work."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from antiphon.cli.main import app
from antiphon.store.space import DiskSpace

from ..compose.test_app import served
from ..disks import fill, small_disk

pytestmark = pytest.mark.anyio


@pytest.fixture
def disk(tmp_path: Path) -> Generator[Path]:
    with small_disk(tmp_path / "disk", megabytes=64) as disk:
        if disk is None:
            pytest.skip("only root can have a disk of its own")
        yield disk


async def test_a_server_starts_on_a_disk_that_is_full_and_says_so(disk: Path, capsys: pytest.CaptureFixture[str]):
    data = disk / "data"
    async with served(data) as client:
        assert (await client.get("/health")).json() == {"status": "ok"}
    assert (data / "reserve").stat().st_blocks * 512 >= 1_000_000
    fill(disk)
    for _ in range(3):
        async with served(data) as client:
            health = await client.get("/health")
            assert (health.status_code, health.json()["status"]) == (200, "degraded")
    assert "Antiphon is ready" in capsys.readouterr().err


async def test_a_server_that_can_write_nothing_at_all_starts_and_tells_why(disk: Path):
    data = disk / "data"
    async with served(data):
        pass
    (data / "antiphon.db-wal").write_bytes(b"")
    (data / "antiphon.db-shm").write_bytes(bytes(32768))
    (data / "reserve").unlink()
    fill(disk)
    async with served(data) as client:
        health = await client.get("/health")
        assert (health.status_code, health.json()["status"]) == (507, "unavailable")


def test_a_new_server_on_a_full_disk_is_refused_in_one_sentence(disk: Path):
    fill(disk)
    result = CliRunner().invoke(app, ["keys", "list", "--data", str(disk / "data")])
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"{disk}/data/antiphon.db cannot be used: the disk is full. Free some space on it.\n"


def test_keys_are_replaced_on_a_disk_that_is_full(disk: Path):
    def keys(*words: str) -> str:
        result = CliRunner().invoke(app, ["keys", *words, "--data", str(disk)], catch_exceptions=False)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    before = keys("list")
    DiskSpace(disk).make_reserve()
    fill(disk)
    assert keys("regenerate", "key1") != before


def test_a_reserve_is_not_taken_from_a_disk_that_is_nearly_full(disk: Path):
    filling = fill(disk)
    DiskSpace(disk).make_reserve()
    assert not (disk / "reserve").exists()
    filling.unlink()
    DiskSpace(disk, kept_free_bytes=0).make_reserve()
    assert (disk / "reserve").exists()
