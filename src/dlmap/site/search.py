"""What the search loads: which files there are, and what of the map and the articles stands in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from dlmap.articles import ArticleBodies, ArticleIndex, ArticleText
from dlmap.cache.memory import MemoryCache
from dlmap.javascript import Run
from dlmap.search import Passages, SearchEntry, engine_script, names_file, texts_file
from dlmap.site.urls import ConceptLinks
from dlmap.taxonomy import NAMED, Concept, Taxonomy

Item = TypeVar("Item")

SHARD_CHARACTERS = 300_000
"""Of text in one file: less than a megabyte, as a Chinese character takes three bytes."""


def search_files(
    taxonomy: Taxonomy, library: ArticleIndex, refs: ConceptLinks, ask: Run, memo: MemoryCache
) -> Mapping[str, Callable[[], bytes]]:
    """Site path to what makes the content.  Nothing of it is made before it is asked for."""
    if not taxonomy.concepts and not library.entries:
        return {}
    texts = {lang: _files(lang, taxonomy, library, memo) for lang in taxonomy.languages}
    names = {lang: tuple(path.removeprefix("search/") for path in files) for lang, files in texts.items()}
    named = [kind.value for kind in NAMED]
    return {
        "search/names.json": lambda: names_file(
            _entries(taxonomy, refs), taxonomy.languages, named, names, ask
        ),
        **{path: make for files in texts.values() for path, make in files.items()},
        "assets/search-engine.js": engine_script,
    }


def _files(
    lang: str, taxonomy: Taxonomy, library: ArticleIndex, memo: MemoryCache
) -> Mapping[str, Callable[[], bytes]]:
    # The titles of papers are English as a rule; a site without English has them all the same.
    with_papers = lang == ("en" if "en" in taxonomy.languages else taxonomy.languages[0])
    concepts = tuple(enumerate(taxonomy.concepts.values()))
    entries = (*library.pages, *library.entries)
    articles = tuple((entry.path, entry.texts[lang]) for entry in entries if lang in entry.texts)
    with memo.generation("extents", lang) as recall:
        extent = partial(_extent, lang=lang)
        parts = tuple(_runs(concepts, lambda item: recall.of(item[1], extent)))
    makers: list[Callable[[], bytes]] = [
        partial(_concept_texts, lang, part, with_papers=with_papers) for part in parts
    ]
    makers += [
        partial(_article_texts, lang, part, library.bodies)
        for part in _runs(articles, lambda item: item[1].extent)
    ]
    return {f"search/{lang}-{number}.json": make for number, make in enumerate(makers, 1)}


def _runs(items: Iterable[Item], size: Callable[[Item], int]) -> Iterator[tuple[Item, ...]]:
    """The items in order, cut where a file would grow too large."""
    run: list[Item] = []
    total = 0
    for item in items:
        extent = size(item)
        if run and total + extent > SHARD_CHARACTERS:
            yield tuple(run)
            run, total = [], 0
        run.append(item)
        total += extent
    if run:
        yield tuple(run)


def _extent(concept: Concept, lang: str) -> int:
    """About how many characters a concept's passages have, without making them."""
    return len(concept.summary.get(lang, "")) + sum(
        block.span.end - block.span.start for block in concept.blocks(lang)
    )


def _entries(taxonomy: Taxonomy, refs: ConceptLinks) -> tuple[SearchEntry, ...]:
    numbers = {concept_id: number for number, concept_id in enumerate(taxonomy.concepts)}
    founded = Counter(target for concept in taxonomy.concepts.values() for target in concept.based_on)
    first = taxonomy.languages[0]
    return tuple(
        SearchEntry(
            path=refs.path(concept.id, first).removeprefix(f"{first}/"),
            kind=concept.kind.value,
            hue=refs.hues.get(concept.id, 0),
            parent=numbers[concept.broader[0]] if concept.broader else -1,
            labels=tuple(concept.label.get(lang, "") for lang in taxonomy.languages),
            others=tuple(dict.fromkeys(filter(None, (*concept.alt, concept.expansion)))),
            weight=len(refs.members(concept.id))
            + founded[concept.id]
            + len(concept.mentioned_by)
            + len(concept.namings),
        )
        for concept in taxonomy.concepts.values()
    )


def _concept_texts(lang: str, concepts: Sequence[tuple[int, Concept]], *, with_papers: bool) -> bytes:
    passages = (
        Passages(number, _lines(concept, lang, with_papers=with_papers)) for number, concept in concepts
    )
    return texts_file(lang, passages, ())


def _lines(concept: Concept, lang: str, *, with_papers: bool) -> tuple[str, ...]:
    lines = [inner.inline.text for block in concept.blocks(lang) for inner in block.walk()]
    if with_papers and concept.paper:
        lines.append(concept.paper.title)
    return tuple(dict.fromkeys(line for line in (concept.definition(lang), *lines) if line.strip()))


def _article_texts(lang: str, articles: Sequence[tuple[str, ArticleText]], bodies: ArticleBodies) -> bytes:
    texts = bodies.of_all(article for _, article in articles)
    passages = (
        Passages(-number, tuple(line for line in (article.summary, *body.text.split("\n")) if line.strip()))
        for number, (article, body) in enumerate(texts, 1)
    )
    titles = tuple((path, article.title) for path, article in articles)
    return texts_file(lang, passages, titles)
