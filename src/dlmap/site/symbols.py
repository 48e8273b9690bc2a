r"""The symbols of a formula in one normal form: `D_{KL}` and `\mathrm{KL}(` both use KL."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_STYLES = {"mathcal": "SCRIPT", "mathscr": "SCRIPT", "mathbb": "DOUBLE-STRUCK", "mathfrak": "FRAKTUR"}
_GREEK = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu"),
    *("nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
)
_VARIANTS = {f"var{name}": name for name in ("epsilon", "theta", "kappa", "pi", "rho", "sigma", "phi")}
_OPERATORS = {
    "nabla": "∇",
    "partial": "∂",
    "int": "∫",
    "prod": "∏",
    "odot": "⊙",
    "oplus": "⊕",
    "otimes": "⊗",
    "circ": "∘",
    "ast": "∗",
    "infty": "∞",
    "propto": "∝",
    "sim": "∼",
    "cup": "∪",
    "cap": "∩",
}
_FUNCTIONS = ("arg", "cos", "det", "exp", "inf", "lim", "log", "max", "min", "sin", "sup", "tanh")
_TOKEN = re.compile(
    r"\\(?P<style>mathcal|mathscr|mathbb|mathfrak)\s*\{?\s*(?P<letter>[A-Za-z])\s*\}?"
    r"|\\(?:mathrm|text|textrm|mathit|mathsf|operatorname\*?|rm)\s*\{(?P<name>[A-Za-z][A-Za-z\-]+)\}(?P<call>\s*(?:\\left|\\[bB]ig[gl]*)?\s*[(\[]|\s*\\!*\()?"
    r"|\bD_\{?(?P<divergence>[A-Z]{2,})\}?|(?<![A-Za-z\\{])(?P<bare>[A-Z]{2,})(?=\s*(?:\\left|\\[bB]ig[gl]*)?\s*[(\[])"
    r"|\\(?P<command>[A-Za-z]+)"
)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol in its normal form."""

    group: int
    """The order of kinds: names, letters in special alphabets, Greek letters, operators."""
    text: str
    """As Unicode."""
    tex: str
    """As it is written; empty for a name."""

    @property
    def anchor(self) -> str:
        """Its fragment in the page of all symbols."""
        kind = "tex" if self.tex else "symbol"
        return f"{kind}-" + re.sub(r"[^A-Za-z]+", "-", self.tex or self.text).strip("-")


def symbols_in(tex: str) -> Iterator[Symbol]:
    """The symbols that tell formulas apart; a bare Latin letter means something else in each."""
    for match in _TOKEN.finditer(tex):
        if match["style"]:
            style = "mathcal" if match["style"] == "mathscr" else match["style"]
            yield Symbol(1, _styled(style, match["letter"]), rf"\{style}{{{match['letter']}}}")
        elif name := match["name"] or match["divergence"] or match["bare"]:
            # A word in a formula is a name where it is applied to something, or where it is an acronym.
            if name.isupper() or match["call"]:
                yield Symbol(0, name, "")
        elif symbol := _command(match["command"]):
            yield symbol


def _command(name: str) -> Symbol | None:
    name = _VARIANTS.get(name, name)
    if name.lower() in _GREEK:
        case = "SMALL" if name.islower() else "CAPITAL"
        greek = name.upper().replace("LAMBDA", "LAMDA")
        return Symbol(2, unicodedata.lookup(f"GREEK {case} LETTER {greek}"), rf"\{name}")
    if name in _FUNCTIONS:
        return Symbol(0, name, "")
    if text := _OPERATORS.get(name):
        return Symbol(3, text, rf"\{name}")
    return None


def _styled(style: str, letter: str) -> str:
    case = "CAPITAL" if letter.isupper() else "SMALL"
    words = f"{_STYLES[style]} {case} {letter.upper()}"
    for name in (words, f"BLACK-LETTER {case} {letter.upper()}", f"MATHEMATICAL {words}"):
        try:
            return unicodedata.lookup(name)
        except KeyError:
            continue
    return letter
