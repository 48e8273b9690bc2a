r"""Renders TeX formulas to HTML and MathML with KaTeX, in V8, in a child process.

    from dlmap.math import Formula, render_formulas

    rendered, failed = render_formulas([Formula(r"x^2", display=False), Formula(r"\oops", display=True)])

A formula that cannot be rendered is a `FormulaError` in its own place; its neighbours are not affected, not
even when it hangs the engine or makes it run out of memory.
"""

from typing import TYPE_CHECKING

from dlmap.javascript.program import EngineError
from dlmap.math.assets import engine_fingerprint, katex_assets, katex_version
from dlmap.math.formula import (
    MAX_FORMULA_LENGTH,
    Formula,
    FormulaError,
    FormulaResults,
    Outcome,
    RenderedFormula,
)
from dlmap.math.help import formula_help

if TYPE_CHECKING:
    from dlmap.math.engine import KatexEngine, render_formulas

__all__ = [
    "MAX_FORMULA_LENGTH",
    "EngineError",
    "Formula",
    "FormulaError",
    "FormulaResults",
    "KatexEngine",
    "Outcome",
    "RenderedFormula",
    "engine_fingerprint",
    "formula_help",
    "katex_assets",
    "katex_version",
    "render_formulas",
]


def __getattr__(name: str) -> object:
    """Import the engine when it is first used: a build whose formulas are all in its store never needs it."""
    if name in {"KatexEngine", "render_formulas"}:
        from dlmap.math import engine  # noqa: PLC0415

        return getattr(engine, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
