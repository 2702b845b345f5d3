"""What is on the disk, seen from outside, and a process that is killed while it writes there."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from antiphon.store.location import DataDirectory
from antiphon.store.sealing import Seal

SEAL = Seal(bytes(32))

_WRITERS = """
import asyncio, itertools, sys
from pathlib import Path
from antiphon.resources.accounts import ensure_local_account
from antiphon.store.blobs import Blobs
from antiphon.store.database import Database
from antiphon.store.location import DataDirectory
from antiphon.store.sealing import Seal

{write_for_ever}

async def main():
    data = DataDirectory(path=Path(sys.argv[1]))
    database = await Database.open(sys.argv[2])
    account = await ensure_local_account(database)
    blobs = Blobs.in_folder(data.blobs)
    await asyncio.gather(*(write_for_ever(database, blobs, Seal(bytes(32)), account.id, number) for number in range(4)))

asyncio.run(main())
"""


def blob_files(data: DataDirectory) -> set[str]:
    return {path.name for path in data.blobs.rglob("*") if path.is_file()}


def make_old(path: Path) -> None:
    """Make a file two hours old."""
    two_hours_ago = (datetime.now(UTC) - timedelta(hours=2)).timestamp()
    os.utime(path, (two_hours_ago, two_hours_ago))


def write_and_be_killed(
    write_for_ever: str, data: DataDirectory, database_url: str, *, acknowledged_at_least: int
) -> list[str]:
    """Have a process write, kill it when that many writes were acknowledged, and return all that were.

    `write_for_ever` is the source of a coroutine function of that name, which takes a database, blobs, a seal, the id
    of an account and the writer's number, and prints a line for each write.
    """
    script = _WRITERS.format(write_for_ever=write_for_ever)
    command = [sys.executable, "-c", script, str(data.path), database_url]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    acknowledged = [writer.stdout.readline().strip() for _ in range(acknowledged_at_least)]
    writer.kill()
    acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
    writer.communicate()
    return acknowledged
