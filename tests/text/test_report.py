"""How diagnostics are shown: carets under the right cells, and forms that other programs can read."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from dlmap.text import CATALOGUE, Diagnostic, Severity, SourceFile, Span
from dlmap.text.report import as_github, as_json, as_sarif, as_text, summary


def diagnostic(text: str, start: int, end: int, path: str = "content/outline.zh.md") -> Diagnostic:
    return Diagnostic("DL303", "a fact", "an action", SourceFile(path, text), Span(start, end))


def marking(text: str, words: str, path: str = "outline.md") -> Diagnostic:
    """A diagnostic on the first place of `words` in `text`."""
    start = text.index(words)
    return diagnostic(text, start, start + len(words), path)


def excerpt(made: Diagnostic) -> tuple[str, str]:
    """The shown source line and the cells under it, both without the gutter."""
    _, source, caret, _ = as_text([made]).rstrip("\n").split("\n")
    assert source.index("|") == caret.index("|")
    return source[source.index("|") + 2 :], caret[caret.index("|") + 2 :]


def marked_cells(made: Diagnostic) -> tuple[int, int]:
    """The first cell with a caret, and how many there are."""
    _, caret = excerpt(made)
    assert re.fullmatch(r" *\^+", caret)
    return len(caret) - caret.count("^"), caret.count("^")


def test_a_report_is_place_fact_source_caret_and_action() -> None:
    assert as_text(
        [marking("# 卷积\n\n输出是$x * \\flter$。\n", "$x * \\flter$", "content/outline.zh.md")]
    ) == (
        "content/outline.zh.md:3:4: error[DL303] a fact\n"
        "    3 | 输出是$x * \\flter$。\n"
        "      |       ^^^^^^^^^^^^\n"
        "  help: an action\n"
    )


def test_without_a_place_there_is_only_the_file() -> None:
    made = Diagnostic("DL002", "is not UTF-8", "save it as UTF-8", path="outline.md")
    assert as_text([made]) == "outline.md: error[DL002] is not UTF-8\n  help: save it as UTF-8\n"


def test_without_a_file_there_is_no_stray_colon() -> None:
    assert as_text([Diagnostic("DL002", "a fact")]) == "error[DL002] a fact\n"


def test_every_diagnostic_is_reported_in_order() -> None:
    made = [diagnostic("abc", 0, 1), diagnostic("abc", 1, 2)]
    assert [line[:26] for line in as_text(made).split("\n") if "error" in line] == [
        "content/outline.zh.md:1:1:",
        "content/outline.zh.md:1:2:",
    ]


@pytest.mark.parametrize(
    ("text", "words", "cells"),
    [
        ("卷积是滤波", "卷", (0, 2)),  # line 1, column 1
        ("卷积是滤波", "是", (4, 2)),
        ("卷积 conv 层", "conv", (5, 4)),
        ("**卷积**x", "x", (8, 1)),
        ("abc，def", "def", (5, 3)),  # the full-width comma
        ("α“β”", "β", (2, 1)),  # ambiguous width counts as one
        ("\t\t- x", "x", (4, 1)),  # a tab is shown as one space
        ("⚪ 卷积", "卷积", (3, 4)),
        ("👍 ok", "ok", (3, 2)),
        ("👨‍👩‍👧 ok", "ok", (3, 2)),  # one sign of three
        ("cafe\u0301 au lait", "au", (5, 2)),  # a combining accent takes no cell
        ("ｆｕｌｌ x", "x", (9, 1)),
        ("\u3000全角空格", "全角", (2, 4)),
        ("한국어 x", "x", (7, 1)),
    ],
)
def test_caret_stands_right_under_its_words(text: str, words: str, cells: tuple[int, int]) -> None:
    assert marked_cells(marking(text, words)) == cells


def test_caret_at_the_end_of_a_line_stands_behind_it() -> None:
    text = "卷积\n下一行"
    assert marked_cells(diagnostic(text, 2, 2)) == (4, 1)


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [("# 卷积", "1:5", "# 卷积"), ("# 卷积\n", "2:1", ""), ("", "1:1", "")],
)
def test_the_end_of_the_file_can_be_pointed_at(text: str, place: str, line: str) -> None:
    made = diagnostic(text, len(text), len(text))
    assert f"zh.md:{place}: " in as_text([made])
    assert excerpt_line(made) == line
    assert marked_cells_at_end(made) == (cell_len(line), 1)


def excerpt_line(made: Diagnostic) -> str:
    return as_text([made]).split("\n")[1].partition("|")[2].strip()


def marked_cells_at_end(made: Diagnostic) -> tuple[int, int]:
    caret = as_text([made]).split("\n")[2].partition("|")[2][1:]
    return len(caret) - caret.count("^"), caret.count("^")


def test_a_span_of_several_lines_is_marked_to_the_end_of_the_first() -> None:
    assert marked_cells(diagnostic("ab卷积\ncd", 2, 7)) == (2, 4)


def test_a_long_line_is_cut_on_both_sides() -> None:
    text = "前" * 200 + "here" + "后" * 200
    shown, _ = excerpt(marking(text, "here"))
    assert shown.startswith("…前")
    assert shown.endswith("后…")
    assert cell_len(shown) <= 102
    first, count = marked_cells(marking(text, "here"))
    assert cell_len(shown[: shown.index("here")]) == first
    assert count == 4


def test_a_long_line_is_cut_on_the_right_only_where_it_begins() -> None:
    shown, caret = excerpt(marking("here" + "后" * 200, "here"))
    assert shown.startswith("here后")
    assert shown.endswith("…")
    assert caret == "^^^^"


def test_a_long_span_is_marked_as_far_as_it_is_shown() -> None:
    shown, caret = excerpt(diagnostic("长" * 500, 0, 500))
    assert shown == "长" * 50 + "…"
    assert caret == "^" * 100


def test_a_line_that_fits_is_shown_whole() -> None:
    text = "x" * 90 + "here" + "y" * 6
    assert excerpt(marking(text, "here"))[0] == text


@pytest.mark.timeout(10)
def test_a_line_of_megabytes_is_no_burden() -> None:
    text = "字" * 1_000_000
    assert marked_cells(diagnostic(text, 999_000, 1_000_000))[1] > 0


@pytest.mark.parametrize("char", ["\x1b", "\x07", "\x00", "\u202e", "\u2066", "\u200b", "\x9b", "\u2028"])
def test_what_would_drive_the_terminal_is_shown_as_a_sign(char: str) -> None:
    text = f"a{char}b"
    made = Diagnostic("DL303", f"a {char} fact", f"an {char} action", SourceFile("a.md", text), Span(2, 3))
    report = as_text([made])
    assert char not in report
    assert report.count("\N{REPLACEMENT CHARACTER}") == 3
    assert marked_cells(made) == (2, 1)


@given(st.text(st.characters(exclude_categories=["Cs"])), st.data())
def test_any_text_can_be_shown(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    report = as_text([diagnostic(text.replace("\r", "\n"), start, end)])
    assert report.count("\n") == 4
    assert all(char.isprintable() or char in "\n\u200d" or char.isspace() for char in report)
    for form in (as_json, as_sarif):
        json.loads(form([diagnostic(text, start, end)]))


@given(st.text(st.characters(categories=["Lo", "Lu", "Ll", "Nd"]), max_size=30), st.data())
def test_the_caret_of_plain_letters_covers_exactly_their_cells(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    made = diagnostic(text, start, end)
    marked = text[start : max(end, start + 1)]  # an empty span is shown at the letter that it stands before
    expected = (cell_len(text[:start]), max(1, cell_len(marked)))
    assert marked_cells_at_end(made) == expected


def test_json_has_places_in_characters() -> None:
    [made] = json.loads(as_json([marking("# 卷积\n输出$x$", "$x$")]))
    assert made == {
        "code": "DL303",
        "name": "forbidden-target",
        "severity": "error",
        "message": "a fact",
        "help": "an action",
        "path": "outline.md",
        "line": 2,
        "column": 3,
        "end_line": 2,
        "end_column": 6,
    }


def test_json_of_nothing_is_an_empty_list() -> None:
    assert json.loads(as_json([])) == []


def test_json_without_a_place_names_the_file_only() -> None:
    [made] = json.loads(as_json([Diagnostic("DL002", "a fact", path="a.md")]))
    assert "line" not in made
    assert made["path"] == "a.md"


def test_github_annotation_has_the_place_and_both_sentences() -> None:
    assert as_github([marking("输出$x$", "$x$")]) == (
        "::error file=outline.md,line=1,endLine=1,col=3,endColumn=6,title=DL303 forbidden-target::a fact. an action\n"
    )


def test_github_annotation_over_lines_has_no_end_column() -> None:
    assert "endColumn" not in as_github([diagnostic("ab\ncd", 0, 5)])


def test_github_annotation_escapes_what_ends_a_field() -> None:
    made = Diagnostic("DL001", "100% of\r\nit, and: more", path="a,b:c%.md")
    assert as_github([made]) == (
        "::error file=a%2Cb%3Ac%25.md,title=DL001 unreadable-file::100%25 of%0D%0Ait, and: more\n"
    )


def test_github_annotation_of_a_warning_is_one() -> None:
    assert as_github([Diagnostic("DL006", "is empty", path="a.md")]).startswith("::warning file=a.md,")


def test_sarif_has_the_essential_structure() -> None:
    made = [marking("输出$x$", "$x$", "笔记/a b.md"), Diagnostic("DL006", "is empty", "write", path="b.md")]
    document = json.loads(as_sarif(made))
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("sarif-2.1.0.json")
    [run] = document["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["tool"]["driver"]["name"] == "dlmap"
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert set(rules) == {"DL303", "DL006"}
    assert rules["DL006"]["defaultConfiguration"] == {"level": "warning"}
    for result in run["results"]:
        assert result["ruleId"] in rules
        assert result["level"] in ("error", "warning")
        assert result["message"]["text"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"].isascii()
    assert unquote(place["artifactLocation"]["uri"]) == "笔记/a b.md"
    assert place["region"] == {"startLine": 1, "startColumn": 3, "endLine": 1, "endColumn": 6}
    assert "region" not in run["results"][1]["locations"][0]["physicalLocation"]


def test_sarif_without_a_file_has_no_location() -> None:
    [run] = json.loads(as_sarif([Diagnostic("DL002", "a fact")]))["runs"]
    assert "locations" not in run["results"][0]


def test_sarif_of_nothing_is_a_run_without_results() -> None:
    [run] = json.loads(as_sarif([]))["runs"]
    assert run["results"] == []


def test_configured_severity_is_the_one_shown() -> None:
    made = Diagnostic("DL501", "a fact", path="a.md", override=Severity.ERROR)
    assert CATALOGUE["DL501"].severity is Severity.WARNING
    assert "error[DL501]" in as_text([made])
    assert as_github([made]).startswith("::error ")


def test_summary_counts_in_words() -> None:
    error, warning = Diagnostic("DL002", "a"), Diagnostic("DL006", "b")
    assert summary([error, warning, warning]) == "1 error, 2 warnings"
    assert summary([]) == "0 errors, 0 warnings"
