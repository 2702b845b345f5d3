"""Files that are there after a power cut once the call that wrote them has returned."""

from __future__ import annotations

import os
from pathlib import Path


def write_file(path: Path, content: bytes, *, mode: int) -> None:
    """Replace the file in one step: who reads it finds all of the old one or all of the new one."""
    unfinished = _written(path, content, mode)
    try:
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)


def create_file(path: Path, content: bytes, *, mode: int) -> None:
    """Make the file in one step. Raises `FileExistsError` where there is one, which stays as it is."""
    unfinished = _written(path, content, mode)
    try:
        os.link(unfinished, path)  # Unlike a rename, it leaves what another process has made.
    finally:
        unfinished.unlink()
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Have the disk keep what was written to the file, by whomever; its name is the folder's matter."""
    _sync(path, os.O_RDONLY)


def sync_folder(folder: Path) -> None:
    """Have the disk keep the names in the folder."""
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def _written(path: Path, content: bytes, mode: int) -> Path:
    """The content under another name beside `path`, on the disk."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        unfinished.unlink()
        raise
    return unfinished


def _sync(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
