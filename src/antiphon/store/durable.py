"""Files that survive a power cut once the call that wrote them has returned."""

from __future__ import annotations

import os
from pathlib import Path


def write_file(path: Path, content: bytes, *, mode: int) -> None:
    """Replace the file atomically: readers see all of the old file or all of the new one."""
    unfinished = _written(path, content, mode)
    try:
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)


def create_file(path: Path, content: bytes, *, mode: int) -> None:
    """Create the file atomically. Raises `FileExistsError` if it exists, and then leaves it as it is."""
    unfinished = _written(path, content, mode)
    try:
        os.link(unfinished, path)  # Unlike a rename, a link does not replace what another process has created.
    finally:
        unfinished.unlink()
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Sync the file's content to the disk, whoever wrote it. Its name needs `sync_folder`."""
    _sync(path, os.O_RDONLY)


def sync_folder(folder: Path) -> None:
    """Sync the names in the folder to the disk."""
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def _written(path: Path, content: bytes, mode: int) -> Path:
    """Write the content, synced, under another name beside `path`."""
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
