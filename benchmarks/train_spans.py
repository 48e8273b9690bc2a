"""Train the model that says which bold spans are methods, and write its weights into the package.

Usage: python benchmarks/train_spans.py [--check]

Writes src/dlmap/taxonomy/span_weights.tsv, or with --check says whether it is what this script makes. Needs the seed outline
in ../shared.

A logistic regression, fitted by Newton's method with an L2 penalty. Each sample is a bold span that no veto decides; the
members of one run share the weight of the square root of their number, so that a run of forty names is no forty votes.
"""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from labelled import ROOT, LabelledSpan, outline_spans, outlines, sentence_spans

WEIGHTS = ROOT / "src" / "dlmap" / "taxonomy" / "span_weights.tsv"
BIAS = "bias"
PENALTY = 1.0
_STEPS = 20
_TOO_SMALL = 0.005


def training_sets() -> dict[str, tuple[LabelledSpan, ...]]:
    """The labelled spans to train on, by outline."""
    sets = {name: outline_spans(*paths) for name, paths in outlines().items()}
    sets |= {f"sentences ({lang})": sentence_spans("train", lang) for lang in ("zh", "en")}
    return {name: spans for name, spans in sets.items() if any(_counts(span) for span in spans)}


def _counts(span: LabelledSpan) -> bool:
    return span.is_named is not None and span.by_model


def train(spans: Iterable[LabelledSpan], penalty: float = PENALTY) -> Mapping[str, float]:
    """The weight of each feature, in log-odds."""
    samples: dict[tuple[tuple[str, ...], bool], float] = defaultdict(float)
    for span in spans:
        if _counts(span):
            samples[tuple(sorted({BIAS, *span.features})), bool(span.is_named)] += 1 / math.sqrt(
                span.run_size
            )
    names = sorted({name for features, _ in samples for name in features})
    place = {name: index for index, name in enumerate(names)}
    rows = [
        ([place[name] for name in features], named, weight) for (features, named), weight in samples.items()
    ]
    penalties = [0.01 if name == BIAS else penalty for name in names]
    weights = [0.0] * len(names)
    for _ in range(_STEPS):
        gradient = [-p * w for p, w in zip(penalties, weights, strict=True)]
        hessian = [[0.0] * len(names) for _ in names]
        for index, p in enumerate(penalties):
            hessian[index][index] = p
        for features, named, weight in rows:
            odds = sum(weights[index] for index in features)
            probability = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
            slope, curve = weight * (named - probability), weight * probability * (1 - probability)
            for index in features:
                gradient[index] += slope
                row = hessian[index]
                for other in features:
                    row[other] += curve
        step = solve(hessian, gradient)
        weights = [w + s for w, s in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-5:
            break
    return dict(zip(names, weights, strict=True))


def solve(matrix: Sequence[Sequence[float]], vector: Sequence[float]) -> list[float]:
    """The solution of a system with a positive definite matrix, by Cholesky's method."""
    size = len(vector)
    lower = [[0.0] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1):
            rest = matrix[i][j] - _dot(lower[i], lower[j], j)
            lower[i][j] = math.sqrt(rest) if i == j else rest / lower[j][j]
    half: list[float] = []
    for i in range(size):
        half.append((vector[i] - _dot(lower[i], half, i)) / lower[i][i])
    solution = [0.0] * size
    for i in reversed(range(size)):
        rest = half[i] - sum(lower[k][i] * solution[k] for k in range(i + 1, size))
        solution[i] = rest / lower[i][i]
    return solution


def _dot(one: Sequence[float], other: Sequence[float], count: int) -> float:
    return sum(one[k] * other[k] for k in range(count))


def table(weights: Mapping[str, float], sets: Mapping[str, tuple[LabelledSpan, ...]]) -> str:
    """The weights as a file, strongest first."""
    counted = {name: sum(map(_counts, spans)) for name, spans in sets.items()}
    seen: dict[str, int] = defaultdict(int)
    for spans in sets.values():
        for span in filter(_counts, spans):
            for feature in (BIAS, *span.features):
                seen[feature] += 1
    head = (
        "# How likely a bold span with a feature names a method, in log-odds: the model of span_model.py.\n"
        f"# Made by benchmarks/train_spans.py: logistic regression, L2 penalty {PENALTY}, "
        f"{sum(counted.values())} spans of {', '.join(f'{name} ({n})' for name, n in counted.items())}.\n"
        "# feature, weight, in how many spans of the training set it was seen\n"
    )
    rows = sorted(weights.items(), key=lambda pair: (pair[0] != BIAS, -abs(pair[1]), pair[0]))
    text = "".join(
        f"{name}\t{weight:.3f}\t{seen[name]}\n" for name, weight in rows if abs(weight) >= _TOO_SMALL
    )
    return head + text


def main() -> int:
    """Train; write or compare the weights."""
    training = training_sets()
    made = table(train(span for spans in training.values() for span in spans), training)
    if sys.argv[1:] == ["--check"]:
        is_same = made == WEIGHTS.read_text("utf-8")
        print(
            "the weights are up to date" if is_same else "the weights are old: run benchmarks/train_spans.py"
        )
        return 0 if is_same else 1
    WEIGHTS.write_text(made, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
