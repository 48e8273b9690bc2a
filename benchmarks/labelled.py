"""Bold spans with a label that somebody gave them by hand: outlines with a spans.tsv, and sentences of our own."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dlmap.markdown import InlineText, MarkKind, parse_document
from dlmap.taxonomy import section
from dlmap.taxonomy.bold_spans import BoldSpan
from dlmap.taxonomy.members import surroundings_of
from dlmap.taxonomy.outline import read_outline
from dlmap.taxonomy.span_model import decide_spans
from dlmap.text import SourceFile

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
SENTENCES = ROOT / "tests" / "outlines" / "spans" / "sentences.tsv"
_POSITIVE = ("method", "metric")
_NAMES = (
    *("Korvex", "DualNet", "GRASP", "LatentFlow", "S3-Mix", "PixPool v2", "Sparse Router", "TRAM"),
    *("Meta Anchor Loss", "iBind", "WaveFormer", "ORB-Seg", "Nimbus", "QK-Norm", "Deep Lattice", "HALO"),
)


@dataclass(frozen=True, slots=True)
class LabelledSpan:
    """A bold span of a labelled text."""

    words: str
    source: str
    line: int
    text: str
    is_named: bool | None
    """Whether it is a method or a metric; None where the label does not count."""
    features: tuple[str, ...]
    run: int
    """Siblings have one number."""
    run_size: int
    by_model: bool
    """Whether the model decides it, and no veto."""


def outlines() -> dict[str, tuple[Path, Path]]:
    """The outlines with labels: text and spans.tsv, by name."""
    folders = [
        ROOT / "tests" / "outlines" / "long",
        SHARED / "seed",
        *sorted(SHARED.glob("outlines/corpus/*")),
    ]
    pairs = (
        (folder.name, next(iter(sorted(folder.glob("*outline.md"))), None), folder / "spans.tsv")
        for folder in folders
    )
    return {
        name: (text, truth)
        for name, text, truth in pairs
        if text and truth.is_file() and name in ("long", "seed")
    }


def outline_spans(text: Path, truth: Path) -> tuple[LabelledSpan, ...]:
    """The labelled spans of an outline."""
    with truth.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    labels: dict[tuple[int, str], list[dict[str, str]]] = {}
    for row in rows:
        labels.setdefault((int(row["line"]), row["span"]), []).append(row)
    return tuple(_spans(SourceFile(text.name, text.read_text("utf-8")), labels))


def sentence_spans(which: str, lang: str) -> tuple[LabelledSpan, ...]:
    """The spans of our own sentences; `which` is `train` or `test`."""
    found: list[LabelledSpan] = []
    for number, row in enumerate(SENTENCES.read_text("utf-8").splitlines()[1:]):
        group, language, text = row.split("\t")
        if (group, language) == (which, lang):
            source = SourceFile(f"{number}.md", f"# P\n\n## T\n\n### F\n\n{with_names(text, number, lang)}\n")
            found += _spans(source, None, len(found))
    return tuple(found)


def with_names(text: str, number: int, lang: str) -> str:
    """A sentence with made-up names: `@1` stands for one, `@` for three in a row."""
    names = (f"**{_NAMES[(3 * number + i) % len(_NAMES)]}**{{.method}}" for i in range(100))
    while "@1" in text:
        text = text.replace("@1", next(names), 1)
    while "@" in text:
        comma = (", ", "、", "，")[number % 3] if lang == "zh" else ", "
        last = (comma if number % 2 else "和") if lang == "zh" else " and "
        text = text.replace("@", f"{next(names)}{comma}{next(names)}{last}{next(names)}", 1)
    return text


@contextmanager
def _texts() -> Iterator[list[tuple[InlineText, int, dict[str, object]]]]:
    """Note every text in which the reader looks for names."""
    texts: list[tuple[InlineText, int, dict[str, object]]] = []
    original = section.find_members

    def noting(inline: InlineText, start: int = 0, **context: object) -> object:
        texts.append((inline, start, context))
        return original(inline, start, **context)  # type: ignore[arg-type]

    section.find_members = noting  # type: ignore[assignment]
    try:
        yield texts
    finally:
        section.find_members = original


def _spans(
    source: SourceFile, labels: dict[tuple[int, str], list[dict[str, str]]] | None, first_run: int = 0
) -> Iterator[LabelledSpan]:
    with _texts() as texts:
        read_outline(parse_document(source)[0])
    numbers: dict[tuple[int, int], int] = {}
    for place, (inline, start, context) in enumerate(texts):
        spans, around = surroundings_of(inline, start, **context)  # type: ignore[arg-type]
        if not spans:
            continue
        sites, decisions = decide_spans(around)
        for site, decision in zip(sites, decisions, strict=True):
            span = spans[site.index]
            if labels is None:
                label = "method" if "method" in span.mark.classes else "term"
            else:
                label = _label(labels, inline, span, source.line_of(span.mark.span))
            yield LabelledSpan(
                span.words,
                source.path,
                source.line_of(span.mark.span),
                inline.text[max(0, span.start - 30) : span.end + 20],
                None if not label else label in _POSITIVE,
                decision.features,
                numbers.setdefault((place, id(site.run)), first_run + len(numbers)),
                max(1, len(site.run.sites)),
                decision.reason == "model",
            )


def _label(
    labels: dict[tuple[int, str], list[dict[str, str]]], inline: InlineText, span: BoldSpan, line: int
) -> str:
    """The label of a span; empty where it does not count."""
    words = inline.words(span.mark)
    rows = labels.get((line, words)) or labels.get((line, span.words)) or []
    if not rows:
        return ""
    same = [mark.start for mark in inline.of(MarkKind.BOLD) if inline.words(mark) == words]
    row = rows[min(same.index(span.mark.start), len(rows) - 1)]
    return row["label"] if row["scored"] == "yes" else ""
