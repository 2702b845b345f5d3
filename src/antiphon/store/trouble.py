"""What is wrong with the disk, told from what the database and the blobs raise."""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from obstore.exceptions import BaseError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError

from antiphon.store.errors import StorageFull, StorageUnavailable

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_OS_ERROR = re.compile(r"\(os error (\d+)\)")
_CALLERS_OWN = (IntegrityError, DataError, ProgrammingError)
"""About what was asked of the database, and not about its state."""
_PRIMARY_CODE = 0xFF
"""The part of SQLite's result codes that tells the kind: https://sqlite.org/rescode.html."""
_FOR_THE_OWNER = "Give this user the folder and what is in it, or choose another folder."
_RESTORE = "Restore it from a backup, or move it away to begin with new accounts and keys."
_LOOK_AT_DISK = "Look into the system's log for what is wrong with it."
_OF_SQLITE = {
    sqlite3.SQLITE_BUSY: ("another program keeps the database locked", "End that program, or wait for it."),
    sqlite3.SQLITE_CANTOPEN: ("the database cannot be opened", _FOR_THE_OWNER),
    sqlite3.SQLITE_CORRUPT: ("the database is damaged", _RESTORE),
    sqlite3.SQLITE_ERROR: ("the database has not the tables that it should have", _RESTORE),
    sqlite3.SQLITE_IOERR: ("the disk fails", _LOOK_AT_DISK),
    sqlite3.SQLITE_NOTADB: ("the database is damaged", _RESTORE),
    sqlite3.SQLITE_PERM: ("the database may not be written", _FOR_THE_OWNER),
    sqlite3.SQLITE_READONLY: ("the database may not be written", _FOR_THE_OWNER),
}
_MAY_NOT = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_IN_THE_WAY = frozenset({errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ELOOP})


@contextmanager
def database_trouble_told() -> Generator[None]:
    """Raise `StorageFull` and `StorageUnavailable` in place of what the database's driver says of its state."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error, _CALLERS_OWN):
            raise
        raise _of_database(error.orig) from error
    except sqlite3.Error as error:  # Of a connection that SQLAlchemy has no part in.
        raise _of_database(error) from error


@contextmanager
def file_trouble_told() -> Generator[None]:
    """The same in place of what the system says of files."""
    try:
        yield
    except (OSError, BaseError) as error:
        told = _of_system(error)
        if told is None:
            raise
        raise told from error


def _of_database(error: BaseException | None) -> StorageUnavailable:
    code = getattr(error, "sqlite_errorcode", 0)
    if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}:  # The latter: no room for the log's index.
        return StorageFull()
    reason, advice = _OF_SQLITE.get(code & _PRIMARY_CODE, ("the database does not answer", "The log has the cause."))
    return StorageUnavailable(reason, advice=advice)


def _of_system(error: OSError | BaseError) -> StorageUnavailable | None:
    if isinstance(error, OSError):
        number = error.errno
    else:
        found = _OS_ERROR.search(str(error))
        number = int(found[1]) if found else None
    if number in _FULL:
        return StorageFull()
    if number in _MAY_NOT:
        return StorageUnavailable("the data folder may not be written", advice=_FOR_THE_OWNER)
    if number in _IN_THE_WAY:
        return StorageUnavailable("something else has the name", advice="Move that away, or choose another folder.")
    if number == errno.EIO:
        return StorageUnavailable("the disk fails", advice=_LOOK_AT_DISK)
    return None
