"""Rendered formulas: out of the store where they are in it; only the others reach the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dlmap.math import Formula, FormulaError, RenderedFormula, engine_fingerprint
from dlmap.store import Key, Kind, Store

Outcomes: TypeAlias = Mapping[Formula, RenderedFormula | FormulaError]


@dataclass(frozen=True, slots=True)
class RenderedFormulas:
    """The outcome for each formula, and how many came from the store."""

    outcomes: Outcomes
    cached: int


def render_stored(formulas: Sequence[Formula], store: Store) -> RenderedFormulas:
    """Render distinct formulas.  An error is not stored: it costs little, and its wording may come to change."""
    kind = Kind("formula", (engine_fingerprint(),))
    keys = {formula: _key(formula) for formula in formulas}
    stored = store.get_many(kind, keys.values())
    outcomes: dict[Formula, RenderedFormula | FormulaError] = {
        formula: RenderedFormula(stored[key].decode()) for formula, key in keys.items() if key in stored
    }
    missing = [formula for formula in formulas if formula not in outcomes]
    if missing:
        # The engine is imported only here, as most builds do not need it.
        from dlmap.math import render_formulas  # noqa: PLC0415

        rendered = dict(zip(missing, render_formulas(missing), strict=True))
        store.put_many(
            kind,
            {
                keys[formula]: outcome.html.encode()
                for formula, outcome in rendered.items()
                if isinstance(outcome, RenderedFormula)
            },
        )
        outcomes |= rendered
    return RenderedFormulas({formula: outcomes[formula] for formula in formulas}, len(stored))


def _key(formula: Formula) -> Key:
    # Half a surrogate pair has no UTF-8; the engine refuses such a formula, but it needs a key to get there.
    return (b"display" if formula.display else b"inline", formula.tex.encode("utf-8", "surrogatepass"))
