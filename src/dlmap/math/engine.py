"""Renders formulas: keeps from V8 what need not reach it, sends the rest in batches, isolates what breaks."""

import json
import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from types import TracebackType
from typing import Self, TypedDict

from dlmap.javascript import Script, WorkerDiedError, WorkerFailure, WorkerProcess
from dlmap.math.assets import BATCH_SCRIPT, katex_assets
from dlmap.math.formula import Formula, FormulaError, Outcome, RenderedFormula, code_point_offset, refusal
from dlmap.text.strings import truncate

TIME_LIMIT_SECONDS = 5.0
"""For one formula, and for one batch as well: a batch of ordinary formulas takes a tenth of a second."""

MEMORY_LIMIT_BYTES = 256 * 1024 * 1024
"""For V8's heap; batches of ordinary formulas stay below 80 MB."""

# One at a time is slower (each batch costs a round trip); more at a time gains nothing. The second limit
# keeps a batch of very long formulas well inside the time limit.
_BATCH_FORMULAS = 300
_BATCH_CHARACTERS = 30_000

# Another worker takes longer to start than a few batches take to render.
_BATCHES_PER_WORKER = 4

_MAX_MESSAGE_LENGTH = 200


class KatexEngine:
    """KaTeX in up to `jobs` child processes, each started when there is work for it.

    A context manager; after `close` no process is left. One thread renders at a time.
    """

    def __init__(self, *, jobs: int = 1, time_limit: float = TIME_LIMIT_SECONDS) -> None:
        self._workers = tuple(WorkerProcess(_program()) for _ in range(max(1, jobs)))
        self._time_limit = time_limit

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def started(self) -> bool:
        """Whether anything so far needed V8."""
        return any(worker.started for worker in self._workers)

    def start(self) -> None:
        """Load V8 and KaTeX in the background, for callers who know that formulas will come."""
        for worker in self._workers:
            worker.start()

    def render(self, formulas: Sequence[Formula]) -> tuple[Outcome, ...]:
        """One outcome for each formula, in their order. Equal formulas are rendered once."""
        outcomes: dict[Formula, Outcome] = {}
        accepted: list[Formula] = []
        for formula in dict.fromkeys(formulas):
            error = refusal(formula)
            if error is None:
                accepted.append(formula)
            else:
                outcomes[formula] = error
        batches = tuple(_batches(accepted))
        for batch, batch_outcomes in zip(batches, self._render_batches(batches), strict=True):
            outcomes.update(zip(batch, batch_outcomes, strict=True))
        return tuple(outcomes[formula] for formula in formulas)

    def close(self) -> None:
        for worker in self._workers:
            worker.close()

    def _render_batches(self, batches: Sequence[Sequence[Formula]]) -> Sequence[tuple[Outcome, ...]]:
        jobs = min(len(self._workers), len(batches) // _BATCHES_PER_WORKER)
        if jobs <= 1:
            return [self._render_batch(self._workers[0], batch) for batch in batches]

        idle: SimpleQueue[WorkerProcess] = SimpleQueue()
        for worker in self._workers[:jobs]:
            idle.put(worker)

        def render_on_any(batch: Sequence[Formula]) -> tuple[Outcome, ...]:
            worker = idle.get()
            try:
                return self._render_batch(worker, batch)
            finally:
                idle.put(worker)

        with ThreadPoolExecutor(jobs, thread_name_prefix="katex") as threads:
            try:
                return list(threads.map(render_on_any, batches))
            except BaseException:
                # Interrupted. The threads sit waiting for answers, and leaving this block waits for the
                # threads.
                self.close()
                threads.shutdown(wait=False, cancel_futures=True)
                raise

    def _render_batch(self, worker: WorkerProcess, batch: Sequence[Formula]) -> tuple[Outcome, ...]:
        request = json.dumps([(formula.tex, formula.display) for formula in batch])
        try:
            answers = json.loads(worker.ask(request, self._time_limit))
        except WorkerDiedError as error:
            if len(batch) == 1:
                return (FormulaError(self._cause(error.death), None, is_final=False),)
            # One of them is to blame, and nothing says which. Rendering each alone costs less than halving
            # again and again, as every half with the culprit in it costs another worker.
            return tuple(self._render_batch(worker, [formula])[0] for formula in batch)
        return tuple(_outcome(formula, answer) for formula, answer in zip(batch, answers, strict=True))

    def _cause(self, death: WorkerFailure) -> str:
        match death:
            case WorkerFailure.TIMED_OUT:
                return f"the formula takes more than {self._time_limit:g} seconds to render"
            case WorkerFailure.OUT_OF_MEMORY:
                return f"the formula needs more than {MEMORY_LIMIT_BYTES // 2**20} MB of memory to render"
            case WorkerFailure.CRASHED:
                return "the formula crashes KaTeX"


def _program() -> Script:
    return Script(
        name="formula engine",
        scripts=(katex_assets() / "katex.min.js", katex_assets() / "mhchem.min.js", BATCH_SCRIPT),
        function="renderBatch",
        probe='[["x",false]]',
        proof="katex-html",
        memory_limit=MEMORY_LIMIT_BYTES,
    )


def render_formulas(formulas: Sequence[Formula], *, jobs: int = 1) -> tuple[Outcome, ...]:
    """Render once and be done; starts no process when there is nothing to render."""
    with KatexEngine(jobs=jobs) as engine:
        return engine.render(formulas)


def _batches(formulas: Sequence[Formula]) -> Iterator[list[Formula]]:
    batch: list[Formula] = []
    characters = 0
    for formula in formulas:
        if batch and (len(batch) == _BATCH_FORMULAS or characters + len(formula.tex) > _BATCH_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(formula)
        characters += len(formula.tex)
    if batch:
        yield batch


class _Answer(TypedDict, total=False):
    """What katex_batch.js says of one formula: `html`, or `message` and `position`."""

    html: str
    message: str
    position: int | None


def _outcome(formula: Formula, answer: _Answer) -> Outcome:
    if "html" in answer:
        return RenderedFormula(answer["html"])
    position = answer["position"]
    return FormulaError(
        _readable(answer["message"]), None if position is None else code_point_offset(formula.tex, position)
    )


# KaTeX speaks of 'EOF' and of its settings; the author of a formula knows neither.
_WORDING = (
    (re.compile(r"^KaTeX parse error: "), ""),
    (re.compile(r"^Expected 'EOF', got (.*)$"), r"\1 is not expected here"),
    (re.compile(r", got 'EOF'$"), ", but the formula ends here"),
    (re.compile(r"^Too many expansions: .*$"), "too many macro expansions; does a macro use itself?"),
)


def _readable(message: str) -> str:
    """KaTeX's message in words for the author of a formula, on one line."""
    message = " ".join(message.split())
    message = "".join(char if char.isprintable() else f"U+{ord(char):04X}" for char in message)
    for pattern, replacement in _WORDING:
        message = pattern.sub(replacement, message)
    return truncate(message, _MAX_MESSAGE_LENGTH)
