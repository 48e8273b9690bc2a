"""Rendered formulas: out of the store where they are in it; only the others reach the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Self

from dlmap.cache import CacheNamespace, Key, Store
from dlmap.math import Formula, FormulaError, Outcome, RenderedFormula, engine_fingerprint

if TYPE_CHECKING:
    from dlmap.math import KatexEngine

# A site may have more formulas than memory holds: so many for each process are rendered and stored at a time.
_TOGETHER = 1_500
# A page seldom shows more of them, and a formula is a few kB long.
_REMEMBERED = 1_000


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


class FormulaCache:
    """The outcome for each formula, out of the store; what it has lost is rendered again."""

    def __init__(
        self,
        store: Store,
        engine: LazyEngine,
        failures: Mapping[Formula, FormulaError],
        *,
        any_rendered: bool,
    ) -> None:
        self.failures = failures
        """The formulas that cannot be rendered; they are in no store."""
        self.any_rendered = any_rendered
        self._store = store
        self._engine = engine
        self._recent = lru_cache(_REMEMBERED)(self._find)

    def get(self, formula: Formula, /) -> Outcome:
        """The formula rendered, or why it cannot be.  Raises `EngineError`."""
        return self._recent(formula)

    def get_many(self, formulas: Iterable[Formula], /) -> Mapping[Formula, Outcome]:
        """Each formula as `get` gives it: all those of a long page are found faster together."""
        keys = {formula: _key(formula) for formula in formulas}
        stored = self._store.get_many(_kind(), keys.values())
        return {
            formula: RenderedFormula(stored[key].decode()) if key in stored else self._lost(formula)
            for formula, key in keys.items()
        }

    def _find(self, formula: Formula) -> Outcome:
        return self.get_many([formula])[formula]

    def _lost(self, formula: Formula) -> Outcome:
        return self.failures.get(formula) or self._engine.render([formula])[0]


@dataclass(frozen=True, slots=True)
class FormulaReport:
    """The outcome for each formula, how many distinct ones there are, and how many of them were in the store."""

    outcomes: FormulaCache
    count: int
    cached: int


def render_stored(
    formulas: Iterable[Formula], store: Store, engine: LazyEngine, *, any_before: bool = False
) -> FormulaReport:
    """See to it that every formula is rendered; store and engine are to stay open as long as the outcome is in use.

    `any_before` tells that the site has others that were rendered before.

    An error is not stored: it costs little, and its wording may come to change.
    """
    failures: dict[Formula, FormulaError] = {}
    count = cached = 0
    remaining = _distinct(formulas)
    while some := tuple(islice(remaining, _TOGETHER * engine.jobs)):
        keys = {formula: _key(formula) for formula in some}
        stored = store.has_many(_kind(), keys.values())
        count, cached = count + len(some), cached + len(stored)
        missing = [formula for formula in some if keys[formula] not in stored]
        rendered: dict[Key, bytes] = {}
        for formula, outcome in zip(missing, engine.render(missing), strict=True):
            if isinstance(outcome, FormulaError):
                failures[formula] = outcome
            else:
                rendered[keys[formula]] = outcome.html.encode()
        store.put_many(_kind(), rendered)
    engine.stop()
    outcomes = FormulaCache(store, engine, failures, any_rendered=any_before or count > len(failures))
    return FormulaReport(outcomes, count, cached)


def _distinct(formulas: Iterable[Formula]) -> Iterator[Formula]:
    """Each formula once, remembered by its hash: the formulas of a large blog would fill the memory.

    Of two that share a hash (one chance in 10,000,000,000 with 60,000 formulas) the second is rendered where it is shown.
    """
    known: set[int] = set()
    for formula in formulas:
        number = hash(formula)
        if number not in known:
            known.add(number)
            yield formula


@cache
def _kind() -> CacheNamespace:
    return CacheNamespace("formula", (engine_fingerprint(),))


def _key(formula: Formula) -> Key:
    # Half a surrogate pair has no UTF-8; the engine refuses such a formula, but it needs a key to get there.
    return (b"display" if formula.display else b"inline", formula.tex.encode("utf-8", "surrogatepass"))
