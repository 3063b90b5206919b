"""What is wrong with a database: one sentence that everybody may read, and the details for whoever runs Chipin.

Members never see SQL, a path, a host or a driver's words: those are the `detail`, for the log and for `doctor`.
"""

import sqlite3

import asyncpg
from sqlalchemy.exc import DBAPIError

from core.errors import BooksUnavailable

LOCKED = "The database is in use by another program at the moment."
FULL = "The database cannot be written: its disk is full. Whoever runs Chipin has to make room."
READ_ONLY = "The database cannot be written: it is read-only. Whoever runs Chipin has to look at it."
BROKEN_DISK = "The database cannot be used: its disk reports an error. Whoever runs Chipin has to look at it."
SILENT = "The database does not answer at the moment."
AWAY = "The database cannot be reached at the moment."
UNUSABLE = "The database cannot be used at the moment."
BROKEN_RULE = "The database refused to break a rule of the books."

_BY_SQLITE_CODE = {
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_IOERR: BROKEN_DISK,
}
_PRIMARY = 0xFF  # the low byte of a code is its kind, the rest says more about it
_BY_POSTGRES_KIND: tuple[tuple[type[Exception], str], ...] = (
    (asyncpg.DiskFullError, FULL),
    (asyncpg.ReadOnlySQLTransactionError, READ_ONLY),
    (asyncpg.QueryCanceledError, SILENT),  # the server gave up waiting, for a lock as a rule
    (asyncpg.PostgresConnectionError, AWAY),
    (asyncpg.OperatorInterventionError, AWAY),  # it shuts down or starts up
    (asyncpg.InterfaceError, AWAY),
    (asyncpg.InternalClientError, AWAY),  # it lost track of the protocol, because the connection was cut
)


def unavailable(error: BaseException) -> BooksUnavailable:
    """The failure of a driver as one of the books, in words."""
    root = _root(error)
    return BooksUnavailable(_sentence(root), detail=f"{type(root).__name__}: {root}")


def _root(error: BaseException) -> BaseException:
    """What the driver itself said: SQLAlchemy wraps it, for asyncpg twice."""
    while isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig
    return error.__cause__ if isinstance(error.__cause__, asyncpg.PostgresError | asyncpg.InterfaceError) else error


def _sentence(error: BaseException) -> str:
    if isinstance(error, sqlite3.Error):
        return _BY_SQLITE_CODE.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY, UNUSABLE)
    for kind, sentence in _BY_POSTGRES_KIND:
        if isinstance(error, kind):
            return sentence
    if isinstance(error, TimeoutError):
        return SILENT
    return AWAY if isinstance(error, OSError) else UNUSABLE
