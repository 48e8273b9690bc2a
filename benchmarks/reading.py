"""Score how the reader tells methods in running text: print the table that docs/reading.md shows.

Usage: python benchmarks/reading.py [--show]     (--show prints what is misread)

Each labelled outline is read with weights trained on all the others (leave one out), and with the weights of the package.
The sentences are our own: natural ways to lead in to three bold names, and bold words that are no names; the last
two rows are held out of training.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from itertools import groupby

from dlmap.taxonomy.span_model import log_odds, weights
from labelled import LabelledSpan, sentence_spans
from train_spans import train, training_sets


def read(spans: Sequence[LabelledSpan], known: Mapping[str, float]) -> list[bool]:
    """Which spans are named methods by these weights; siblings get one answer."""
    odds: dict[int, list[float]] = {}
    for span in spans:
        if span.by_model:
            odds.setdefault(span.run, []).append(log_odds(span.features, known))
    return [span.by_model and sum(odds[span.run]) > 0 for span in spans]


def score(
    spans: Sequence[LabelledSpan], known: Mapping[str, float], *, show: bool
) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    answers = [
        (span, answer)
        for span, answer in zip(spans, read(spans, known), strict=True)
        if span.is_named is not None
    ]
    hits = sum(answer and bool(span.is_named) for span, answer in answers)
    precision = hits / max(1, sum(answer for _, answer in answers))
    recall = hits / max(1, sum(bool(span.is_named) for span, _ in answers))
    for span, answer in answers:
        if show and answer != span.is_named:
            sign = "wrong " if answer else "missed"
            print(
                f"    {sign} {span.line}: {span.words}   [{log_odds(span.features, known):+.2f}]  …{span.text}…"
            )
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def lead_ins(which: str, lang: str) -> tuple[int, int]:
    """How many lead-ins to names are read in full, and how many there are."""
    spans = sentence_spans(which, lang)
    answers = zip(spans, read(spans, weights()), strict=True)
    sentences = [list(group) for _, group in groupby(answers, key=lambda pair: pair[0].source)]
    named = [group for group in sentences if any(span.is_named for span, _ in group)]
    return sum(all(answer == span.is_named for span, answer in group) for group in named), len(named)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--show", action="store_true", help="print what is misread")
    show = parser.parse_args().show
    sets = training_sets()
    print("| text | names | others | leave one out: precision | recall | F1 | as shipped: F1 |")
    print("| --- | --: | --: | --: | --: | --: | --: |")
    for name, spans in sets.items():
        others = train(span for other, group in sets.items() if other != name for span in group)
        left_out = score(spans, others, show=show)
        print(row(name, spans, left_out, score(spans, weights(), show=show)[2]))
    for lang in ("zh", "en"):
        spans = sentence_spans("test", lang)
        figures = score(spans, weights(), show=show)
        print(row(f"held-out sentences ({lang})", spans, figures, figures[2]))
    print()
    for which in ("train", "test"):
        for lang in ("zh", "en"):
            hits, total = lead_ins(which, lang)
            print(f"lead-ins of the {which} set ({lang}): {hits} of {total} read")


def row(name: str, spans: Sequence[LabelledSpan], figures: tuple[float, float, float], shipped: float) -> str:
    """A row of the table."""
    counted = [span for span in spans if span.is_named is not None]
    named = sum(bool(span.is_named) for span in counted)
    cells = (f"{figure:.3f}" for figure in (*figures, shipped))
    return f"| {name} | {named} | {len(counted) - named} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
