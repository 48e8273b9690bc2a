"""Names in running text that are not bold: plain members of a run (最大池化), and runs in code, italics or plain letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from dlmap.markdown import InlineText, Mark, MarkKind
from dlmap.markdown.cjk import has_han
from dlmap.markdown.inline import FILLER
from dlmap.taxonomy.bold_spans import BoldSpan, Sentences, in_source
from dlmap.taxonomy.name_runs import Run, Site, find_plain_runs
from dlmap.taxonomy.name_shape import name_shape
from dlmap.taxonomy.name_slots import CUES, SENTENCE_END, Words
from dlmap.taxonomy.span_features import METHOD_HEAD, METHOD_NOUNS_ZH, METHOD_TAIL, Surroundings, shape_of
from dlmap.taxonomy.span_model import SpanDecision
from dlmap.taxonomy.span_vetoes import veto_of

_COINED = ("coined", "upper")
_LATIN_NAMES = (*_COINED, "capital", "title")
_NOT_IN_NAME = re.compile(
    rf"[的了着{FILLER}]|其中|此外|以及|(?<![恒相均同对平])等$|^(?:从|对|在|以|由|与|和|及|但|而|并|也|还|又|可|不)"
)
_AND_SO_ON = re.compile(
    rf"\s*(?:(?<![恒相均同对平])等(?:等|多种|各种|一系列)?(?:{METHOD_NOUNS_ZH})?|etc\.?|and\s+(?:so\s+on|others|more))$",
    re.IGNORECASE,
)
_ENUMERATION = re.compile(rf"(?:{'|'.join(CUES.values())}|[:：]|等)", re.IGNORECASE)
_CONJUNCTION = re.compile(r"\s*,?\s+(?:and|or)\s+|\s*(?:以及|和|与|及)\s*")
_CLAUSE_BEHIND = re.compile(
    r"\s*[,，、]?\s*(?:and|or|和|与|以及)?\s*(?P<name>[A-Za-z][\w.+-]*)\s+(?:are|is|were|was|can|have|all|both)\b"
)
_SEPARATOR = re.compile(r"[、,，/]|和|与|\band\b")
_PLAIN = 0.8
"""How sure a run without any mark is."""
_SHORTEST_HAN, _LONGEST_HAN, _LONGEST_LATIN = 3, 14, 40
_TOPIC, _NAME = 0.15, 0.6


def marked_spans(inline: InlineText, start: int) -> tuple[BoldSpan, ...]:
    """The code and italic spans of a text without bold ones: some authors write names so."""
    sentences = Sentences(inline, start)
    marks = [
        mark for mark in inline.marks if mark.kind in (MarkKind.CODE, MarkKind.ITALIC) and mark.start >= start
    ]
    spans: list[BoldSpan] = []
    for mark in marks:
        words = inline.words(mark)
        if words and (not spans or mark.start >= spans[-1].end):
            spans.append(BoldSpan(mark.start, mark.end, words, mark, sentences.around(mark.start)))
    return tuple(spans)


def is_marked_name(site: Site, decision: SpanDecision, around: Surroundings) -> bool:
    """Whether a code or italic span is a method: only in a run of names with a lead-in, as both mark other things too."""
    run = site.run
    shapes = [shape_of(around.words[each.index]) for each in run.sites]
    has_lead = run.cue in CUES or run.cue == "colon" or (run.cue == "start" and around.after_label)
    is_coined = all(shape in _LATIN_NAMES for shape in shapes) and any(shape in _COINED for shape in shapes)
    return decision.is_named and has_lead and is_coined and len(shapes) > 1


def plain_members(
    inline: InlineText, around: Surroundings, sites: Sequence[Site], decisions: Sequence[SpanDecision]
) -> Iterator[tuple[BoldSpan, SpanDecision]]:
    """The plain members of the runs whose bold members are methods."""
    seen: set[int] = set()
    for site in sites:
        run = site.run
        if id(run) in seen or not run.plain:
            continue
        seen.add(id(run))
        decision = decisions[run.sites[0].index] if run.sites else None
        if decision is None or not decision.is_named or decision.reason != "model":
            continue
        endings = _endings(run)
        first, last = (around.spans[run.sites[end].index][0] for end in (0, -1))
        for words in run.plain:
            is_between = first < words.start < last
            is_listed = words.start < first and _has_lead(run, around)
            is_sibling = words.start > last and inline.text[words.start - 1 : words.start] in (
                "、",
                ",",
                "，",
                " ",
            )
            is_member = is_between or is_listed or is_sibling
            span = _as_span(inline, words, around) if is_member else None
            if span is not None and _is_sure(span.words, endings):
                yield (
                    span,
                    SpanDecision(decision.kind, decision.probability, "sibling", decision.features),
                )


def _endings(run: Run) -> Counter[str]:
    """How often the members of a run end alike: `**Xavier**初始化、正交初始化`."""
    plain = [words.text for words in run.plain]
    beside = [word for site in run.sites for word in (site.lead, site.tail) if word]
    return Counter(word[-2:] for word in (*plain, *beside))


def _is_sure(words: str, endings: Counter[str]) -> bool:
    """Whether a plain member is a name by its own ending, or ends as a sibling does."""
    if not has_han(words):
        return shape_of(words) in _COINED
    return name_shape(words).score >= _NAME or endings[words[-2:]] > 1


def plain_runs(inline: InlineText, around: Surroundings) -> Iterator[tuple[BoldSpan, SpanDecision]]:
    """The members of runs in which nothing is bold, where a noun or a cue says that they are methods."""
    for sentence, begin, end in _plain_sentences(inline, around):
        for run in find_plain_runs(inline.masked, begin, end):
            _split_last(run, inline.masked, end)
            if _holds_methods(run, (sentence, begin, end), around):
                spans = [_as_span(inline, words, around) for words in run.plain]
                kind = "metric" if "指标" in inline.masked[sentence : run.begin] else "method"
                for span in filter(None, spans):
                    yield span, SpanDecision(kind, _PLAIN, "plain")


def _plain_sentences(inline: InlineText, around: Surroundings) -> Iterator[tuple[int, int, int]]:
    """The sentences that enumerate something without bold, except in a label: start, where their text begins, end."""
    begin = around.start
    at = 0
    for stop in (*SENTENCE_END.finditer(inline.masked, begin), None):
        end = stop.end() if stop else len(inline.masked)
        text = begin
        while at < len(around.spans) and around.spans[at][0] < end:
            is_label = around.words[at].endswith(("：", ":"))  # **代表模型：** A、B
            text = around.spans[at][1] if is_label else end
            at += 1
        if text < end and _SEPARATOR.search(inline.masked, text, end):
            is_labelled = text > begin or (begin == around.start and around.after_label)
            if is_labelled or _ENUMERATION.search(inline.masked, begin, end):
                yield begin, text, end
        begin = end


def _holds_methods(run: Run, place: tuple[int, int, int], around: Surroundings) -> bool:
    """Whether a plain run is one of methods; `place` is its sentence as `_plain_sentences` gives it."""
    sentence, begin, end = place
    is_label = run.cue == "start" and (begin > sentence or (begin == around.start and around.after_label))
    lead = around.masked[sentence : max(begin, run.begin)]
    if begin == around.start and run.cue == "start":
        lead = around.intro or around.masked[: around.start]
    behind = around.masked[run.plain[-1].end : end]
    names = [name for words in run.plain if (name := _AND_SO_ON.sub("", words.text))]
    shapes = [shape_of(name) for name in names]
    if not (run.cue in CUES or run.cue == "colon" or is_label) or veto_of(lead, behind):
        return False
    has_noun = bool(METHOD_HEAD.search(lead)) or bool(METHOD_TAIL.match(behind))
    coined = sum(shape in _COINED for shape in shapes)
    if all(shape in _LATIN_NAMES for shape in shapes) and 2 * coined >= len(shapes):
        return has_noun or run.cue == "such as" or is_label
    # Chinese names without bold are names only where the author marks none: elsewhere they are words.
    has_bold = any(not words.endswith(("：", ":")) for words in around.words)
    return has_noun and not has_bold and all(map(_is_name, names))


def _split_last(run: Run, masked: str, end: int) -> None:
    """Cut `C4.5 和 CART` in two, and the clause off behind the last member: `MAE and Huber are common`."""
    last = run.plain[-1]
    behind = _CLAUSE_BEHIND.match(masked, last.end, end)
    text = masked[last.start : last.end]
    if conjunction := _CONJUNCTION.search(text):
        cut = last.start + conjunction.start()
        rest = last.start + conjunction.end()
        tail = masked[rest : last.end]
        if text[: conjunction.start()].strip() and tail.strip():
            run.plain[-1:] = [
                Words(last.start, cut, masked[last.start : cut].strip()),
                Words(rest, last.end, tail.strip()),
            ]
    elif behind:
        run.plain.append(Words(behind.start("name"), behind.end("name"), behind["name"]))


def _has_lead(run: Run, around: Surroundings) -> bool:
    """Whether a cue, a colon or a label opens a run."""
    return run.cue in CUES or run.cue == "colon" or (run.cue == "start" and around.after_label)


def _is_name(words: str) -> bool:
    """Whether plain words can be a name."""
    if not has_han(words):
        return shape_of(words) in _LATIN_NAMES and len(words) <= _LONGEST_LATIN
    shape = name_shape(words)
    is_fit = _SHORTEST_HAN <= len(words) <= _LONGEST_HAN and not _NOT_IN_NAME.search(words)
    return is_fit and not shape.is_topic and shape.score > _TOPIC


def _as_span(inline: InlineText, words: Words, around: Surroundings) -> BoldSpan | None:
    """A plain member as a span; None where its words are no name."""
    text = inline.text[words.start : words.end]
    start = words.start + len(text) - len(text.lstrip())
    name = _AND_SO_ON.sub("", text.strip())
    end = start + len(name)
    if not _is_name(name):
        return None
    source = inline.span._replace(start=in_source(inline, start), end=in_source(inline, end, is_end=True))
    sentence = Sentences(inline, around.start).around(start)
    return BoldSpan(start, end, name, Mark(MarkKind.BOLD, start, end, source), sentence)
