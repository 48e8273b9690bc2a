"""Build a site: from text to the published folder, every stage named in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from dlmap.articles import (
    Around,
    Shelf,
    formulas_in,
    make_library,
    outline_addresses,
    placed,
    read_shelf,
)
from dlmap.clock import Clock, Stage
from dlmap.config import Config
from dlmap.formulas import RenderedFormulas, render_stored
from dlmap.markdown import FormulaUse, formulas_of, parse_document
from dlmap.math import Formula, FormulaError
from dlmap.publish import check_output, publish, record_translations
from dlmap.sources import SiteNotFound, Sources, Texts, find_sources, read_sources
from dlmap.store import Store
from dlmap.taxonomy import (
    Registry,
    Taxonomy,
    accepted_now,
    assemble,
    check_taxonomy,
    collect_notes,
    read_accepted,
    read_outline,
    read_registry,
)
from dlmap.text import Diagnostic, Severity, SourceFile


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build or a check found and made."""

    diagnostics: tuple[Diagnostic, ...]
    published: bool = False
    pages: int = 0
    formulas: int = 0
    cached: int = 0
    """How many of the formulas came from the store."""
    concepts: int = 0
    articles: int = 0
    stages: tuple[Stage, ...] = ()

    @property
    def seconds(self) -> float:
        """How long it took altogether."""
        return sum(stage.seconds for stage in self.stages)

    def count(self, severity: Severity) -> int:
        """How many diagnostics are of that severity."""
        return sum(diagnostic.severity is severity for diagnostic in self.diagnostics)


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
    offline: bool = True,
) -> BuildResult:
    """Build the site of a folder or of a single post into `output`; without an output, only check it.

    With errors (`strict`: or warnings) nothing is published, unless `keep_going`; `drafts` includes articles that are
    not meant to be public yet.  `durable` waits until the site is on the disk.  Without `cache` the site's store is
    neither read nor written.  Without `offline` browsers keep nothing of the site, whatever it wants: a preview must not
    outlive itself.  Raises `SiteNotFound`, `ConfigError` and `OutputRefused` for wrong usage, and `OSError`
    when the site cannot be written.
    """
    clock = Clock("read")
    sources = find_sources(path)
    config = replace(
        sources.config,
        base_url=base_url or sources.config.base_url,
        offline=offline and sources.config.offline,
    )
    if output is not None:
        check_output(output, sources.protected)
    shelf = read_articles(sources, drafts=drafts)
    texts = read_sources(sources, shelf.lang)
    clock.turn_to("understand")
    taxonomy, registry, found = read_taxonomy(texts, config)
    library, lost = make_library(shelf, around_articles(texts, sources, taxonomy))
    clock.turn_to("formulas")
    uses = chain(formula_uses(texts, registry), formulas_in(library))
    with Store.open(sources.store_folder if cache else None) as store:
        formulas, wrong = render_all(uses, store)
    clock.turn_to("judge")
    told = placed((*texts.diagnostics, *found, *lost, *wrong), library.texts())
    diagnostics = judge(told, config)
    result = BuildResult(
        diagnostics,
        formulas=len(formulas.outcomes),
        cached=formulas.cached,
        concepts=len(taxonomy.concepts),
        articles=len(library.entries),
    )
    stopped = result.count(Severity.ERROR) or (strict and result.count(Severity.WARNING))
    if output is not None and (taxonomy.concepts or library.entries) and (keep_going or not stopped):
        # Only here, as a check needs neither: they are a third of what there is to import.
        from dlmap.render import Theme, render_site  # noqa: PLC0415
        from dlmap.site import plan_site  # noqa: PLC0415

        clock.turn_to("plan")
        site = plan_site(taxonomy, config, library)
        clock.turn_to("pages")
        files = render_site(site, Theme.for_site(sources.folder), formulas.outcomes)
        clock.turn_to("write")
        publish(clock.making("pages", files), output, durable=durable)
        result = replace(result, published=True, pages=len(site.pages))
    return replace(result, stages=clock.stages())


def read_taxonomy(texts: Texts, config: Config) -> tuple[Taxonomy, Registry, tuple[Diagnostic, ...]]:
    """The taxonomy of a site's texts, and what is wrong with it."""
    found: list[Diagnostic] = []
    outlines = []
    for lang, document in texts.outlines:
        outline, diagnostics = read_outline(document, lang=lang, origin=config.origin or None)
        outlines.append(outline)
        found += diagnostics
    registry, diagnostics = Registry(), ()
    if texts.registry is not None:
        registry, diagnostics = read_registry(texts.registry, texts.languages)
        found += diagnostics
    taxonomy, diagnostics = assemble(outlines, registry, collect_notes(texts.notes), texts.languages)
    found += diagnostics
    accepted, diagnostics = read_accepted(texts.translations)
    found += (*diagnostics, *check_taxonomy(taxonomy, accepted))
    return taxonomy, registry, tuple(found)


def read_articles(sources: Sources, *, drafts: bool = False) -> Shelf:
    """The articles of a site, each read by itself."""
    return read_shelf(
        sources.articles,
        sources.folder,
        sources.shown,
        flavor=sources.config.flavor,
        permalink=sources.permalink,
        skip={file for _, file in sources.outlines},
        drafts=drafts,
    )


def around_articles(texts: Texts, sources: Sources, taxonomy: Taxonomy) -> Around:
    """What articles can link to, beside one another."""
    return Around(
        sources.folder,
        texts.languages,
        sources.config.origin or taxonomy.origin or "",
        taxonomy.concepts.keys(),
        outline_addresses(
            ((Path(document.source.path), document) for _, document in texts.outlines), sources.permalink
        ),
        sources.config.remote_images,
    )


def formula_uses(texts: Texts, registry: Registry) -> Iterator[FormulaUse]:
    """Every formula of the site with its place: of the outlines, the notes, and the registry's summaries."""
    for document in texts.documents:
        yield from formulas_of(document)
    for entry in registry.entries.values():
        for text in entry.summary.values():
            if "$" in text and registry.source:
                document, _ = parse_document(SourceFile(registry.source.path, text))
                for use in formulas_of(document):
                    yield use._replace(source=registry.source, span=entry.span)


def render_all(uses: Iterable[FormulaUse], store: Store) -> tuple[RenderedFormulas, tuple[Diagnostic, ...]]:
    """Render each distinct formula once; report the broken ones wherever they stand."""
    places = [(Formula(use.tex, use.display), use) for use in uses]
    formulas = render_stored(tuple(dict.fromkeys(formula for formula, _ in places)), store)
    return formulas, tuple(
        _formula_error(use, outcome)
        for formula, use in places
        if isinstance(outcome := formulas.outcomes[formula], FormulaError)
    )


def _formula_error(use: FormulaUse, error: FormulaError) -> Diagnostic:
    at = "" if error.position is None else f" at character {error.position + 1} of the formula"
    return Diagnostic(
        "DL401",
        f"formula: {error.message}{at}",
        "correct the TeX; KaTeX's list of functions tells what it knows",
        use.source,
        use.span,
    )


def judge(diagnostics: Iterable[Diagnostic], config: Config) -> tuple[Diagnostic, ...]:
    """The diagnostics in order, each once, with the severities that the site's `[check]` table gives."""
    judged = (replace(diagnostic, override=config.check.get(diagnostic.code)) for diagnostic in diagnostics)
    kept = (diagnostic for diagnostic in judged if diagnostic.severity is not Severity.OFF)
    return tuple(sorted(dict.fromkeys(kept), key=Diagnostic.sort_key))


def accept(path: Path) -> int:
    """Note in `translations.yml` that every translation is up to date; returns how many there are.

    Raises as `build` does.
    """
    sources = find_sources(path)
    if sources.translations is None:
        raise SiteNotFound("a single post keeps no record of its translations; put it into a site folder")
    texts = read_sources(sources)
    taxonomy, _, _ = read_taxonomy(texts, sources.config)
    accepted = accepted_now(taxonomy)
    record_translations(accepted, sources.translations)
    return len(accepted)
