"""What the last build was asked, what it saw and what came of it: where all of that still stands, nothing is to do."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path

from dlmap.cache import CacheNamespace, Codec, Key, Store, program
from dlmap.cache.files import FileStamp, FileState, Snapshot, scan_files
from dlmap.history.head import head_digest
from dlmap.publish.manifest import survey
from dlmap.publish.output import is_own
from dlmap.result import BuildResult, StageTime
from dlmap.text import Diagnostic, Severity, SourceChunk, SourceFile, Span

_KIND = CacheNamespace("receipt")


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """What a build is asked for."""

    path: Path
    output: Path | None
    base_url: str = ""
    strict: bool = False
    keep_going: bool = False
    drafts: bool = False

    @property
    def store_folder(self) -> Path:
        """Where the store stands: in the site's folder; a lone post may lie among others, so where it is built."""
        return self.path if self.path.is_dir() else Path()

    @property
    def site_folder(self) -> Path:
        """Where the site's files are."""
        return self.path if self.path.is_dir() else self.path.parent

    def site_key(self) -> Key:
        """The site, whatever is asked for."""
        return (program().encode(), os.fsencode(self.path.resolve()))

    def key(self) -> Key:
        """Everything that decides what comes of it, beside the sources."""
        places = [str(place.resolve()) if place else "" for place in (self.path, self.output)]
        switches = [str(switch) for switch in (self.strict, self.keep_going, self.drafts)]
        parts = (program(), *places, self.base_url, *switches)
        return tuple(part.encode("utf-8", "surrogateescape") for part in parts)


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """A build that went well."""

    watch: tuple[str, ...]
    """The files and folders that it was made of."""
    files: Mapping[str, FileState]
    """What was seen there."""
    result: BuildResult
    site: bytes
    """A digest of the published folder."""
    head: str
    """The last commit of the repository around it; see `head_digest`."""


_VALUES = Codec(
    BuildRecord,
    FileState,
    FileStamp,
    BuildResult,
    StageTime,
    Diagnostic,
    Severity,
    SourceFile,
    SourceChunk,
    Span,
)


def find_up_to_date(order: BuildRequest) -> BuildResult | None:
    """The result of the last build, if the same one now could only come to the same."""
    begin = time.perf_counter()
    with Store.open(order.store_folder) as store:
        key = order.key()
        stored = store.get_many(_KIND, [key])
    receipt = _VALUES.load(stored[key]) if stored else None
    if receipt is None:
        return None
    before = Snapshot(receipt.files, frozenset())
    now = look(map(Path, receipt.watch), before)
    if head_digest(order.site_folder) != receipt.head:
        return None
    if now.changes_since(before) or _digest_of(order.output) != receipt.site:
        return None
    spent = StageTime("look", time.perf_counter() - begin)
    return replace(receipt.result, written=0, cached=receipt.result.formulas, stages=(spent,))


def look(watch: Iterable[Path], before: Snapshot | None = None) -> Snapshot:
    """What the sources of a site are like now; sites that stand among them are none."""
    return scan_files(watch, is_output, before)


def is_output(folder: Path) -> bool:
    """Whether a folder holds a site, and so is no source; one that nobody may look into is told by who reads it."""
    try:
        return is_own(folder)
    except OSError:
        return False


def keep(
    order: BuildRequest, watch: Iterable[Path], seen: Snapshot, head: str, result: BuildResult, store: Store
) -> None:
    """Write a receipt.  What went wrong is to be tried again: a formula may have had too little time."""
    if result.count(Severity.ERROR):
        return
    receipt = BuildRecord(tuple(map(str, watch)), seen.files, result, _digest_of(order.output), head)
    store.put_many(_KIND, {order.key(): _VALUES.dump(receipt)})


def _digest_of(site: Path | None) -> bytes:
    """A digest of a published folder as the file system knows it; of nothing, where nothing is published."""
    made = blake2b(digest_size=16)
    for path, stamp in sorted(survey(site).items()) if site else ():
        made.update(f"{path}\0{stamp}\n".encode("utf-8", "surrogateescape"))
    return made.digest()


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the files of a site held when they were last read."""

    files: Mapping[str, FileState] = field(default_factory=dict)
    """What had been seen of them before."""
    digests: Mapping[str, str] = field(default_factory=dict)

    def look(self, watch: Iterable[Path]) -> tuple[Snapshot, Mapping[str, str]]:
        """What the sources are like now, and the digests of those that have not changed."""
        before = Snapshot(self.files, frozenset())
        seen = look(watch, before)
        changed = frozenset(seen.changes_since(before))
        return seen, {path: digest for path, digest in self.digests.items() if path not in changed}


_LEDGER = CacheNamespace("ledger")
_LEDGERS = Codec(Ledger, FileState, FileStamp)


def open_ledger(order: BuildRequest, store: Store) -> Ledger:
    """The ledger that the last build of the site has left; an empty one where there is none."""
    key = order.site_key()
    stored = store.get_many(_LEDGER, [key])
    return (_LEDGERS.load(stored[key]) if stored else None) or Ledger()


def keep_ledger(order: BuildRequest, ledger: Ledger, store: Store) -> None:
    """Leave a ledger to the next build of the site, whatever its options are."""
    store.put_many(_LEDGER, {order.site_key(): _LEDGERS.dump(ledger)})
