"""Render the formulas of a site: cached ones are only looked up, the others reach the engine in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Self

from dlmap.cache import Cache, Codec, Key, Task, record_codec
from dlmap.markdown import FormulaUse
from dlmap.math import Formula, FormulaError, Outcome, RenderedFormula, formula_help
from dlmap.text import Diagnostic

if TYPE_CHECKING:
    from dlmap.math import KatexEngine

# A site may have more formulas than memory holds: so many for each process are rendered and stored at a time.
_BATCH = 1_500
# A page seldom shows more of them, and a formula is a few kB long.
_RECENT = 1_000


class LazyEngine:
    """The engine, imported and started with the first formula: most builds do not need it.  A context manager."""

    def __init__(self, jobs: int = 1) -> None:
        self.jobs = jobs
        self._engine: KatexEngine | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def render(self, formulas: Sequence[Formula]) -> Sequence[Outcome]:
        """One outcome for each formula.  Raises `EngineError`."""
        if not formulas:
            return ()
        if self._engine is None:
            from dlmap.math import KatexEngine  # noqa: PLC0415 - as the class says

            self._engine = KatexEngine(jobs=self.jobs)
        return self._engine.render(formulas)

    def stop(self) -> None:
        """End its processes, until the next formula."""
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()


def _key(formula: Formula) -> Key:
    # Half a surrogate pair has no UTF-8; the engine refuses such a formula, but it needs a key to get there.
    return (b"display" if formula.display else b"inline", formula.tex.encode("utf-8", "surrogatepass"))


RENDERED: Task[Formula, RenderedFormula] = Task(
    "formula",
    "dlmap.math.engine",
    _key,
    Codec(lambda rendered: rendered.html.encode(), lambda row, _: RenderedFormula(row.decode())),
)
REFUSED: Task[Formula, FormulaError | None] = Task(
    "refused formula",
    "dlmap.math.engine",
    _key,
    record_codec(FormulaError),
    is_lasting=lambda _, error: error is not None and error.is_final,
)


class FormulaCache:
    """The outcome for each formula, from the cache; a row that is lost is rendered again."""

    def __init__(
        self,
        cache: Cache,
        engine: LazyEngine,
        failures: Mapping[Formula, FormulaError],
        *,
        any_rendered: bool,
    ) -> None:
        self.failures = failures
        """The formulas that cannot be rendered."""
        self.any_rendered = any_rendered
        self._cache = cache
        self._engine = engine
        self._recent = lru_cache(_RECENT)(lambda formula: self.get_many([formula])[formula])

    def get(self, formula: Formula, /) -> Outcome:
        """The formula rendered, or why it cannot be.  Raises `EngineError`."""
        return self._recent(formula)

    def get_many(self, formulas: Iterable[Formula], /) -> Mapping[Formula, Outcome]:
        """Each formula as `get` gives it: all those of a long page are found faster together."""
        distinct = tuple(dict.fromkeys(formulas))
        rendered = dict(self._cache.fetch(RENDERED, distinct))
        return {
            formula: rendered.get(formula) or self.failures.get(formula) or self._engine.render([formula])[0]
            for formula in distinct
        }


@dataclass(frozen=True, slots=True)
class FormulaReport:
    """The outcome for each formula, how many distinct ones there are, and how many of them were cached."""

    results: FormulaCache
    count: int
    cached: int

    @property
    def is_final(self) -> bool:
        """Whether rendering them again could only give the same."""
        return all(error.is_final for error in self.results.failures.values())


def render_formulas(
    formulas: Iterable[Formula], cache: Cache, engine: LazyEngine, *, any_before: bool = False
) -> FormulaReport:
    """Render each distinct formula that is not cached; cache and engine stay open while the report is in use.

    `any_before`: the site has other formulas, which were rendered before.
    """
    failures: dict[Formula, FormulaError] = {}
    count = computed = 0

    def compute(batch: Sequence[Formula]) -> Iterator[FormulaError | None]:
        """Render, store what was rendered, and give what was not."""
        nonlocal computed
        computed += len(batch)
        outcomes = engine.render(batch)
        pairs = zip(batch, outcomes, strict=True)
        cache.put(RENDERED, ((formula, html) for formula, html in pairs if isinstance(html, RenderedFormula)))
        return (outcome if isinstance(outcome, FormulaError) else None for outcome in outcomes)

    task = replace(REFUSED, compute=compute)
    remaining = _distinct(formulas)
    while batch := tuple(islice(remaining, _BATCH * engine.jobs)):
        count += len(batch)
        not_rendered = cache.missing(RENDERED, batch)
        errors = zip(not_rendered, cache.map(task, not_rendered), strict=True)
        failures.update((formula, error) for formula, error in errors if error)
    engine.stop()
    results = FormulaCache(cache, engine, failures, any_rendered=any_before or count > len(failures))
    return FormulaReport(results, count, count - computed)


def report_formulas(
    uses: Callable[[], Iterable[FormulaUse]], cache: Cache, engine: LazyEngine, *, any_before: bool
) -> tuple[FormulaReport, tuple[Diagnostic, ...]]:
    """Render each distinct formula once, and report the broken ones wherever they are.

    `uses` is called a second time when there are any: their places are not held meanwhile, for there may be hundreds
    of thousands of them.
    """
    formulas = render_formulas(
        (Formula(use.tex, use.display) for use in uses()), cache, engine, any_before=any_before
    )
    failures = formulas.results.failures
    return formulas, tuple(
        _formula_diagnostic(use, failures[formula])
        for use in (uses() if failures else ())
        if (formula := Formula(use.tex, use.display)) in failures
    )


def _formula_diagnostic(use: FormulaUse, error: FormulaError) -> Diagnostic:
    at = "" if error.position is None else f" at character {error.position + 1} of the formula"
    return Diagnostic(
        "DL401",
        f"formula: {error.message}{at}",
        formula_help(error.message, use.tex),
        use.source,
        use.span,
    )


def _distinct(formulas: Iterable[Formula]) -> Iterator[Formula]:
    """Each formula once, remembered by its hash: the formulas of a large blog would fill the memory.

    Of two that share a hash (one chance in 10,000,000,000 with 60,000 formulas) the second is rendered where it is shown.
    """
    hashes: set[int] = set()
    for formula in formulas:
        number = hash(formula)
        if number not in hashes:
            hashes.add(number)
            yield formula
