"""The glossary: every pair of a Chinese term and its English rendering, from labels and text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.kinds import Kind
from dlmap.taxonomy.model import Taxonomy, Term
from dlmap.text import Diagnostic, Span

_PLURAL = re.compile(r"(?<=[a-z]{3})(?<!s)s\b")
_SENTENCE_CASE = re.compile(r"[A-Z][a-z]+")


@dataclass(frozen=True, slots=True)
class TermPair:
    """A Chinese term with its English rendering."""

    zh: str
    en: str
    concepts: tuple[str, ...]
    """The concepts that are called so; where none is, those whose text says it."""
    is_name: bool
    """Whether concepts are called so."""


def glossary(taxonomy: Taxonomy) -> tuple[TermPair, ...]:
    """Every pair once; renderings that differ in case, number or hyphens are one."""
    named: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    told: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    words: dict[tuple[str, str], list[str]] = defaultdict(list)
    for concept in taxonomy.concepts.values():
        zh, en = concept.label.get("zh", ""), concept.label.get("en", "")
        if has_han(zh) and en and not has_han(en):
            key = zh, english_key(en)
            named[key][concept.id] = None
            words[key].append(en)
    for term in taxonomy.terms:
        key = term.zh, english_key(term.en)
        told[key][term.concept] = None
        words[key].append(term.en)
    return tuple(
        TermPair(pair[0], _as_term(spellings), tuple(named.get(pair) or told[pair]), pair in named)
        for pair, spellings in words.items()
    )


def english_key(rendering: str) -> str:
    """What two spellings of one rendering share: case, number, hyphens and spaces do not tell terms apart."""
    return _PLURAL.sub("", re.sub(r"[\s\-‐–]+", " ", rendering.casefold()).strip())


def _as_term(spellings: Iterable[str]) -> str:
    """The spelling of running text, in the singular, rather than that of a title."""
    return min(spellings, key=lambda words: (len(_SENTENCE_CASE.findall(words)), len(words), words))


def check_renderings(taxonomy: Taxonomy) -> Iterator[Diagnostic]:
    """Report terms that the text renders in two ways, in either language."""
    terms = [term for term in taxonomy.terms if not _is_approach(term, taxonomy)]
    yield from _differing(terms, {id(term): (term.zh, english_key(term.en), term.en) for term in terms})
    yield from _differing(terms, {id(term): (english_key(term.en), term.zh, term.zh) for term in terms})


def _is_approach(term: Term, taxonomy: Taxonomy) -> bool:
    """Whether it is the label of an approach: `结构 (structure)` is short for something else in each family."""
    concept = taxonomy.concepts[term.concept]
    return concept.kind is Kind.APPROACH and concept.label.get("zh") == term.zh


def _differing(terms: Iterable[Term], sides: Mapping[int, tuple[str, str, str]]) -> Iterator[Diagnostic]:
    """`sides` has for each term: what is rendered, its rendering as it is compared, and as it is written."""
    first: dict[str, Term] = {}
    reported: set[tuple[str, str]] = set()
    for term in terms:
        rendered, key, words = sides[id(term)]
        before = first.setdefault(rendered, term)
        _, key_before, words_before = sides[id(before)]
        # 自注意力模型 beside 自注意力 is a longer name of it, no other rendering.
        if key in key_before or key_before in key or (rendered, key) in reported:
            continue
        reported.add((rendered, key))
        name = term.zh if rendered == term.zh else term.en
        yield Diagnostic(
            "DL507",
            f"`{name}` is rendered as `{words}` here, as `{words_before}` elsewhere",
            "use one rendering; or tell the two meanings apart in the term itself",
            term.source,
            _gloss_span(term),
        )


def _gloss_span(term: Term) -> Span:
    """Where the gloss itself stands; the whole block where marks inside the term hide it."""
    written = term.source.written(term.span)
    found = re.search(rf"{re.escape(term.zh)}\**\s*[(（]\**\s*(?P<gloss>{re.escape(term.en)})", written)
    if found is None:
        return term.span
    begin = term.span.start + found.start("gloss")
    return term.span._replace(start=begin, end=begin + len(term.en))
