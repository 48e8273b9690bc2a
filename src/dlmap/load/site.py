"""Understand a site: from its files to its concepts and articles, and everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Self

from dlmap.articles import (
    ArticleIndex,
    ArticleSet,
    LinkContext,
    check_documents,
    formulas_in,
    make_library,
    outline_addresses,
    placed,
    read_shelf,
)
from dlmap.cache import Store
from dlmap.cache.memory import MemoryCache, Same
from dlmap.config import Config
from dlmap.load.discover import ParsedTexts, Sources, read_sources
from dlmap.load.formulas import FormulaReport, LazyEngine, render_stored
from dlmap.load.read import TextReader
from dlmap.markdown import FormulaUse, formulas_of, parse_document
from dlmap.math import Formula, FormulaError, formula_help
from dlmap.result import StageTimer
from dlmap.taxonomy import (
    RegistryEntry,
    Taxonomy,
    assemble,
    check_aliases,
    check_taxonomy,
    collect_notes,
    read_outlines,
)
from dlmap.text import Diagnostic, Severity, SourceFile


@dataclass(frozen=True, slots=True)
class LoadedSite:
    """A site as its files tell it."""

    config: Config
    texts: ParsedTexts
    taxonomy: Taxonomy
    library: ArticleIndex
    formulas: FormulaReport
    diagnostics: tuple[Diagnostic, ...]
    digests: Mapping[str, str]
    """Of the files that were read."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to make pages of."""
        return not (self.taxonomy.concepts or self.library.entries)


class Loader:
    """Where a site is understood, once or again and again: a context manager.

    Without `store_folder` nothing is kept for the next process; a workshop that `keep_in_memory` keeps what it read in its
    own memory.  What is understood can be used as long as the workshop is open.  No concept gets one of the
    `reserved_ids`.
    """

    def __init__(
        self,
        store_folder: Path | None,
        *,
        reserved_ids: frozenset[str],
        jobs: int = 1,
        keep_in_memory: bool = False,
    ) -> None:
        self.store = Store.open(store_folder)
        self._engine = LazyEngine(jobs)
        self.memo = MemoryCache()
        self._jobs = jobs
        self._reserved_ids = reserved_ids
        self._any_formulas = False
        self._lives_on = keep_in_memory

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.stop()
        self.store.close()

    def load(
        self, sources: Sources, known: Mapping[str, str], clock: StageTimer, *, drafts: bool = False
    ) -> LoadedSite:
        """Read the site.  `known` are the digests of files that have not changed since they were read."""
        config = sources.config
        clock.start("read")
        readings = TextReader(None if self._lives_on else self.store, self.memo, known)
        shelf = self._articles(sources, readings, drafts=drafts)
        texts = read_sources(sources, readings, shelf.lang)
        clock.start("taxonomy")
        taxonomy, found = self._taxonomy(texts, config)
        library, lost = make_library(
            shelf, article_link_context(texts, sources, taxonomy, self._reserved_ids)
        )
        clock.start("formulas")
        formulas, wrong = self._formulas(texts, library)
        clock.start("check")
        astray = check_documents(texts.documents, library)
        told = placed((*texts.diagnostics, *found, *lost, *astray, *wrong), library)
        return LoadedSite(
            config, texts, taxonomy, library, formulas, apply_severities(told, config), readings.digests
        )

    def read_outline(self, sources: Sources) -> tuple[Taxonomy, tuple[Diagnostic, ...]]:
        """Read the concepts alone: no articles, no formulas; with everything that is wrong with them."""
        texts = read_sources(sources, TextReader(None, self.memo, {}))
        taxonomy, found = self._taxonomy(texts, sources.config)
        return taxonomy, apply_severities((*texts.diagnostics, *found), sources.config)

    def _articles(self, sources: Sources, readings: TextReader, *, drafts: bool) -> ArticleSet:
        """The articles of a site, each read by itself."""
        shelf = read_shelf(
            sources.articles,
            sources.folder,
            sources.shown,
            self.store,
            pages=sources.pages,
            flavor=sources.config.flavor,
            jekyll=sources.jekyll,
            skip={file for _, file in sources.outlines},
            drafts=drafts,
            jobs=self._jobs,
            known=readings.known,
            memo=self.memo,
        )
        for article in shelf.articles:
            readings.note(shelf.bodies.files[article.path].file, article.digest)
        return shelf

    def _taxonomy(self, texts: ParsedTexts, config: Config) -> tuple[Taxonomy, tuple[Diagnostic, ...]]:
        """The taxonomy of a site's texts, and what is wrong with it."""
        outlines, found = read_outlines(texts.outlines, origin=config.origin or None, memo=self.memo)
        notes = collect_notes(texts.notes, memo=self.memo)
        taxonomy, diagnostics = assemble(
            outlines, texts.registry, notes, texts.languages, reserved_ids=self._reserved_ids, memo=self.memo
        )
        ids = taxonomy.concepts
        astray = check_aliases(config.aliases, ids, self._reserved_ids) if ids else ()
        checked = check_taxonomy(taxonomy, texts.accepted, memo=self.memo)
        return taxonomy, (*found, *diagnostics, *astray, *checked)

    def _formulas(
        self, texts: ParsedTexts, library: ArticleIndex
    ) -> tuple[FormulaReport, tuple[Diagnostic, ...]]:
        """Render each distinct formula once; report the broken ones wherever they stand.

        Texts whose formulas were all fine when this workshop last came to them are passed over.
        """
        articles = {(article.path, article.digest): article for article in library.texts()}
        entries = {Same(entry): entry for entry in texts.registry.entries.values()}
        with self.memo.reading("formulas") as recall:
            before = {each.source.path: recall.get(each.source.path) for each in texts.documents}
            new_documents = [each for each in texts.documents if each is not before[each.source.path]]
            new_articles = [article for key, article in articles.items() if key not in recall]
            new_entries = [entry for key, entry in entries.items() if key not in recall]

            def uses() -> Iterator[FormulaUse]:
                for document in new_documents:
                    yield from formulas_of(document, before[document.source.path])
                yield from registry_formulas(texts.registry.source, new_entries)
                yield from formulas_in(library, new_articles)

            formulas, wrong = render_all(uses, self.store, self._engine, any_before=self._any_formulas)
            self._any_formulas = formulas.outcomes.any_rendered
            broken = {diagnostic.file for diagnostic in wrong}
            for document in texts.documents:
                # What was wrong before may still be so where nothing was touched.
                recall.keep(document.source.path, None if document.source.path in broken else document)
            paths = chain(
                ((key, key[0]) for key in articles),
                ((key, texts.registry.source.path) for key in entries) if texts.registry.source else (),
            )
            for key, path in paths:
                if path not in broken:
                    recall.keep(key, True)
        return formulas, wrong


def article_link_context(
    texts: ParsedTexts, sources: Sources, taxonomy: Taxonomy, reserved_ids: frozenset[str]
) -> LinkContext:
    """What articles can link to, beside one another."""
    return LinkContext(
        sources.folder,
        texts.languages,
        sources.config.origin or taxonomy.origin or "",
        taxonomy.concepts.keys(),
        occupied_slugs(taxonomy, reserved_ids) if sources.pages else {},
        outline_addresses(
            ((Path(document.source.path), document) for _, document in texts.outlines),
            sources.jekyll.permalink,
        ),
        sources.config.remote_images,
    )


def occupied_slugs(taxonomy: Taxonomy, reserved_ids: frozenset[str]) -> Mapping[str, str]:
    """The names of pages that the site's own pages cannot have, and what has each."""
    concepts = (concept for concept in taxonomy.concepts.values() if concept.kind.has_page)
    places = {each.id: "the concept at {}:{}".format(*each.source) for each in concepts}
    return {**dict.fromkeys(reserved_ids - {"about"}, "a page that dlmap makes"), **places}


def registry_formulas(source: SourceFile | None, entries: Iterable[RegistryEntry]) -> Iterator[FormulaUse]:
    """The formulas of the summaries in a registry; the place of each is its entry."""
    for entry in entries if source else ():
        for text in entry.summary.values():
            if "$" in text and source:
                document, _ = parse_document(SourceFile(source.path, text))
                for use in formulas_of(document):
                    yield use._replace(source=source, span=entry.span)


def render_all(
    uses: Callable[[], Iterable[FormulaUse]], store: Store, engine: LazyEngine, *, any_before: bool
) -> tuple[FormulaReport, tuple[Diagnostic, ...]]:
    """Render each distinct formula once; report the broken ones wherever they stand."""
    formulas = render_stored(
        (Formula(use.tex, use.display) for use in uses()), store, engine, any_before=any_before
    )
    failures = formulas.outcomes.failures
    # The places are not kept meanwhile, for there may be hundreds of thousands of them, and mostly nothing is wrong.
    return formulas, tuple(
        _formula_error(use, failures[formula])
        for use in (uses() if failures else ())
        if (formula := Formula(use.tex, use.display)) in failures
    )


def _formula_error(use: FormulaUse, error: FormulaError) -> Diagnostic:
    at = "" if error.position is None else f" at character {error.position + 1} of the formula"
    return Diagnostic(
        "DL401",
        f"formula: {error.message}{at}",
        formula_help(error.message, use.tex),
        use.source,
        use.span,
    )


def apply_severities(diagnostics: Iterable[Diagnostic], config: Config) -> tuple[Diagnostic, ...]:
    """The diagnostics in order, each once, with the severities that the site's `[check]` table gives."""
    judged = (replace(diagnostic, override=config.check.get(diagnostic.code)) for diagnostic in diagnostics)
    kept = (diagnostic for diagnostic in judged if diagnostic.severity is not Severity.OFF)
    return tuple(sorted(dict.fromkeys(kept), key=Diagnostic.sort_key))
