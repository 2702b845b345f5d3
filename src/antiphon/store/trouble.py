"""Turns errors of the database and the blobs into what is wrong with the disk, or with the server that holds them."""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

from antiphon.store.errors import StorageFull, StorageUnavailable

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_OS_ERROR = re.compile(r"\(os error (\d+)\)")
_CALLERS_OWN = (IntegrityError, DataError, ProgrammingError)
"""Errors about the query, not about the state of the database."""
_PRIMARY_CODE = 0xFF
"""The part of SQLite's result codes that holds the primary code: https://sqlite.org/rescode.html."""
_FOR_THE_OWNER = "Give this user access to the folder and its contents, or choose another folder."
_RESTORE = "Restore it from a backup, or move it away to start with new accounts and keys."
_LOOK_AT_DISK = "See the system log for the cause."
_OF_SQLITE = {
    sqlite3.SQLITE_BUSY: ("another program keeps the database locked", "Stop that program, or wait for it."),
    sqlite3.SQLITE_CANTOPEN: ("the database cannot be opened", _FOR_THE_OWNER),
    sqlite3.SQLITE_CORRUPT: ("the database is damaged", _RESTORE),
    sqlite3.SQLITE_ERROR: ("the database lacks some of its tables", _RESTORE),
    sqlite3.SQLITE_IOERR: ("the disk fails", _LOOK_AT_DISK),
    sqlite3.SQLITE_NOTADB: ("the database is damaged", _RESTORE),
    sqlite3.SQLITE_PERM: ("the database is not writable", _FOR_THE_OWNER),
    sqlite3.SQLITE_READONLY: ("the database is not writable", _FOR_THE_OWNER),
}
_OF_POSTGRESQL = {
    "08": ("the database cannot be reached", "Start it, or correct its address."),
    "25": ("the database is not writable", "It may be a standby: use the address of the primary."),
    "28": ("the database refuses the user or the password", "Correct the URL, PGPASSWORD or ~/.pgpass."),
    "3D": ("there is no database of that name", "Create it, or correct the URL."),
    "40": ("the database had to break off a transaction", "The log has the cause."),
    "42501": ("the user of the database may not do what is needed", "Have it own the database."),
    "42P01": ("the database lacks some of its tables", _RESTORE),
    "53300": ("the database has no free connections", "Raise its max_connections, or run fewer processes."),
    "55": ("somebody keeps the database locked", "The database's log has the cause."),
    "57": ("the database is stopping or starting", "Wait for it."),
    "XX": ("the database is damaged", "The database's log has the cause."),
}
"""By SQLSTATE, or the class that it begins with: https://www.postgresql.org/docs/current/errcodes-appendix.html."""
_DISK_FULL = "53100"
_MAY_NOT = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
_IN_THE_WAY = frozenset({errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ELOOP})


@contextmanager
def database_trouble_told() -> Generator[None]:
    """Raise `StorageFull` and `StorageUnavailable` instead of the database driver's own errors about its state."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error, _CALLERS_OWN) and getattr(error.orig, "sqlstate", None) not in _OF_POSTGRESQL:
            raise
        raise _of_database(error.orig) from error
    except sqlite3.Error as error:  # From a connection that SQLAlchemy does not manage.
        raise _of_database(error) from error
    except NoFreeConnection as error:
        raise StorageUnavailable("the database is busy", advice="It is too slow, or its log has the cause.") from error
    except (ConnectionError, TimeoutError) as error:  # From a database elsewhere.
        raise trouble_of_postgresql(error) from error


@contextmanager
def file_trouble_told() -> Generator[None]:
    """The same for the system's errors about files."""
    try:
        yield
    except (OSError, BaseError) as error:
        told = _of_system(error)
        if told is None:
            raise
        raise told from error


@contextmanager
def blob_trouble_told() -> Generator[None]:
    """The same for blobs, which may be elsewhere: their store may not answer, or refuse."""
    try:
        with file_trouble_told():
            yield
    except (PermissionDeniedError, UnauthenticatedError) as error:
        refusal = "the store of the blobs refuses the credentials"
        raise StorageUnavailable(refusal, advice="Correct AWS_ACCESS_KEY_ID and what goes with it.") from error
    except BaseError as error:
        raise StorageUnavailable("the store of the blobs does not answer", advice="The log has the cause.") from error


def trouble_of_postgresql(error: BaseException | None) -> StorageUnavailable:
    """What an error of its driver, or of the connection to it, means."""
    state = getattr(error, "sqlstate", None)
    if isinstance(error, OSError) or state is None:
        state = "08006"
    if state == _DISK_FULL:
        return StorageFull()
    unknown = ("the database does not answer", "The log has the cause.")
    reason, advice = _OF_POSTGRESQL.get(state) or _OF_POSTGRESQL.get(state[:2]) or unknown
    return StorageUnavailable(reason, advice=advice)


def _of_database(error: BaseException | None) -> StorageUnavailable:
    if hasattr(error, "sqlstate"):
        return trouble_of_postgresql(error)
    code = getattr(error, "sqlite_errorcode", 0)
    if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE}:  # The latter: no space for the log's index.
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
        return StorageUnavailable("the data folder is not writable", advice=_FOR_THE_OWNER)
    if number in _IN_THE_WAY:
        return StorageUnavailable("another file is in the way", advice="Move it away, or choose another folder.")
    if number == errno.EIO:
        return StorageUnavailable("the disk fails", advice=_LOOK_AT_DISK)
    return None
