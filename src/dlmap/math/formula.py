"""The values that go into and come out of the formula engine."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

MAX_FORMULA_LENGTH = 10_000
"""Characters in one formula; 10,000 already make well over a megabyte of HTML."""


@dataclass(frozen=True, slots=True)
class Formula:
    """One formula as KaTeX is to read it."""

    tex: str
    display: bool


@dataclass(frozen=True, slots=True)
class RenderedFormula:
    """A formula as HTML, with MathML inside for screen readers."""

    html: str


@dataclass(frozen=True, slots=True)
class FormulaError:
    """Why a formula could not be rendered.

    The message quotes the formula: escape it before it goes into HTML.
    """

    message: str
    position: int | None
    """0-based offset into `tex` in code points, its end included; None where no single place is at fault."""
    is_final: bool = True
    """Whether rendering it again could only fail the same way: not after a time-out, for example."""


Outcome: TypeAlias = RenderedFormula | FormulaError


class FormulaResults(Protocol):
    """The outcome for each formula of a site."""

    @property
    def failures(self) -> Mapping[Formula, FormulaError]:
        """The formulas that cannot be rendered."""

    @property
    def any_rendered(self) -> bool:
        """Whether there is any other."""

    def get(self, formula: Formula, /) -> Outcome | None:
        """The outcome; None for a formula that nobody rendered."""

    def get_many(self, formulas: Iterable[Formula], /) -> Mapping[Formula, Outcome]:
        """The outcomes of those that somebody rendered."""


def refusal(formula: Formula) -> FormulaError | None:
    """What is wrong with a formula that must not reach the engine at all."""
    length = len(formula.tex)
    if length > MAX_FORMULA_LENGTH:
        return FormulaError(
            f"formula is {length:,} characters long; the limit is {MAX_FORMULA_LENGTH:,}", None
        )
    try:
        formula.tex.encode("utf-8")
    except UnicodeEncodeError as error:
        # Half a surrogate pair is no text, and V8's binding hangs on it.
        return FormulaError(f"U+{ord(formula.tex[error.start]):04X} is half a character", error.start)
    return None


def code_point_offset(text: str, utf16_offset: int) -> int:
    """JavaScript's offset as Python's: characters outside the basic plane count twice in JavaScript."""
    before = text.encode("utf-16-le")[: 2 * utf16_offset]
    return len(before.decode("utf-16-le", errors="ignore"))  # an offset inside a pair means its start
