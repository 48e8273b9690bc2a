r"""Formulas as MathJax authors write them, in the words of KaTeX."""

from __future__ import annotations

import pytest

from dlmap.markdown.tex import PageFormulas
from dlmap.math import Formula, RenderedFormula, render_formulas


def translated(*formulas: tuple[str, bool], mathjax: bool = True) -> list[str]:
    """What becomes of the formulas of one page: (TeX, whether it is displayed)."""
    page = PageFormulas(mathjax=mathjax)
    read = [page.read(tex, display=display) for tex, display in formulas]
    return [
        page.resolve(formula, display=display).tex if formula.is_open else formula.tex
        for formula, (_, display) in zip(read, formulas, strict=True)
    ]


def one(tex: str, *, display: bool = False) -> str:
    return translated((tex, display))[0]


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{align} u &= v \\ s &= t \end{align}",
        r"\begin{eqnarray} u &=& v \\ s &=& t \end{eqnarray}",
        r"\begin{multline} u \\ v \end{multline}",
        r"\begin{alignat}{2} u &= v & s &= t \end{alignat}",
        r"\begin{equation}\begin{split} u &= v \\ &= w \end{split}\end{equation}",
        r"\begin{flalign*} u &= v \end{flalign*}",
        r"\text{loss_t} + \text{50% \& #2} + \mbox{if $k_1>0$}",
        r"{\scr F}\cal{G}\bold{w}\symbf{z}\mathbfit{q}",
        r"\require{cancel}\cancel{y} \enclose{box}{z} \unicode{x2605}",
        r"\root 4 \of y \buildrel d \over = \overunderset{u}{d}{m} \sideset{_1^2}{_3^4}\sum",
        r"\matrix{p & q \cr r & s} \pmatrix{p \\ q} \cases{p & q \cr r & s}",
        r"\raise 3pt{y} \Rule{1em}{2em}{0pt} \Space{1em}{0pt}{0pt} \skew{4}\hat y \mspace{4mu} \idotsint",
        r"\ce{CO2 + C -> 2 CO} \pu{12 kJ}",
        "n＋1＝２，（k）％",
    ],
)
@pytest.mark.parametrize("display", [True, False])
def test_katex_renders_what_mathjax_reads(tex: str, display: bool) -> None:
    [outcome] = render_formulas([Formula(one(tex, display=display), display)])
    assert isinstance(outcome, RenderedFormula), outcome


def test_environments_are_unnumbered_and_fit_where_they_stand() -> None:
    assert one(r"\begin{gather}u\end{gather}", display=True) == r"\begin{gather*}u\end{gather*}"
    assert one(r"\begin{gather}u\end{gather}") == r"\begin{gathered}u\end{gathered}"
    assert r"\tag" not in one(r"\begin{align}u&=v\\s&=t\end{align}", display=True)


def test_text_is_literal_but_for_formulas_in_it() -> None:
    assert one(r"\text{p_q\样 ~ $r_1$}") == r"\text{p\_q\textbackslash{}样 \textasciitilde{} $r_1$}"
    assert translated((r"\text{\textbf{p} ~ q}", False), mathjax=False) == [r"\text{\textbf{p} ~ q}"]


def test_macros_hold_for_the_formulas_behind_them() -> None:
    page = translated(
        (r"\newcommand{\E}[2][p]{\mathbb{E}_{#1}[#2]} \def\w{\mathbf w}", True),
        (r"\E{f} \E[q]{g} x^\w", False),
        (r"\let\v=\w \DeclareMathOperator*{\amax}{a\,max} \amax \v", False),
    )
    assert page[0] == ""
    assert page[1] == r"\mathbb{E}_{p}[f] \mathbb{E}_{q}[g] x^{\mathbf w}"
    assert r"\operatorname{a\,max}" in page[2]
    assert r"\mathbf w" in page[2]


def test_a_macro_that_uses_itself_ends_and_is_told() -> None:
    page = PageFormulas(mathjax=True)
    formula = page.read(r"\def\z{\z\z}\z", display=False)
    assert r"\z" in formula.tex
    assert "use itself" in formula.notes[0]


def test_labels_give_numbers_and_references_find_them_in_both_directions() -> None:
    first, second, third, reference = translated(
        (r"see \eqref{two}", False),
        (r"y \tag{1}\label{one}", True),
        (r"\begin{align} u \label{two} \\ v \tag{B}\label{three} \end{align}", True),
        (r"\ref{one}, \ref{three}", False),
    )
    assert first == r"see \text{(2)}"
    assert second == r"y \tag*{(1)}"
    assert r"u \tag*{(2)}" in third
    assert reference == r"\text{1}, \text{B}"


def test_full_width_signs_are_read_outside_of_text() -> None:
    assert one("a＋b＝３，５％") == r"a+b=3,5\%"
    assert one(r"\text{甲，乙}") == r"\text{甲，乙}"


def test_a_decoration_is_left_out_and_told() -> None:
    page = PageFormulas(mathjax=True)
    formula = page.read(r"\bbox[yellow]{k}", display=False)
    assert formula.tex == "{k}"
    assert formula.notes == (r"`\bbox` has no counterpart in KaTeX; only its content is shown",)
