"""Disks on bad days: one that cannot be synced, and small ones that fill up."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sqlite3
import struct
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from antiphon.store.database import Database

_PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER = 1
_ALL_THREADS = 1
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_LOAD_WORD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_CALLS = {
    "x86_64": {"seccomp": 317, "fsync": 74, "fdatasync": 75},
    "aarch64": {"seccomp": 277, "fsync": 82, "fdatasync": 83},
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def can_deny_syncs() -> bool:
    return platform.system() == "Linux" and platform.machine() in _CALLS


def deny_syncs() -> None:
    """From now on the kernel answers every fsync and fdatasync of this process, whoever calls it, with an error.

    What succeeds nevertheless was never meant to be on the disk. There is no way back.
    """
    calls = _CALLS[platform.machine()]
    code = b"".join(
        (
            _instruction(_LOAD_WORD, 0),  # The number of the call.
            _instruction(_JUMP_IF_EQUAL, calls["fsync"], if_so=2),
            _instruction(_JUMP_IF_EQUAL, calls["fdatasync"], if_so=1),
            _instruction(_RETURN, _ALLOW),
            _instruction(_RETURN, _ERRNO | errno.EIO),
        )
    )
    instructions = ctypes.create_string_buffer(code)
    program = _Program(len(code) // 8, ctypes.addressof(instructions))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no_new_privs")
    if libc.syscall(calls["seccomp"], _SET_MODE_FILTER, _ALL_THREADS, ctypes.byref(program)):
        raise OSError(ctypes.get_errno(), "seccomp")


def _instruction(code: int, operand: int, *, if_so: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_so, 0, operand)


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Generator[Path | None]:
    """A disk of its own at `folder`; None where the system does not let this user have one."""
    folder.mkdir(exist_ok=True)
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    try:
        mounted = os.geteuid() == 0 and subprocess.run(mounting, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    if not mounted:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def failing(database: Database, code: int) -> Generator[None]:
    """Have SQLite answer each attempt to write with an error, such as `sqlite3.SQLITE_FULL`."""

    def fail(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            error = sqlite3.OperationalError("injected")
            error.sqlite_errorcode = code
            raise OperationalError(statement, None, error)

    engine = database._engine.sync_engine  # pyright: ignore[reportPrivateUsage]
    event.listen(engine, "before_cursor_execute", fail)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", fail)


def fill(folder: Path, *, name: str = "filling") -> Path:
    """A file that takes all that is left of the disk."""
    path = folder / name
    with path.open("ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
    return path
