"""What is acknowledged is on the disk: on one that cannot be synced, nothing of the kind is acknowledged."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ..disks import can_deny_syncs

ROOT = Path(__file__).parents[2]


def changes(data: Path, syncs: str) -> dict[str, list[str]]:
    command = [sys.executable, "-m", "tests.store.unsynced", str(data), syncs]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(not can_deny_syncs(), reason="needs Linux's seccomp on a known processor")
def test_security_changes_and_stored_completions_wait_for_the_disk_and_nothing_else_does(tmp_path: Path) -> None:
    made = changes(tmp_path / "denied", "deny")
    assert made["durable"] == []
    assert made["lax"] == made["all lax"] != []


def test_on_a_good_disk_all_of_them_are_acknowledged(tmp_path: Path) -> None:
    made = changes(tmp_path / "good", "allow")
    assert made["durable"] == made["all durable"] != []
    assert made["lax"] == made["all lax"] != []
