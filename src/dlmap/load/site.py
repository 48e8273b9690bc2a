"""Load a site: from its files to its concepts and articles, and everything that is wrong with them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
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
from dlmap.cache import Cache
from dlmap.cache.memory import IdentityKey
from dlmap.config import Config
from dlmap.load.discover import Sources
from dlmap.load.formulas import FormulaReport, LazyEngine, report_formulas
from dlmap.load.read import ParsedTexts, read_texts
from dlmap.markdown import FormulaUse, formulas_of, parse_document
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
class OutlineResult:
    """What the outlines of a site say, and what is wrong with them."""

    taxonomy: Taxonomy
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class LoadedSite:
    """A site as its files describe it."""

    sources: Sources
    texts: ParsedTexts
    taxonomy: Taxonomy
    articles: ArticleIndex
    formulas: FormulaReport
    diagnostics: tuple[Diagnostic, ...]

    @property
    def config(self) -> Config:
        """The settings of the site."""
        return self.sources.config

    @property
    def text_files(self) -> frozenset[str]:
        """The files whose texts were read, in their real folders: an edit of one of them leaves `sources` as they are."""
        sources = self.sources
        single = (*sources.registry, *((sources.translations,) if sources.translations else ()))
        files = chain(
            (file for _, file in sources.outlines),
            self.texts.included,
            (file for _, _, file in sources.notes),
            single,
            (each.file for each in self.articles.bodies.files.values()),
        )
        real_folder = cache(os.path.realpath)
        return frozenset(os.path.join(real_folder(file.parent), file.name) for file in files)  # noqa: PTH118

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to make pages of."""
        return not (self.taxonomy.concepts or self.articles.entries)

    @property
    def is_final(self) -> bool:
        """Whether loading the same files again could only give the same."""
        return self.formulas.is_final


class Loader:
    """Loads a site, once or after each edit; what has not changed comes from the cache.  A context manager.

    What was loaded can be used as long as the loader and its cache are open.  No concept gets one of the `reserved_ids`.
    """

    def __init__(self, cache: Cache, *, reserved_ids: frozenset[str], jobs: int = 1) -> None:
        self.cache = cache
        self._engine = LazyEngine(jobs)
        self._jobs = jobs
        self._reserved_ids = reserved_ids
        self._any_formulas = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._engine.stop()

    def load(self, sources: Sources, *, drafts: bool = False, timer: StageTimer | None = None) -> LoadedSite:
        """Read every text of the site, and see what it says and what is wrong with it.  Raises `EngineError`."""
        timer = timer or StageTimer()
        config = sources.config
        with timer("read"):
            article_set = self._articles(sources, drafts=drafts)
            texts = read_texts(sources, self.cache, article_set.languages)
        with timer("taxonomy"):
            outline = self._outline(texts, config)
            link_context = article_link_context(texts, sources, outline.taxonomy, self._reserved_ids)
            articles, article_diagnostics = make_library(article_set, link_context)
        with timer("formulas"):
            formulas, formula_diagnostics = self._formulas(texts, articles)
        with timer("check"):
            diagnostics = (
                *texts.diagnostics,
                *outline.diagnostics,
                *article_diagnostics,
                *check_documents(texts.documents, articles),
                *formula_diagnostics,
            )
            diagnostics = apply_severities(placed(diagnostics, articles), config)
        return LoadedSite(sources, texts, outline.taxonomy, articles, formulas, diagnostics)

    def load_outline(self, sources: Sources) -> OutlineResult:
        """Read the concepts alone: no articles, no formulas; with everything that is wrong with them."""
        texts = read_texts(sources, self.cache)
        outline = self._outline(texts, sources.config)
        diagnostics = apply_severities((*texts.diagnostics, *outline.diagnostics), sources.config)
        return OutlineResult(outline.taxonomy, diagnostics)

    def _articles(self, sources: Sources, *, drafts: bool) -> ArticleSet:
        """The articles of a site, each read by itself."""
        return read_shelf(
            sources.articles,
            sources.folder,
            sources.shown,
            self.cache,
            pages=sources.pages,
            flavor=sources.config.flavor,
            jekyll=sources.jekyll,
            skip={file for _, file in sources.outlines},
            drafts=drafts,
            jobs=self._jobs,
        )

    def _outline(self, texts: ParsedTexts, config: Config) -> OutlineResult:
        """The taxonomy of a site's texts, and what is wrong with it."""
        memory = self.cache.memory
        outlines, outline_diagnostics = read_outlines(
            texts.outlines, origin=config.origin or None, memo=memory
        )
        notes = collect_notes(texts.notes, memo=memory)
        taxonomy, diagnostics = assemble(
            outlines, texts.registry, notes, texts.languages, reserved_ids=self._reserved_ids, memo=memory
        )
        ids = taxonomy.concepts
        alias_diagnostics = check_aliases(config.aliases, ids, self._reserved_ids) if ids else ()
        checks = check_taxonomy(taxonomy, texts.accepted, memo=memory)
        return OutlineResult(taxonomy, (*outline_diagnostics, *diagnostics, *alias_diagnostics, *checks))

    def _formulas(
        self, texts: ParsedTexts, articles: ArticleIndex
    ) -> tuple[FormulaReport, tuple[Diagnostic, ...]]:
        """Render each distinct formula once; report the broken ones wherever they are.

        Texts whose formulas were all fine when this loader last came to them are passed over.
        """
        by_version = {(article.path, article.digest): article for article in articles.texts()}
        entries = {IdentityKey(entry): entry for entry in texts.registry.entries.values()}
        with self.cache.memory.generation("formulas") as memory:
            before = {each.source.path: memory.get(each.source.path) for each in texts.documents}
            new_documents = [each for each in texts.documents if each is not before[each.source.path]]
            new_articles = [article for key, article in by_version.items() if key not in memory]
            new_entries = [entry for key, entry in entries.items() if key not in memory]

            def uses() -> Iterator[FormulaUse]:
                for document in new_documents:
                    yield from formulas_of(document, before[document.source.path])
                yield from registry_formulas(texts.registry.source, new_entries)
                yield from formulas_in(articles, new_articles)

            formulas, diagnostics = report_formulas(
                uses, self.cache, self._engine, any_before=self._any_formulas
            )
            self._any_formulas = formulas.results.any_rendered
            broken = {diagnostic.file for diagnostic in diagnostics}
            for document in texts.documents:
                # What was wrong before may still be so where nothing was touched.
                source = document.source
                memory.put(source.path, document if broken.isdisjoint(source.files) else None)
            registry = texts.registry.source
            is_fine = registry is not None and broken.isdisjoint(registry.files)
            for key in chain((key for key in by_version if key[0] not in broken), entries if is_fine else ()):
                memory.put(key, True)
        return formulas, diagnostics


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


def apply_severities(diagnostics: Iterable[Diagnostic], config: Config) -> tuple[Diagnostic, ...]:
    """The diagnostics in order, each once, with the severities that the site's `[check]` table gives."""
    configured = (
        replace(diagnostic, override=config.check.get(diagnostic.code)) for diagnostic in diagnostics
    )
    enabled = (diagnostic for diagnostic in configured if diagnostic.severity is not Severity.OFF)
    return tuple(sorted(dict.fromkeys(enabled), key=Diagnostic.sort_key))
