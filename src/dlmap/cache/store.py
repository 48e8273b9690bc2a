"""Rows of bytes by key, in one SQLite file.  Whatever is wrong with the file, it only seems to hold less: it never fails.

A broken file is replaced.  A file that cannot be used now (locked, read-only, on a full disk) is left alone, and rows
are held in memory until the store is closed.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dlmap.cache.database import LONGEST_VALUE, BrokenError, connect, is_broken, remove
from dlmap.cache.keys import CacheNamespace, Key

FOLDER_NAME = ".dlmap"
FILE_NAME = "store.sqlite"

SIZE_LIMIT_BYTES = 256 * 1024 * 1024
"""Up to this size nothing is ever removed; it holds 15,000 long posts with their formulas."""
KEPT_GENERATIONS = 20
"""Above it, what the last so many builds that stored something did not use is removed."""

# SQLite takes at most 32,766 values in one question.
_ASKED_AT_ONCE = 10_000
_CHECK_BYTES = 16
# Formulas and pages are a fifth as large packed; to pack them better takes as long again and gains a tenth.
_QUICKLY = 1
_TRIES = 3
"""To put rows: into the file, into a new one in its place, into memory."""


class Store:
    """A context manager, for any threads; other processes may use the same file at the same time."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        """None: rows are held in memory."""
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._inherited: sqlite3.Connection | None = None
        self._process = os.getpid()
        self._replaced = False
        self._closed = False
        self._generation = 0
        """The number of this build among those that stored something; 0 until it has."""
        self._used_ids: set[int] = set()

    @classmethod
    def open(cls, folder: Path | None) -> Self:
        """The store of a site's folder; without a folder, an empty one in memory."""
        return cls(folder / FOLDER_NAME / FILE_NAME if folder is not None else None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def get_many(self, kind: CacheNamespace, keys: Iterable[Key]) -> dict[Key, bytes]:
        """The rows that are stored under these keys, each verified to be what was put there."""
        rows: dict[Key, bytes] = {}
        with self._without_failing():
            database = self._database(create=False)
            if database is not None:
                keys = tuple(keys)
                self._read(database, dict(zip(keys, kind.digests(keys), strict=True)), rows)
        return rows

    def has_many(self, kind: CacheNamespace, keys: Iterable[Key]) -> set[Key]:
        """Those of the keys under which something is stored; only `get_many` verifies the rows."""
        stored: set[Key] = set()
        with self._without_failing():
            database = self._database(create=False)
            if database is not None:
                keys = tuple(keys)
                by_number = dict(zip(map(_number, kind.digests(keys)), keys, strict=True))
                for (number,) in _rows(database, "id", by_number):
                    stored.add(by_number[number])
                    self._used_ids.add(number)
        return stored

    def put_many(self, kind: CacheNamespace, items: Mapping[Key, bytes]) -> None:
        """Store rows, all of them or none."""
        for _ in range(_TRIES) if items else ():
            with self._without_failing():
                self._put(kind, items)
                return

    def _put(self, kind: CacheNamespace, items: Mapping[Key, bytes]) -> None:
        database = self._database(create=True)
        if database is None:
            return
        digests = kind.digests(tuple(items))
        packed = (zlib.compress(value, _QUICKLY) for value in items.values())
        rows = sorted(
            (_number(digest), _checksum(digest, value), value)
            for digest, value in zip(digests, packed, strict=True)
        )
        with _transaction(database):
            self._generation = self._generation or _next_generation(database)
            database.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?)", rows)
            self._note_used(database, (number for number, _, _ in rows))

    def close(self) -> None:
        """Let go of the file; notes first what was used, so that it stays when room has to be made."""
        with self._lock:
            if self._file is not None:
                self._keep_used()
            self._disconnect()
            self._closed = True

    def _keep_used(self) -> None:
        with self._without_failing():
            database = self._connection
            # A build that had nothing to store writes nothing at all.
            if database is not None and self._generation:
                with _transaction(database):
                    self._note_used(database, self._used_ids)
                    grown = _size(database) > SIZE_LIMIT_BYTES
                    if grown:
                        _remove_unused(database, self._generation - KEPT_GENERATIONS)
                if grown:
                    _shrink(database)

    def _read(
        self, database: sqlite3.Connection, digests: Mapping[Key, bytes], rows: dict[Key, bytes]
    ) -> None:
        by_number = {_number(digest): (key, digest) for key, digest in digests.items()}
        for number, checksum, value in _rows(database, "id, digest, value", by_number):
            key, digest = by_number.get(number, ((), b""))
            if not isinstance(value, bytes) or checksum != _checksum(digest, value):
                # One bad row: who knows what else is wrong. What was read before it is verified.
                raise BrokenError("a row is not what was stored")
            rows[key] = _unpacked(value)
            self._used_ids.add(number)

    def _note_used(self, database: sqlite3.Connection, numbers: Iterable[int]) -> None:
        rows = [(number, self._generation) for number in sorted(numbers)]
        database.executemany("INSERT OR REPLACE INTO used VALUES (?, ?)", rows)

    def _database(self, *, create: bool) -> sqlite3.Connection | None:
        if self._process != os.getpid() and self._file is not None:
            # A fork must neither use nor close the connection of its parent to a file; of one to memory it has a copy.
            self._inherited, self._connection = self._connection, None
        self._process = os.getpid()
        if self._connection is None and not self._closed:
            try:
                self._connection = connect(self._file, create=create)
            except (BrokenError, sqlite3.Error) as error:
                if self._replaced or not is_broken(error):
                    raise
                self._replace()
                self._connection = connect(self._file, create=create)
        return self._connection

    @contextmanager
    def _without_failing(self) -> Iterator[None]:
        """Whatever goes wrong: go on with a new file where this one is broken, else in memory."""
        with self._lock:
            try:
                yield
            except (BrokenError, sqlite3.Error, OSError, OverflowError, MemoryError) as error:
                if self._replaced or not is_broken(error):
                    self._go_on_in_memory()
                    return
                try:
                    self._replace()
                except OSError:
                    self._go_on_in_memory()

    def _go_on_in_memory(self) -> None:
        self._forget()
        if self._file is None:
            self._closed = True  # there is no memory for rows either
        self._file = None

    def _replace(self) -> None:
        self._replaced = True
        self._forget()
        if self._file is not None:
            remove(self._file)

    def _forget(self) -> None:
        self._disconnect()
        self._generation = 0
        self._used_ids.clear()

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()


def _rows(database: sqlite3.Connection, columns: str, numbers: Iterable[int]) -> Iterator[tuple[Any, ...]]:
    """The rows with these numbers, in the order in which they stand in the file."""
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _ASKED_AT_ONCE):
        asked = ordered[start : start + _ASKED_AT_ONCE]
        marks = ",".join("?" * len(asked))
        yield from database.execute(f"SELECT {columns} FROM entry WHERE id IN ({marks})", asked)  # noqa: S608


@contextmanager
def _transaction(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            database.execute("ROLLBACK")
        raise


def _number(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "big", signed=True)


def _checksum(digest: bytes, value: bytes) -> bytes:
    """A digest over the key's digest and the value: it also detects a value stored under another key.

    SHA-256, as processors have instructions for it: checking 60 MB takes two thirds of BLAKE2's time.
    """
    checksum = sha256(digest)
    checksum.update(value)
    return checksum.digest()[:_CHECK_BYTES]


def _unpacked(value: bytes) -> bytes:
    """What was put; a few bytes that would become more than any row are none."""
    stream = zlib.decompressobj()
    try:
        unpacked = stream.decompress(value, LONGEST_VALUE)
    except zlib.error:
        unpacked = b""
    if not stream.eof:
        raise BrokenError("a row is not what was stored")
    return unpacked


def _next_generation(database: sqlite3.Connection) -> int:
    (newest,) = database.execute("SELECT coalesce(max(generation), 0) FROM used").fetchone()
    if not isinstance(newest, int) or not 0 <= newest < 2**62:
        raise BrokenError("no generation")
    return newest + 1


def _size(database: sqlite3.Connection) -> int:
    """The bytes in use; pages that have become free are filled again before the file grows."""
    pages, free, page = (
        int(database.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * page


def _remove_unused(database: sqlite3.Connection, oldest: int) -> None:
    database.execute("DELETE FROM used WHERE generation <= ?", (oldest,))
    database.execute("DELETE FROM entry WHERE id NOT IN (SELECT id FROM used)")


def _shrink(database: sqlite3.Connection) -> None:
    """Give free pages back; this rewrites the whole file, so only where they are many."""
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    (free,) = database.execute("PRAGMA freelist_count").fetchone()
    if free > pages // 4:
        database.execute("VACUUM")
