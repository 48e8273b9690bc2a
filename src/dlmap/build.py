"""Build a site: from text to the published folder, every stage named in order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from dlmap.answers import remembering
from dlmap.clock import Clock
from dlmap.config import SiteNotFound
from dlmap.publish import check_output, publish, record_translations
from dlmap.receipts import Ledger, Order, keep, keep_ledger, open_ledger
from dlmap.result import BuildResult
from dlmap.sources import find_sources, printable
from dlmap.taxonomy import accepted_now
from dlmap.text import Diagnostic, Severity
from dlmap.theme import Theme
from dlmap.workshop import Workshop, judge


def build(  # noqa: PLR0913 - one for each option of the command line
    path: Path,
    output: Path | None = None,
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
    neither read nor written.  `jobs` is the number of processes that may work at a time.  Raises `SiteNotFound`,
    `ConfigError` and `OutputRefused` for wrong usage, and `OSError` when the site cannot be written.
    """
    clock = Clock("look")
    order = Order(path, output, base_url, strict, keep_going, drafts)
    sources = find_sources(path, base_url)
    if output is not None:
        check_output(output, sources.protected)
    theme = Theme.for_site(sources.folder)
    watch = (*sources.watched, *theme.folders)
    with Workshop(order.store_folder if cache else None, jobs=jobs) as workshop:
        seen, known = open_ledger(order, workshop.store).look(watch)
        made = workshop.understand(sources, known, clock, drafts=drafts)
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
            from dlmap.render import RenderedSite, Templates  # noqa: PLC0415
            from dlmap.site import plan_site  # noqa: PLC0415

            clock.turn_to("plan")
            ask = remembering(workshop.store)
            site = plan_site(made.taxonomy, made.config, made.library, ask)
            clock.turn_to("pages")
            rendered = RenderedSite(site, Templates(theme), made.formulas.outcomes)
            clock.turn_to("write")
            done = publish(
                lambda published: clock.making("pages", rendered.files(published, jobs=jobs)),
                output,
                durable=durable,
            )
            lost = judge((*made.diagnostics, *map(_vanished, done.lost)), made.config)
            result = replace(
                result, diagnostics=lost, published=True, pages=len(site.pages), written=done.written
            )
        result = replace(result, stages=clock.stages())
        if cache:
            keep_ledger(order, Ledger(seen.files, made.digests), workshop.store)
            keep(order, watch, seen, result, workshop.store)
    return result


def _vanished(file: Path) -> Diagnostic:
    return Diagnostic(
        "DL001",
        "cannot be read: it has vanished while the site was built",
        "build again when no other program works on the site's files",
        path=printable(file),
    )


def accept(path: Path) -> int:
    """Note in `translations.yml` that every translation is up to date; returns how many there are.

    Raises as `build` does.
    """
    sources = find_sources(path)
    if sources.translations is None:
        raise SiteNotFound("a single post keeps no record of its translations; put it into a site folder")
    with Workshop(None) as workshop:
        taxonomy = workshop.understand(sources, {}, Clock("read")).taxonomy
    accepted = accepted_now(taxonomy)
    record_translations(accepted, sources.translations)
    return len(accepted)
