"""The models folder, and whether it has room for more."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
from rich.filesize import decimal

from antiphon.models.errors import DiskFull, ModelError

DIRECTORY_VARIABLE = "ANTIPHON_MODELS_DIR"
_SPARE_BYTES = 64 << 20


def default_directory() -> Path:
    """The default location of models: `ANTIPHON_MODELS_DIR`, or the user's cache folder."""
    chosen = os.environ.get(DIRECTORY_VARIABLE)
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_cache_dir("antiphon")) / "models"


def free_bytes(directory: Path) -> int:
    """How much space is available to the folder, whether or not it exists yet."""
    existing = next(folder for folder in (directory, *directory.absolute().parents) if folder.exists())
    return shutil.disk_usage(existing).free


def bytes_needed(size: int, there: int = 0) -> int:
    """How much free disk space it takes to fetch files totalling `size` when `there` bytes are already present.

    Packages waiting to be unpacked take up disk space for a while too: a tenth more, plus some headroom.
    """
    return max(0, size - there) + size // 10 + _SPARE_BYTES


def check_room(directory: Path, what: str, needed_bytes: int, free_bytes: int) -> None:
    """Raise `DiskFull` unless the download fits."""
    if free_bytes < needed_bytes:
        raise DiskFull(
            f"{what}: {decimal(needed_bytes)} of disk are needed in {directory}, {decimal(free_bytes)} are free. "
            f"Make room, or choose another folder with {DIRECTORY_VARIABLE}."
        )


@contextmanager
def writing_to(directory: Path) -> Generator[None, None, None]:
    """Report a folder that cannot be written to like any other problem with models."""
    try:
        yield
    except OSError as error:
        advice = f"Choose another folder with {DIRECTORY_VARIABLE}."
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(
                f"The disk of {directory} is full. Make room and try again: what has come is kept. {advice}"
            ) from error
        raise ModelError(f"Models cannot be kept in {directory} ({error}). {advice}") from error
