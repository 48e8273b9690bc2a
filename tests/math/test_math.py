"""The formula engine, with the real KaTeX in V8: what it renders, what it refuses, what it survives."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlmap.math import (
    MAX_FORMULA_LENGTH,
    EngineError,
    Formula,
    FormulaError,
    KatexEngine,
    RenderedFormula,
    engine_fingerprint,
    katex_assets,
    katex_version,
    render_formulas,
)
from dlmap.math.formula import code_point_offset
from support.processes import is_running, wait_until_gone
from support.web_page import read_html

# Both stay within every limit that KaTeX itself sets; together they are why V8 runs in a child process.
ENDLESS = r"\def\a{" + "x" * 1000 + "}" + r"\a" * 60
HUGE = r"\def\a{" + "x" * 8000 + "}" + r"\a" * 900

needs_posix = pytest.mark.skipif(os.name != "posix", reason="signals and process states as POSIX has them")


@pytest.fixture(scope="module")
def engine() -> Iterator[KatexEngine]:
    with KatexEngine() as engine:
        yield engine


def inline(tex: str) -> Formula:
    return Formula(tex, display=False)


def render(engine: KatexEngine, tex: str) -> RenderedFormula | FormulaError:
    (outcome,) = engine.render([inline(tex)])
    return outcome


def html_of(engine: KatexEngine, tex: str) -> str:
    outcome = render(engine, tex)
    assert isinstance(outcome, RenderedFormula), outcome
    return outcome.html


def error_of(engine: KatexEngine, tex: str) -> FormulaError:
    outcome = render(engine, tex)
    assert isinstance(outcome, FormulaError), outcome.html[:200]
    return outcome


def worker_pid(engine: KatexEngine, number: int = 0) -> int:
    child = engine._workers[number]._child
    assert child is not None
    return child.process.pid


# What is rendered


def test_a_formula_becomes_html_and_mathml(engine: KatexEngine) -> None:
    html = html_of(engine, r"\frac{a}{b}")
    assert html.startswith('<span class="katex">')
    assert '<math xmlns="http://www.w3.org/1998/Math/MathML">' in html
    assert 'class="katex-html" aria-hidden="true"' in html


def test_display_and_inline_differ(engine: KatexEngine) -> None:
    display, inline_ = engine.render(
        [Formula(r"\sum_i x_i", display=True), Formula(r"\sum_i x_i", display=False)]
    )
    assert isinstance(display, RenderedFormula)
    assert isinstance(inline_, RenderedFormula)
    assert 'class="katex-display"' in display.html
    assert 'class="katex-display"' not in inline_.html


def test_chinese_is_neither_an_error_nor_a_warning() -> None:
    with KatexEngine() as engine:
        assert "损失" in html_of(engine, r"\mathcal{L}_{损失} = \text{交叉熵，加权}")
        child = engine._workers[0]._child
        assert child is not None
        child.stderr.seek(0)
        assert child.stderr.read() == b""


def test_text_is_escaped(engine: KatexEngine) -> None:
    assert "<script" not in html_of(engine, r"\text{<script>alert('1')</script>}")


def test_nothing_to_render_starts_no_process() -> None:
    with KatexEngine(jobs=2) as engine:
        assert engine.render([]) == ()
        assert isinstance(render(engine, "x" * (MAX_FORMULA_LENGTH + 1)), FormulaError)
        assert not engine.started
        html_of(engine, "x")
        assert engine.started


def test_the_engine_is_not_imported_before_it_is_used() -> None:
    script = "import sys, dlmap.math; print({'subprocess', 'dlmap.math.engine'} & set(sys.modules))"
    output = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert output == "set()\n"


def test_render_formulas_is_the_whole_engine_in_one_call() -> None:
    good, bad = render_formulas([inline("x^2"), Formula(r"\oops", display=True)])
    assert isinstance(good, RenderedFormula)
    assert bad == FormulaError(r"Undefined control sequence: \oops", 0)
    assert render_formulas([]) == ()


def test_equal_formulas_are_rendered_once(engine: KatexEngine) -> None:
    first, other, again = engine.render([inline("x"), Formula("x", display=True), inline("x")])
    assert first is again
    assert first != other


def test_two_workers_give_what_one_gives(engine: KatexEngine) -> None:
    formulas = [inline(rf"x_{{{number}}}" if number % 7 else rf"\bad{{{number}}}") for number in range(3000)]
    with KatexEngine(jobs=2) as two:
        assert two.render(formulas) == engine.render(formulas)
        assert worker_pid(two, 0) != worker_pid(two, 1)


# What is refused, and where


@pytest.mark.parametrize(
    ("tex", "message", "position"),
    [
        (r"{a", "Expected '}', but the formula ends here", 2),
        (r"\foo<script>", r"Undefined control sequence: \foo", 0),
        (r"x + \foo y", r"Undefined control sequence: \foo", 4),
        ("a & b", "'&' is not expected here", 2),
        ("x^2^3", "Double superscript", 3),
        (r"\begin{nothing}x\end{nothing}", "No such environment: nothing", 6),
        ("损失 = \\foo", r"Undefined control sequence: \foo", 5),
        # JavaScript counts each of these characters twice
        ("😀\\foo", r"Undefined control sequence: \foo", 1),
        ("𠮷𠮷 = \\foo", r"Undefined control sequence: \foo", 5),
        ("\\begin{𠮷}", "No such environment: 𠮷", 6),
        ("𠮷\\😀", "Unexpected character: '\\'", 1),
        ("a\ue000", "Unexpected character: 'U+E000'", 1),
        ("a\0", "Unexpected character: 'U+0000'", 1),
    ],
)
def test_an_error_says_what_and_where(engine: KatexEngine, tex: str, message: str, position: int) -> None:
    assert error_of(engine, tex) == FormulaError(message, position)


def test_a_position_in_the_body_of_a_macro_is_no_position(engine: KatexEngine) -> None:
    # KaTeX reads ⁺ by parsing a text of its own, where \foo stands at 0; the formula's \foo stands at 10.
    error = error_of(engine, r"abc\gdef+{\foo}x⁺")
    assert error.message == r"Undefined control sequence: \foo"
    assert error.position in {None, 10}


@pytest.mark.parametrize(
    ("tex", "command", "position"),
    [
        (r"a + \href{javascript:alert(1)}{x}", r"\href", 4),
        (r"\href{https://example.org/}{x}", r"\href", 0),
        (r"\url{https://example.org/}", r"\url", 0),
        (r"\includegraphics{https://example.org/x.png}", r"\includegraphics", 0),
        (r"\htmlData{a=b}{x}", r"\htmlData", 0),
        (r"\htmlClass{a}{x}", r"\htmlClass", 0),
        (r"\htmlId{a}{x}", r"\htmlId", 0),
        (r"\htmlStyle{color:red}{x}", r"\htmlStyle", 0),
        (r"\frac{𠮷}{\htmlId{a}{x}}", r"\htmlId", 9),
    ],
)
def test_a_command_that_katex_does_not_trust_is_an_error(
    engine: KatexEngine, tex: str, command: str, position: int
) -> None:
    assert error_of(engine, tex) == FormulaError(f"{command} is not allowed in a formula", position)


def test_a_formula_about_the_error_colour_is_not_taken_for_an_untrusted_one(engine: KatexEngine) -> None:
    html_of(engine, r'\text{mathcolor="dlmap-untrusted"><mtext>\textbackslash href}')
    assert "Invalid color" in error_of(engine, r"\textcolor{dlmap-untrusted}{x}").message


@pytest.mark.parametrize(
    "tex",
    [
        r"\def\a{\a\a}\a",
        r"\def\a{xx}" + r"\edef\a{\a\a}" * 30 + r"\a",
        "\\def⁺{⁺⁺}" + "⁺" * 500,
        "\\gdef+{⁺}x⁺+" + "⁺" * 500,
    ],
    ids=["def", "edef", "superscript", "superscript-through-plus"],
)
def test_an_endless_macro_ends_at_once(engine: KatexEngine, tex: str) -> None:
    times = []
    for _ in range(10):
        start = time.perf_counter()
        assert "too many macro expansions" in error_of(engine, tex).message
        times.append(time.perf_counter() - start)
    assert min(times) < 0.1


@pytest.mark.parametrize(
    "tex", ["{" * 10_000, "x^{" * 3333, r"\sqrt{" * 1600], ids=["braces", "superscripts", "roots"]
)
def test_deep_nesting_is_an_error(engine: KatexEngine, tex: str) -> None:
    assert error_of(engine, tex) == FormulaError("the formula is nested too deeply", None)


def test_reasonable_nesting_is_not(engine: KatexEngine) -> None:
    html_of(engine, r"\sqrt{" * 100 + "x" + "}" * 100)


def test_the_length_limit_is_exact_and_counts_characters(engine: KatexEngine) -> None:
    html_of(engine, "𠮷" * MAX_FORMULA_LENGTH)
    error = error_of(engine, "𠮷" * (MAX_FORMULA_LENGTH + 1))
    assert error == FormulaError("formula is 10,001 characters long; the limit is 10,000", None)


@pytest.mark.parametrize(
    "tex", [r"\rule{1e9em}{1e9em}", r"\rule{1000000em}{1000000em}", r"\hspace{99999cm}x"]
)
def test_sizes_are_capped(engine: KatexEngine, tex: str) -> None:
    html = read_html(html_of(engine, tex))
    html.strip_tags(["annotation"])
    assert max(float(size) for size in re.findall(r"([\d.]+)em", html.html or "")) <= 50


@pytest.mark.parametrize("tex", [r"\kern-9999em x", r"\rule[-9999em]{1em}{1em}", r"\raisebox{-900in}{x}"])
def test_negative_sizes_that_katex_does_not_cap_are_errors(engine: KatexEngine, tex: str) -> None:
    assert error_of(engine, tex) == FormulaError("the formula asks for a size of 1000em or more", None)


def test_gdef_in_one_formula_does_not_reach_another(engine: KatexEngine) -> None:
    before = html_of(engine, r"\frac{1}{2}")
    _, same_batch = engine.render(
        [inline(r"\gdef\frac{X}\gdef\mine{Y}\frac\mine"), inline(r"\frac 12 \mine")]
    )
    assert same_batch == FormulaError(r"Undefined control sequence: \mine", 9)
    assert html_of(engine, r"\frac{1}{2}") == before


@pytest.mark.parametrize(
    "tex", [r"\gdef\__proto__{X}x", r"\constructor", r"\begin{constructor}", r"\begin{toString}"]
)
def test_names_of_javascript_mean_nothing(engine: KatexEngine, tex: str) -> None:
    before = html_of(engine, "y")
    render(engine, tex)
    assert html_of(engine, "y") == before


@pytest.mark.parametrize("tex", [r'\char"D800', r"\char0", r'\text{\char"FFFE}', "x % \x01"])
def test_a_character_that_html_cannot_hold_is_an_error(engine: KatexEngine, tex: str) -> None:
    assert error_of(engine, tex).message == "the formula makes a character that cannot stand in a web page"


def test_half_a_surrogate_pair_never_reaches_the_engine(engine: KatexEngine) -> None:
    assert error_of(engine, "损\ud83d") == FormulaError("U+D83D is half a character", 1)


def test_a_message_is_one_short_line(engine: KatexEngine) -> None:
    message = error_of(engine, r"\begin{" + "a\n" * 1000 + "}").message
    assert "\n" not in message
    assert len(message) <= 200


def test_2a_twenty_bad_among_five_hundred_good(engine: KatexEngine) -> None:
    good = [Formula(rf"\alpha_{{{n}}} + \frac{{{n}}}{{x^{n % 9}}}", display=n % 2 == 0) for n in range(500)]
    expected = dict(zip(good, engine.render(good), strict=True))
    mixed = list(good)
    for n in range(20):
        mixed.insert(n * 26, inline(rf"x_{{{n}}} + \undefined{'a' * n} y"))

    outcomes = engine.render(mixed)

    errors = [outcome for outcome in outcomes if isinstance(outcome, FormulaError)]
    assert [error.message for error in errors] == [
        rf"Undefined control sequence: \undefined{'a' * n}" for n in range(20)
    ]
    for formula, outcome in zip(mixed, outcomes, strict=True):
        if formula in expected:
            assert outcome == expected[formula]
        else:
            assert isinstance(outcome, FormulaError)
            assert outcome.position == formula.tex.index("\\")


@given(
    st.lists(st.text(st.characters(), max_size=40) | st.text(r"\{}^_&%$#ab12 ⁺𠮷", max_size=40), max_size=5)
)
def test_any_text_has_an_outcome_and_leaves_its_neighbour_alone(
    engine: KatexEngine, texts: list[str]
) -> None:
    plain = html_of(engine, "x+y")
    *outcomes, last = engine.render([*map(inline, texts), inline("x+y")])
    assert last == RenderedFormula(plain)
    for tex, outcome in zip(texts, outcomes, strict=True):
        if isinstance(outcome, FormulaError):
            assert outcome.message.isprintable()
            assert outcome.position is None or 0 <= outcome.position <= len(tex)
        else:
            outcome.html.encode("utf-8")


@given(st.text(), st.data())
def test_offsets_of_javascript_become_offsets_of_python(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    utf16_offset = len(text[:offset].encode("utf-16-le")) // 2
    assert code_point_offset(text, utf16_offset) == offset
    if text[offset : offset + 1] > "\uffff":
        assert code_point_offset(text, utf16_offset + 1) == offset


# What is survived


def test_a_formula_that_does_not_end_fails_alone() -> None:
    with KatexEngine(time_limit=0.8) as engine:
        outcomes = engine.render([inline("a"), inline(ENDLESS), inline("b"), inline(r"\oops"), inline("c")])
        assert [type(outcome) for outcome in outcomes] == [
            RenderedFormula,
            FormulaError,
            RenderedFormula,
            FormulaError,
            RenderedFormula,
        ]
        assert outcomes[1] == FormulaError(
            "the formula takes more than 0.8 seconds to render", None, is_final=False
        )
        html_of(engine, "d")


def test_a_formula_that_explodes_fails_alone() -> None:
    with KatexEngine(time_limit=30) as engine:
        before, huge, after = engine.render([inline("a"), inline(HUGE), inline("b")])
        assert isinstance(before, RenderedFormula)
        assert huge == FormulaError(
            "the formula needs more than 256 MB of memory to render", None, is_final=False
        )
        assert isinstance(after, RenderedFormula)
        html_of(engine, "d")


def test_too_much_html_is_an_error() -> None:
    with KatexEngine(time_limit=30) as engine:
        error = error_of(engine, r"\begin{matrix}" + "&" * 9000 + r"\end{matrix}")
    assert re.fullmatch(r"the formula makes \d+ characters of HTML; the limit is 5000000", error.message)


@needs_posix
def test_a_crash_costs_only_the_formula_that_causes_it() -> None:
    slow = r"\def\a{" + "x" * 1000 + "}" + r"\a" * 25

    def kill_soon(engine: KatexEngine) -> threading.Timer:
        html_of(engine, "x")
        timer = threading.Timer(0.15, os.kill, (worker_pid(engine), signal.SIGKILL))
        timer.start()
        return timer

    with KatexEngine(time_limit=60) as engine:
        killer = kill_soon(engine)
        assert error_of(engine, slow) == FormulaError("the formula crashes KaTeX", None, is_final=False)
        killer.join()
        killer = kill_soon(engine)
        outcomes = engine.render([inline("a"), inline(slow), inline("b")])
        killer.join()
        assert all(isinstance(outcome, RenderedFormula) for outcome in outcomes)


@needs_posix
def test_a_worker_that_died_while_idle_is_replaced() -> None:
    with KatexEngine() as engine:
        html_of(engine, "x")
        first = worker_pid(engine)
        os.kill(first, signal.SIGKILL)
        wait_until_gone([first], 5)
        html_of(engine, "x")
        assert worker_pid(engine) != first


@needs_posix
def test_close_leaves_no_process() -> None:
    with KatexEngine(jobs=2) as engine:
        engine.start()
        pids = [worker_pid(engine, number) for number in range(2)]
        html_of(engine, "x")
    assert not any(is_running(pid) for pid in pids)
    engine.close()
    with pytest.raises(EngineError, match="closed"):
        render(engine, "x")


PARENT = """
    import signal
    from dlmap.math import Formula, KatexEngine

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets background jobs ignore it
    endless = {endless!r}
    formulas = [Formula(f"x_{{{{{{number}}}}}}", False) for number in range(2400)]
    for number in (0, 300, 600):
        formulas[number] = Formula(endless + f" x_{{{{{{number}}}}}}", False)
    with KatexEngine(jobs={jobs}, time_limit=60) as engine:
        engine.start()
        print(*(worker._child.process.pid for worker in engine._workers), flush=True)
        engine.render(formulas)
"""


@needs_posix
@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_no_worker_outlives_its_parent(jobs: int, blow: signal.Signals) -> None:
    script = textwrap.dedent(PARENT).format(endless=ENDLESS, jobs=jobs)
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert parent.stdout is not None
    workers = [int(pid) for pid in parent.stdout.readline().split()]
    assert len(workers) == jobs
    time.sleep(0.7)  # both are busy with what does not end
    if blow == signal.SIGINT:
        os.killpg(parent.pid, blow)  # as Ctrl-C does
    else:
        parent.kill()

    _, errors = parent.communicate(timeout=10)
    wait_until_gone(workers, 5)
    if blow == signal.SIGINT:
        assert errors.rstrip().endswith("KeyboardInterrupt")


def test_the_working_directory_cannot_inject_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("json.py", "queue.py", "py_mini_racer.py", "dlmap.py"):
        (tmp_path / name).write_text("raise SystemExit('taken over')\n")
    monkeypatch.chdir(tmp_path)
    (outcome,) = render_formulas([inline("x")])
    assert isinstance(outcome, RenderedFormula)


def test_an_engine_that_cannot_work_is_not_blamed_on_formulas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dlmap.math.engine.katex_assets", lambda: tmp_path)
    with pytest.raises(EngineError, match=r"katex\.min\.js is not in the package .*install dlmap again"):
        render_formulas([inline("x")])
    (tmp_path / "mhchem.min.js").write_text("")
    (tmp_path / "katex.min.js").write_text("this is not KaTeX")
    with pytest.raises(EngineError, match=r"the formula engine did not start: .*SyntaxError"):
        render_formulas([inline("x")])
    (tmp_path / "katex.min.js").write_text("var katex = { renderToString() { return 'x'; } };")
    with pytest.raises(EngineError, match="renderBatch does not answer"):
        render_formulas([inline("x")])


# What comes with it


def test_the_stylesheet_links_exactly_the_fonts_that_are_there() -> None:
    css = (katex_assets() / "katex.min.css").read_text(encoding="utf-8")
    linked = set(re.findall(r"url\(([^)]*)\)", css))
    assert linked == {f"fonts/{font.name}" for font in (katex_assets() / "fonts").iterdir()}
    assert {Path(font).suffix for font in linked} == {".woff2"}


def test_the_version_is_that_of_the_script() -> None:
    assert f'"{katex_version()}"' in (katex_assets() / "katex.min.js").read_text(encoding="utf-8")
    assert re.fullmatch("[0-9a-f]{32}", engine_fingerprint())
