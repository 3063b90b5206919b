"""A file that is written beside its final name and gets that name only when it is whole; never over another file."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import BackupFailed, BooksUnavailable

SIDE_FILES = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside a file that is open, or was left open."""


@contextmanager
def draft(path: Path) -> Iterator[Path]:
    """An empty file that only its owner may read, ours alone while the block runs; afterwards it is gone.

    What a process that was killed left under this name is written over. `BackupFailed` when it cannot be made.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        _lock(descriptor, path)
        try:
            os.fchmod(descriptor, 0o600)
            os.ftruncate(descriptor, 0)
            _remove_side_files(path)
            yield path
        finally:
            _remove_side_files(path)
            path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise BackupFailed(f"Another process is writing {path} now. Wait until it is done.") from error


def _remove_side_files(path: Path) -> None:
    for name in SIDE_FILES:
        Path(f"{path}{name}").unlink(missing_ok=True)


def publish(written: Path, final: Path) -> None:
    """Give a draft its name, once it is on disk. `BackupFailed` when a file of that name is there by now."""
    try:
        _sync(written)
        try:
            final.hardlink_to(written)  # fails when the name is taken, which renaming would not
        except FileExistsError:
            raise BackupFailed(f"{final} is there already, and is left as it is.") from None
        except OSError:  # a file system without hard links
            if final.exists():
                raise BackupFailed(f"{final} is there already, and is left as it is.") from None
            written.rename(final)
        with suppress(OSError):  # not every file system can
            _sync(final.parent)
    except OSError as error:
        raise cannot_write(final, error) from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """What goes wrong with a file of ours is said of that file, not of the books."""
    try:
        yield
    except (sqlite3.Error, BooksUnavailable, OSError) as error:
        raise cannot_write(path, error) from error


def cannot_write(path: Path, error: Exception) -> BackupFailed:
    """Said of a file that cannot be made or written."""
    why = getattr(error, "strerror", None) or getattr(error, "detail", None) or error
    return BackupFailed(f"{path} cannot be written: {why}.")
