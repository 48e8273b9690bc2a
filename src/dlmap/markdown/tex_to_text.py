r"""Formulas as plain text, for labels, definitions and search: `\beta` becomes β, `x_i` stays readable."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import Any

_STRUCTURE = re.compile(
    r"\\(?:mathbf|mathbb|mathcal|mathrm|mathit|boldsymbol|bm|Bbb|operatorname|tilde|hat|bar|text)\b\*?"
)
_BRACES = "\ue010\ue011"
"""Braces that are shown, while those of TeX's groups are taken away."""
_DIGITS = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")


@lru_cache(maxsize=4096)
def tex_to_text(tex: str) -> str:
    """The formula in Unicode, as near as one line of text can come."""
    if re.fullmatch(r"[\w\s.,+\-=<>()|]*", tex, re.ASCII):
        return re.sub(r"\s+", " ", tex.replace("_", "")).strip()
    simple = tex.replace(r"\{", _BRACES[0]).replace(r"\}", _BRACES[1])
    simple = re.sub(r"\^\{?([0-9]+|n)\}?", lambda m: f"{{{m.group(1).translate(_DIGITS)}}}", simple)
    simple = re.sub(r"\\(begin|end)\{[a-z*]+\}|&|\\\\", " ", simple)
    simple = _STRUCTURE.sub("", simple)
    simple = re.sub(
        r"[_^]\{([^{}]*)\}|[_^](\\[A-Za-z]+|\S)", lambda m: f"{{{m.group(1) or m.group(2) or ''}}}", simple
    )
    try:
        converter, macros = _converter()
        words = converter.latex_to_text(simple, latex_context=macros)
    except Exception:  # noqa: BLE001
        # pylatexenc documents no closed set of errors; the formula as written is a fair label too.
        words = tex
    words = words.replace("{", "").replace("}", "").replace(_BRACES[0], "{").replace(_BRACES[1], "}")
    return re.sub(r"\s+", " ", words).strip()


@lru_cache(maxsize=1)
def _converter() -> tuple[Any, Any]:
    """pylatexenc with its table of macros: to make them anew for each formula takes longer than to use them."""
    # Imported late: most texts hold few formulas that need it, and many commands none.
    from pylatexenc.latex2text import LatexNodes2Text  # noqa: PLC0415
    from pylatexenc.latexwalker import get_default_latex_context_db  # noqa: PLC0415

    # It logs what it cannot make out; KaTeX tells the author with a place.
    logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)
    macros = get_default_latex_context_db()
    return LatexNodes2Text(math_mode="text", strict_latex_spaces=False), macros
