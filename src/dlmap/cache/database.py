"""The SQLite file of a store: opened where it is sound, made where it is missing, removed where it is broken.

It keeps a rollback journal, and waits for no disk.  Measured with 17,500 rows (60 MB) on 2 cores: a write-ahead log
takes twice as long to fill (0.83 s against 0.38 s), reads no faster, leaves two more files, and cannot be read in a
folder that cannot be written.  Checksums detect what a power cut leaves behind.
"""

from __future__ import annotations

import contextlib
import sqlite3
import stat
from pathlib import Path

SCHEMA_VERSION = 3
_APPLICATION_ID = 0x646C6D70  # "dlmp": what `file` and other programs know the file by
# The number of a row is the start of its key's digest: rows are found without an index beside the table.  When a
# row was used stands in a table of its own, which is small: updating it does not rewrite the rows.
_SCHEMA = (
    "CREATE TABLE entry (id INTEGER PRIMARY KEY, digest BLOB NOT NULL, value BLOB NOT NULL)",
    "CREATE TABLE used (id INTEGER PRIMARY KEY, generation INTEGER NOT NULL)",
)
# Most rows are a few kB long: with pages of 4 kB filling takes three times as long.
_PAGE_BYTES = 16_384
LONGEST_VALUE = 64 * 1024 * 1024
"""Of one row, packed or not, in bytes."""
_WAIT_SECONDS = 2.0
"""For another build that is writing; it takes half a second where it has 17,500 rows to write."""

_NOT_NOW = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_AUTH,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOLFS,
    }
)


class BrokenError(Exception):
    """The file holds something else than this version of dlmap writes."""


def is_broken(error: BaseException) -> bool:
    """Whether an error says that the file itself is bad, and not that it cannot be used just now."""
    if isinstance(error, BrokenError):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.Error) and (code is None or code & 0xFF not in _NOT_NOW)


def connect(file: Path | None, *, create: bool) -> sqlite3.Connection | None:
    """The database in a file (None: in memory); None where there is no file and none is to be made.

    Raises `BrokenError`, `sqlite3.Error` or `OSError`.
    """
    if file is None:
        create = True
    elif not _is_there(file):
        if not create:
            return None
        _make_folder(file.parent)
    # The store sees to it that one thread at a time uses it.
    connection = sqlite3.connect(
        file or ":memory:", timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        _configure(connection)
        if _is_empty(connection):  # also while another build is making it
            if not create:
                connection.close()
                return None
            _make_tables(connection)
        _check(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def remove(file: Path) -> None:
    """Remove a database and what SQLite keeps beside it.  Raises `OSError`."""
    for name in (file.name, f"{file.name}-journal", f"{file.name}-wal", f"{file.name}-shm"):
        file.with_name(name).unlink(missing_ok=True)


def _is_there(file: Path) -> bool:
    """Whether the file exists; a link could lead out of the site, and reading a pipe would block."""
    for place, is_right in ((file.parent, stat.S_ISDIR), (file, stat.S_ISREG)):
        try:
            mode = place.lstat().st_mode
        except FileNotFoundError:
            return False
        if not is_right(mode):
            raise OSError(f"{place} is not what dlmap made")
    return True


def _make_folder(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    # Git should ignore the folder.  A file that is already there may be a link to anywhere.
    with contextlib.suppress(FileExistsError), (folder / ".gitignore").open("xb") as ignore:
        ignore.write(b"*\n")


def _configure(connection: sqlite3.Connection) -> None:
    # The file may come from anywhere: nothing in it is run, and what it says of lengths is not believed.
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_VALUE)
    connection.text_factory = bytes
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None


def _make_tables(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    if _is_empty(connection):  # another build may have been faster
        for table in _SCHEMA:
            connection.execute(table)
        connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("COMMIT")


def _check(connection: sqlite3.Connection) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    tables = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master ORDER BY rowid")]
    if (application, version) != (_APPLICATION_ID, SCHEMA_VERSION) or tables != [
        table.encode() for table in _SCHEMA
    ]:
        raise BrokenError("not a store of this version")
