"""Build a site: from text to the published folder, every stage named in order."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dlmap.cache import Cache
from dlmap.config import SiteNotFoundError
from dlmap.load.discover import Sources, discover, printable
from dlmap.load.site import LoadedSite, Loader, OutlineResult, apply_severities
from dlmap.publish import check_file, check_output, publish, record_translations, write_file
from dlmap.result import BuildResult, StageTimer
from dlmap.site.page_types import reserved_ids
from dlmap.taxonomy import accepted_now, explain_taxonomy
from dlmap.text import Diagnostic, Severity
from dlmap.text.explanation import Explanation
from dlmap.theme import Theme
from dlmap.up_to_date import BuildRequest, Inputs, record_build

if TYPE_CHECKING:
    from dlmap.history import Change

_ADDRESS_HINT = (
    "set `base_url` in dlmap.toml to the address of the published site: without it there is no sitemap, and no page tells "
    "search engines its address or its translations"
)

StrPath = str | os.PathLike[str]


def build(  # noqa: PLR0913 - one for each option of the command line
    path: StrPath,
    output: StrPath | None = None,
    *,
    base_url: str = "",
    strict: bool = False,
    keep_going: bool = False,
    drafts: bool = False,
    durable: bool = True,
    cache: bool = True,
    jobs: int = 1,
) -> BuildResult:
    """Build the site of a folder or of a single post into `output`; without an output, only check it.

    With errors (`strict`: or warnings) nothing is published, unless `keep_going`; `drafts` includes articles that are
    not meant to be public yet.  `durable` waits until the site is on the disk.  Without `cache` the site's cache is
    neither read nor written.  `jobs` is the number of processes that may work at a time.  Raises `SiteNotFoundError`,
    `ConfigError` and `OutputRefusedError` for wrong usage, `EngineError` when formulas cannot be rendered at all, and
    `OSError` when the site cannot be written.
    """
    target = None if output is None else Path(output)
    request = BuildRequest(Path(path), target, base_url, strict, keep_going, drafts)
    timer = StageTimer()
    with timer("discover"):
        sources = discover(request.path, base_url)
        if request.output is not None:
            check_output(request.output, sources.protected)
        theme = Theme.for_site(sources.folder)
        inputs = Inputs.scan(request, (*sources.watched, *theme.folders))
    with (
        Cache.open(request.cache_folder if cache else None) as store,
        Loader(store, reserved_ids=reserved_ids(), jobs=jobs) as loader,
    ):
        loaded = loader.load(sources, drafts=drafts, timer=timer)
        result = _checked(loaded)
        if request.output is not None and _may_publish(loaded, request):
            result = _publish(loaded, theme, store, request.output, timer, durable=durable, jobs=jobs)
    result = replace(result, stages=timer.stages())
    if cache and loaded.is_final:
        record_build(request, inputs, result)
    return result


def _checked(loaded: LoadedSite) -> BuildResult:
    """The result of a check."""
    return BuildResult(
        loaded.diagnostics,
        formulas=loaded.formulas.count,
        cached=loaded.formulas.cached,
        concepts=len(loaded.taxonomy.concepts),
        articles=len(loaded.articles.entries),
        hints=tuple(filter(None, (loaded.sources.hint, "" if loaded.config.base_url else _ADDRESS_HINT))),
    )


def _may_publish(loaded: LoadedSite, request: BuildRequest) -> bool:
    severities = {diagnostic.severity for diagnostic in loaded.diagnostics}
    is_bad = Severity.ERROR in severities or (request.strict and Severity.WARNING in severities)
    return not loaded.is_empty and (request.keep_going or not is_bad)


def _publish(  # noqa: PLR0913 - the values of all stages meet here
    loaded: LoadedSite,
    theme: Theme,
    cache: Cache,
    output: Path,
    timer: StageTimer,
    *,
    durable: bool,
    jobs: int,
) -> BuildResult:
    """Plan, render and publish a site that has been loaded."""
    # Only here, as a check needs none of them: they are a third of what there is to import.
    from dlmap.load.revisions import read_history  # noqa: PLC0415
    from dlmap.render import RenderedSite, Templates  # noqa: PLC0415
    from dlmap.site import plan_site  # noqa: PLC0415

    with timer("history"):
        paths = (article.path for article in loaded.articles.texts())
        history = read_history(loaded.sources, loaded.texts, paths, cache, reserved_ids())
    with timer("plan"):
        site = plan_site(loaded.taxonomy, loaded.config, loaded.articles, cache, history)
    with timer("render"):
        templates = Templates(theme, trusted=loaded.config.trusted_templates)
        rendered = RenderedSite(site, templates, loaded.formulas.results, cache)
    with timer("publish"):
        published = publish(
            lambda fingerprints: timer.timed("render", rendered.files(fingerprints, jobs=jobs)),
            output,
            durable=durable,
        )
    diagnostics = (*loaded.diagnostics, *map(_vanished, published.vanished))
    return replace(
        _checked(loaded),
        diagnostics=apply_severities(diagnostics, loaded.config),
        published=True,
        pages=len(site.pages),
        written=published.written,
    )


def _vanished(file: Path) -> Diagnostic:
    return Diagnostic(
        "DL001",
        "cannot be read: it has vanished while the site was built",
        "build again when no other program works on the site's files",
        path=printable(file),
    )


def read_outline(path: StrPath) -> OutlineResult:
    """Read the outlines, the registry and the notes of a folder or of a single post, and nothing else.

    No formula is rendered, no article read and no file written.  Raises `SiteNotFoundError` and `ConfigError`.
    """
    with Cache.open(None) as cache, Loader(cache, reserved_ids=reserved_ids()) as loader:
        return loader.load_outline(discover(Path(path)))


def explain(path: StrPath) -> tuple[Explanation, ...]:
    """What the reader made of each heading, list and run of names of the outlines, doubtful decisions first.

    Raises as `read_outline` does.
    """
    return explain_taxonomy(read_outline(path).taxonomy)


def accept(path: Path) -> int:
    """Note in `translations.yml` that every translation is up to date; returns how many there are.

    Raises as `build` does.
    """
    sources = discover(path)
    if sources.translations is None:
        raise SiteNotFoundError(
            "a single post keeps no record of its translations; put it into a site folder"
        )
    with Cache.open(None) as cache, Loader(cache, reserved_ids=reserved_ids()) as loader:
        taxonomy = loader.load_outline(sources).taxonomy
    accepted = accepted_now(taxonomy)
    record_translations(accepted, sources.translations)
    return len(accepted)


class RevisionError(Exception):
    """A revision cannot be compared; the message says why."""


def diff(path: Path, revisions: str) -> tuple[Change, ...]:
    """The changes of the map between `OLD..NEW`, or between `OLD` and the working tree.

    Raises `RevisionError` for a revision without a readable map, and `SiteNotFoundError` and `ConfigError` as `build`.
    """
    # Imported here, as other commands do not need Git.
    from dlmap.history import GitError, MapSnapshot, Repository, compare  # noqa: PLC0415
    from dlmap.load.revisions import RevisionReader, read_snapshot  # noqa: PLC0415

    sources = discover(path)
    repository = Repository.around(sources.folder)
    if repository is None:
        raise RevisionError(f"{path} is not in a Git repository, or the clone is shallow")
    with Cache.open(BuildRequest(path, None).cache_folder) as cache:
        reader = RevisionReader(sources, repository, cache, reserved_ids())

        def snapshot(name: str) -> MapSnapshot:
            try:
                concepts = reader.snapshot(repository.resolve(name))
            except GitError as error:
                raise RevisionError(str(error)) from None
            if concepts is None:
                raise RevisionError(f"revision `{name}` has no readable map")
            return concepts

        old_name, dots, new_name = revisions.partition("..")
        old = snapshot(old_name or "HEAD")
        new = snapshot(new_name or "HEAD") if dots else read_snapshot(path, cache, reserved_ids())
    if new is None:
        raise RevisionError(f"{path} has no readable map")
    return compare(old, new)


class ExportRefusedError(Exception):
    """The site is not available in the requested language."""


@dataclass(frozen=True, slots=True)
class ExportResult:
    """The result of an export."""

    diagnostics: tuple[Diagnostic, ...]
    content: bytes | None = None
    """None if the site has errors."""
    output: Path | None = None
    """The file that was written; None if `content` is for standard output."""


def export(  # noqa: PLR0913 - one for each option of the command line
    path: Path,
    format_name: str,
    output: Path | None = None,
    *,
    to_stdout: bool = False,
    lang: str = "",
    base_url: str = "",
    jobs: int = 1,
) -> ExportResult:
    """Export the map of the site at `path` in a format of `DOCUMENT_FORMATS`.

    Without an `output`, texts are only returned and other formats are written to a file of their default name, unless
    `to_stdout`.  The default language is the first of the site.  Raises `ExportRefusedError`, `NothingToExportError`,
    `NoBrowserError` and `BrowserFailedError`, and everything that `build` raises.
    """
    from dlmap.book import DOCUMENT_FORMATS, NothingToExportError  # noqa: PLC0415
    from dlmap.render import RenderedSite, Templates  # noqa: PLC0415
    from dlmap.site import plan_site  # noqa: PLC0415

    form = DOCUMENT_FORMATS[format_name]
    sources = discover(path, base_url)
    if output:
        check_file(output, _source_files(sources))
    with (
        Cache.open(BuildRequest(path, None).cache_folder) as cache,
        Loader(cache, reserved_ids=reserved_ids(), jobs=jobs) as loader,
    ):
        loaded = loader.load(sources)
        if _checked(loaded).count(Severity.ERROR):
            return ExportResult(loaded.diagnostics)
        languages = loaded.taxonomy.languages
        if lang and lang not in languages:
            raise ExportRefusedError(f"the site is not in {lang}; it has {', '.join(languages)}")
        if loaded.is_empty:
            raise NothingToExportError
        site = plan_site(loaded.taxonomy, loaded.config, loaded.articles, cache)
        templates = Templates(Theme.for_site(sources.folder), trusted=loaded.config.trusted_templates)
        content = form.write(RenderedSite(site, templates, loaded.formulas.results), lang or languages[0])
    if output is None and not form.is_text and not to_stdout:
        output = Path(form.default_name.replace("{lang}", lang or languages[0]))
        check_file(output, _source_files(sources))
    if output:
        write_file(content, output)
    return ExportResult(loaded.diagnostics, content, output)


def _source_files(sources: Sources) -> tuple[Path, ...]:
    """The files that an export must not overwrite."""
    others = [*sources.registry, *([sources.translations] if sources.translations else [])]
    return (*sources.protected, *others, *(file for _, _, file in sources.notes))
