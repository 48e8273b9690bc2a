"""Skip a build that cannot differ from the last one: same request, same inputs, same output, same program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

from dlmap.cache.files import FileStamp, FileState, Snapshot, scan_files
from dlmap.cache.git_head import head_digest
from dlmap.cache.keys import CacheNamespace, Key
from dlmap.cache.store import Store
from dlmap.cache.version import program_version
from dlmap.publish.manifest import survey
from dlmap.publish.output import is_own
from dlmap.result import BuildResult, StageTimer
from dlmap.text import Diagnostic, Severity, SourceFile, Span, read_source

_RECORDS = CacheNamespace("build record")


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
    def cache_folder(self) -> Path:
        """Where the cache is: in the site's folder; for a lone post, which may lie among others, where it is built."""
        return self.path if self.path.is_dir() else Path()

    @property
    def site_folder(self) -> Path:
        """Where the site's files are."""
        return self.path if self.path.is_dir() else self.path.parent

    def key(self) -> Key:
        """Everything that decides the result, beside the inputs."""
        places = [str(place.resolve()) if place else "" for place in (self.path, self.output)]
        switches = [str(switch) for switch in (self.strict, self.keep_going, self.drafts)]
        parts = (program_version(), *places, self.base_url, *switches)
        return tuple(part.encode("utf-8", "surrogateescape") for part in parts)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a build reads, at one moment."""

    watch: tuple[Path, ...]
    """The files and folders that the site is made of."""
    files: Snapshot
    head: str
    """The last commit of the repository around the site; see `head_digest`."""

    @classmethod
    def scan(cls, request: BuildRequest, watch: Iterable[Path], earlier: Snapshot | None = None) -> Inputs:
        """The inputs as they are now; `earlier` saves reading files again."""
        watch = tuple(watch)
        # The commit first: a later one that comes meanwhile is noticed by the next build.
        head = head_digest(request.site_folder)
        return cls(watch, scan_files(watch, is_output, earlier), head)


def is_output(folder: Path) -> bool:
    """Whether a folder holds a published site, and so is no source; whoever reads an unreadable one reports it."""
    try:
        return is_own(folder)
    except OSError:
        return False


def find_up_to_date(request: BuildRequest) -> BuildResult | None:
    """The result of the last build, if the same one now could only come to the same."""
    timer = StageTimer()
    with timer("discover"), Store.open(request.cache_folder) as store:
        key = request.key()
        rows = store.get_many(_RECORDS, [key])
        try:
            record = json.loads(rows[key])
            before = Inputs(
                tuple(map(Path, record["watch"])),
                Snapshot(_states(record["files"]), frozenset()),
                record["head"],
            )
            now = Inputs.scan(request, before.watch, before.files)
            if now.head != before.head or now.files.changes_since(before.files):
                return None
            if _output_digest(request.output) != record["output"]:
                return None
            result = _result(record["result"], request.site_folder)
        except (KeyError, TypeError, ValueError, AttributeError, OSError, RecursionError):
            return None  # no record, or not one that this program wrote
        if any(before.files.files[path].young != state.young for path, state in now.files.files.items()):
            # Files that had just been written have aged: from now on their stamps tell enough.
            _write(store, request, now, record["output"], record["result"])
    return replace(result, written=0, cached=result.formulas, stages=timer.stages())


def record_build(request: BuildRequest, inputs: Inputs, result: BuildResult) -> None:
    """Remember a build whose result depends on nothing but its inputs, whatever is wrong with them."""
    row = _result_row(result)
    if row is not None:
        with Store.open(request.cache_folder) as store:
            _write(store, request, inputs, _output_digest(request.output), row)


def _write(
    store: Store, request: BuildRequest, inputs: Inputs, output: str, result: Mapping[str, Any]
) -> None:
    record = {
        "watch": [str(place) for place in inputs.watch],
        "files": {
            path: [*state.stamp, state.digest.hex() if state.digest else None, state.young]
            for path, state in inputs.files.files.items()
        },
        "head": inputs.head,
        "output": output,
        "result": result,
    }
    store.put_many(_RECORDS, {request.key(): json.dumps(record).encode()})


def _states(rows: Mapping[str, list[Any]]) -> dict[str, FileState]:
    return {
        path: FileState(FileStamp(*stamp), bytes.fromhex(digest) if digest else None, young)
        for path, (*stamp, digest, young) in rows.items()
    }


def _output_digest(site: Path | None) -> str:
    """A digest of a published folder as the file system knows it; of nothing, where nothing is published."""
    digest = blake2b(digest_size=16)
    for path, stamp in sorted(survey(site).items()) if site else ():
        digest.update(f"{path}\0{stamp}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _result_row(result: BuildResult) -> dict[str, Any] | None:
    """The result without the texts of its diagnostics; None where they could not be read again."""
    if any(each.source and not each.file.isprintable() for each in result.diagnostics):
        return None
    row = {name: value for name, value in asdict(replace(result, diagnostics=(), stages=())).items() if value}
    return {**row, "diagnostics": [_diagnostic_row(each) for each in result.diagnostics]}


def _diagnostic_row(diagnostic: Diagnostic) -> dict[str, Any]:
    span = diagnostic.span[:2] if diagnostic.source and diagnostic.span else None
    return {
        "code": diagnostic.code,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "path": diagnostic.path,
        "source": diagnostic.source.path if diagnostic.source else None,
        "span": span,
        "override": diagnostic.override.value if diagnostic.override else None,
    }


def _result(row: Mapping[str, Any], folder: Path) -> BuildResult:
    """The result again; raises where a file that a diagnostic points into can no longer be read."""
    diagnostics = tuple(_diagnostics(row["diagnostics"], folder))
    return BuildResult(**{**row, "diagnostics": diagnostics, "hints": tuple(row.get("hints", ()))})


def _diagnostics(rows: Iterable[Mapping[str, Any]], folder: Path) -> Iterator[Diagnostic]:
    sources: dict[str, SourceFile] = {}
    for row in rows:
        path = row["source"]
        if path is not None and path not in sources:
            source, _ = read_source(folder / path, path)
            if source is None:
                raise FileNotFoundError(path)
            sources[path] = source
        yield Diagnostic(
            row["code"],
            row["message"],
            row["help"],
            None if path is None else sources[path],
            None if row["span"] is None else Span(*row["span"]),
            row["path"],
            None if row["override"] is None else Severity(row["override"]),
        )
