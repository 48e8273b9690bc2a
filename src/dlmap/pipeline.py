"""Build a site: from text to the published folder, every stage named in order."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from dlmap.cache.scripts import cached_run
from dlmap.config import SiteNotFoundError
from dlmap.history.head import head_digest
from dlmap.load.discover import find_sources, printable
from dlmap.load.site import Loader, apply_severities
from dlmap.publish import check_output, publish, record_translations
from dlmap.result import BuildResult, StageTimer
from dlmap.site.page_types import reserved_ids
from dlmap.taxonomy import Taxonomy, accepted_now, explain_taxonomy
from dlmap.text import Diagnostic, Severity
from dlmap.text.explanation import Explanation
from dlmap.theme import Theme
from dlmap.up_to_date import BuildRequest, Ledger, keep, keep_ledger, open_ledger

StrPath = str | os.PathLike[str]


@dataclass(frozen=True, slots=True)
class OutlineResult:
    """What the outlines of a site say, and what is wrong with them."""

    taxonomy: Taxonomy
    diagnostics: tuple[Diagnostic, ...]


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
    not meant to be public yet.  `durable` waits until the site is on the disk.  Without `cache` the site's store is
    neither read nor written.  `jobs` is the number of processes that may work at a time.  Raises `SiteNotFoundError`, `ConfigError` and `OutputRefusedError` for wrong usage,
    `EngineError` when formulas cannot be rendered at all, and `OSError` when the site cannot be written.
    """
    path, output = Path(path), None if output is None else Path(output)
    clock = StageTimer("look")
    order = BuildRequest(path, output, base_url, strict, keep_going, drafts)
    sources = find_sources(path, base_url)
    if output is not None:
        check_output(output, sources.protected)
    theme = Theme.for_site(sources.folder)
    watch = (*sources.watched, *theme.folders)
    with Loader(order.store_folder if cache else None, reserved_ids=reserved_ids(), jobs=jobs) as loader:
        head = head_digest(order.site_folder)
        seen, known = open_ledger(order, loader.store).look(watch)
        made = loader.load(sources, known, clock, drafts=drafts)
        result = BuildResult(
            made.diagnostics,
            formulas=made.formulas.count,
            cached=made.formulas.cached,
            concepts=len(made.taxonomy.concepts),
            articles=len(made.library.entries),
        )
        stopped = result.count(Severity.ERROR) or (strict and result.count(Severity.WARNING))
        if output is not None and not made.is_empty and (keep_going or not stopped):
            # Only here, as a check needs neither: they are a third of what there is to import.
            from dlmap.load.revisions import read_history  # noqa: PLC0415
            from dlmap.render import RenderedSite, Templates  # noqa: PLC0415
            from dlmap.site import plan_site  # noqa: PLC0415

            clock.start("history")
            articles = (article.path for article in made.library.texts())
            history = read_history(sources, made.texts, articles, loader.store, reserved_ids(), loader.memo)
            clock.start("plan")
            ask = cached_run(loader.store)
            site = plan_site(made.taxonomy, made.config, made.library, ask, history)
            clock.start("pages")
            rendered = RenderedSite(site, Templates(theme), made.formulas.outcomes, loader.store)
            clock.start("write")
            done = publish(
                lambda published: clock.making("pages", rendered.files(published, jobs=jobs)),
                output,
                durable=durable,
            )
            lost = apply_severities((*made.diagnostics, *map(_vanished, done.lost)), made.config)
            result = replace(
                result, diagnostics=lost, published=True, pages=len(site.pages), written=done.written
            )
        result = replace(result, stages=clock.stages())
        if cache:
            keep_ledger(order, Ledger(seen.files, made.digests), loader.store)
            keep(order, watch, seen, head, result, loader.store)
    return result


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
    with Loader(None, reserved_ids=reserved_ids()) as loader:
        return OutlineResult(*loader.read_outline(find_sources(Path(path))))


def explain(path: StrPath) -> tuple[Explanation, ...]:
    """What the reader made of each heading, list and run of names of the outlines, doubtful decisions first.

    Raises as `read_outline` does.
    """
    return explain_taxonomy(read_outline(path).taxonomy)


def accept(path: Path) -> int:
    """Note in `translations.yml` that every translation is up to date; returns how many there are.

    Raises as `build` does.
    """
    sources = find_sources(path)
    if sources.translations is None:
        raise SiteNotFoundError(
            "a single post keeps no record of its translations; put it into a site folder"
        )
    with Loader(None, reserved_ids=reserved_ids()) as loader:
        taxonomy, _ = loader.read_outline(sources)
    accepted = accepted_now(taxonomy)
    record_translations(accepted, sources.translations)
    return len(accepted)
