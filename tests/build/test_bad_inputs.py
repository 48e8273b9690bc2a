"""Bad inputs, by the numbers of the fault model: each is told at its place, published safely, or refused untouched."""

from __future__ import annotations

import ctypes
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

import dlmap
from dlmap import BuildResult, build
from dlmap.publish import OutputRefusedError
from dlmap.publish.output import MARKER, MARKER_TEXT
from dlmap.text import Diagnostic, Severity
from support.web_page import attributes, read_html, texts

SRC = Path(dlmap.__file__).parents[1]
HEAD = "# Vision\n\n## Backbones\n\n"
OUTLINE = f"{HEAD}### Convolution\n\nA filter.\n\n- Deep: such as **VGG**, **ResNet**\n"
_DROPPED_RIGHTS = (1, 2)
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: with them, root may read what nobody may."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site in English."""
    site = tmp_path / "site"
    (site / "content" / "notes").mkdir(parents=True)
    (site / "dlmap.toml").write_text('languages = ["en"]\n', "utf-8")
    write(site, OUTLINE)
    return site


def write(folder: Path, outline: str | bytes) -> None:
    data = outline if isinstance(outline, bytes) else outline.encode()
    (folder / "content" / "outline.en.md").write_bytes(data)


def said(folder: Path, outline: str | bytes | None = None) -> list[str]:
    """What the check of a site says: `line:column CODE` of each diagnostic, only the code where there is no place."""
    return [
        f"{'{}:{} '.format(*diagnostic.position) if diagnostic.position else ''}{diagnostic.code}"
        for diagnostic in diagnostics(folder, outline)
    ]


def diagnostics(folder: Path, outline: str | bytes | None = None) -> tuple[Diagnostic, ...]:
    if outline is not None:
        write(folder, outline)
    return build(folder).diagnostics


def front(*lines: str) -> str:
    return "\n".join(["---", *lines, "---", OUTLINE])


def published(folder: Path, outline: str, *, keep_going: bool = False) -> Path:
    """The built site."""
    write(folder, outline)
    output = folder.parent / "output"
    result = build(folder, output, keep_going=keep_going)
    assert result.published, [diagnostic.message for diagnostic in result.diagnostics]
    return output


def page(output: Path, concept: str = "convolution") -> str:
    return (output / "en" / concept / "index.html").read_text("utf-8")


def assert_harmless(html: str) -> None:
    """Nothing in a page runs code that the theme did not bring."""
    for node in read_html(html).css("*"):
        tag, values = node.tag, node.attributes
        assert not any(name.startswith("on") for name in values), (tag, values)
        if tag == "script":
            source = values.get("src") or ""
            is_data = values.get("type") in ("application/ld+json", "application/json")
            assert is_data or re.match(r"(/|(\.\./)*)assets/", source), values
        for name in ("href", "src"):
            target = values.get(name) or ""
            assert re.match(r"(https?:|mailto:|data:image/|\.|/|#|[\w%-]+(/|$|\.\w+))|$", target), (
                tag,
                target,
            )
            assert not target.lower().startswith(("javascript", "vbscript", "blob", "//")), (tag, target)


def tree(folder: Path) -> dict[str, bytes | str]:
    return {
        path.relative_to(folder).as_posix(): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else "folder"
        for path in sorted(folder.rglob("*"))
    }


# Front matter


def test_01_unclosed_front_matter(folder: Path) -> None:
    assert said(folder, f"---\ntitle: x\n\n{OUTLINE}") == ["1:1 DL101"]


def test_02_colon_in_a_title(folder: Path) -> None:
    [found] = diagnostics(folder, front("title: Foo: bar"))
    assert (found.code, found.position) == ("DL102", (2, 11))
    assert "quotes" in found.help


def test_03_tab_as_indentation(folder: Path) -> None:
    [found] = diagnostics(folder, front("tags:", "\t- a"))
    assert (found.code, found.position) == ("DL102", (3, 1))
    assert "tab" in found.help


def test_04_duplicate_key(folder: Path) -> None:
    assert said(folder, front("title: a", "title: b")) == ["3:1 DL103"]


def test_05_language_no(folder: Path) -> None:
    [found] = diagnostics(folder, front("lang: no"))
    assert (found.code, found.position) == ("DL106", (2, 7))
    assert 'lang: "no"' in found.help


@pytest.mark.parametrize("title", ["1.10", "0123", "12:30:45"])
def test_06_titles_that_yaml_reads_as_numbers(title: str, folder: Path) -> None:
    [found] = diagnostics(folder, front(f"title: {title}"))
    assert (found.code, found.position) == ("DL106", (2, 8))
    assert f'title: "{title}"' in found.help
    assert said(folder, front(f'title: "{title}"')) == []


def test_07_day_that_the_calendar_does_not_have(folder: Path) -> None:
    assert said(folder, front("date: 2026-02-30")) == ["2:7 DL106"]


def test_08_integer_of_5000_digits(folder: Path) -> None:
    assert said(folder, front(f"title: {'9' * 5000}")) == ["2:8 DL106"]
    write(folder, OUTLINE)
    (folder / "content" / "methods.yml").write_text(f"vgg:\n  name: VGG\n  year: {'9' * 5000}\n", "utf-8")
    assert said(folder) == ["3:9 DL601"]


@pytest.mark.parametrize(
    "value", ["!!python/object/apply:os.system ['touch ran']", "!foo bar", "!!binary aGk="]
)
def test_09_yaml_tags_run_nothing(value: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert said(folder, front(f"title: {value}")) == ["2:8 DL107"]
    assert not (folder / "ran").exists()


@pytest.mark.parametrize(
    "lines",
    [
        ["a: &a [x, x]", *(f"b{n}: &b{n} [*a, *a]" for n in range(20))],
        ["title: *unknown"],
        ["<<: {title: x}"],
    ],
)
def test_10_aliases_and_merge_keys_cost_nothing(lines: list[str], folder: Path) -> None:
    write(folder, front(*lines))
    build(folder)
    began = time.process_time()
    assert "DL104" in said(folder)[0]
    assert time.process_time() - began < 2  # 50 ms, the whole check included


def test_11_two_thousand_brackets(folder: Path) -> None:
    [found] = diagnostics(folder, front("tags: " + "[" * 2000))
    assert found.code == "DL105"
    assert "deeper than 16" in found.message


@pytest.mark.parametrize(
    ("lines", "expected"),
    [(["- a", "- b"], "2:1 DL106"), (["words"], "2:1 DL106")],
)
def test_12_front_matter_that_is_no_mapping(lines: list[str], expected: str, folder: Path) -> None:
    assert said(folder, front(*lines)) == [expected]


def test_12_two_documents(folder: Path) -> None:
    (folder / "content" / "methods.yml").write_text(
        "vgg: {name: VGG}\n---\nresnet: {name: ResNet}\n", "utf-8"
    )
    assert said(folder) == ["2:1 DL102"]


def test_13_half_a_surrogate_pair(folder: Path) -> None:
    [found] = said(folder, front(r'title: "\ud800"'))
    assert found.endswith(" DL102")


def test_14_misspelt_key(folder: Path) -> None:
    [found] = diagnostics(folder, front("titel: x"))
    assert (found.code, found.severity, found.position) == ("DL109", Severity.WARNING, (2, 1))
    assert "`title`" in found.help


def test_15_front_matter_of_a_megabyte(folder: Path) -> None:
    assert said(folder, front("description: |", *["  words and words"] * 60_000)) == ["1:1 DL108"]


# Encoding


def test_16_byte_order_mark(folder: Path) -> None:
    assert said(folder, b"\xef\xbb\xbf" + front('title: "x"').encode()) == []


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_17_utf_16(encoding: str, folder: Path) -> None:
    [found] = diagnostics(
        folder, ("\ufeff" if encoding == "utf-16-be" else "").encode(encoding) + OUTLINE.encode(encoding)
    )
    assert found.code == "DL002"
    assert "byte offset 0" in found.message


def test_18_gbk(folder: Path) -> None:
    [found] = diagnostics(folder, "# 视觉\n\n## 主干\n".encode("gbk"))
    assert found.code == "DL002"
    assert "byte offset 2" in found.message
    assert "iconv -f GB18030 -t UTF-8" in found.help


@pytest.mark.parametrize(
    ("data", "offset"), [(b"# a\xe5\x8d", 3), (b"# \xc0\xaf", 2), (b"# \xed\xa0\x80", 2)]
)
def test_19_damaged_utf_8(data: bytes, offset: int, folder: Path) -> None:
    [found] = diagnostics(folder, data)
    assert found.code == "DL002"
    assert f"byte offset {offset}" in found.message


def test_20_line_ends_of_other_systems_give_the_same_pages(folder: Path) -> None:
    text = front('title: "x"').replace("A filter.", "A filter\nof two lines.\n\n> quoted\n")
    sites = []
    for end in ("\n", "\r\n", "\r"):
        output = published(folder, text.replace("\n", end))
        sites.append({name: data for name, data in tree(output).items() if name.endswith(".html")})
    assert sites[0] == sites[1] == sites[2]


def test_21_nul(folder: Path) -> None:
    assert said(folder, OUTLINE.replace("filter", "fil\0ter")) == ["7:6 DL003"]


@pytest.mark.parametrize("char", ["\u202e", "\u200b", "\u2066", "\ufeff"])
def test_22_invisible_characters_in_a_title(char: str, folder: Path) -> None:
    [found] = diagnostics(folder, front(f"title: a{char}b"))
    assert (found.code, found.severity, found.position) == ("DL110", Severity.WARNING, (2, 8))
    assert f"U+{ord(char):04X}" in found.message


def test_23_empty_file(folder: Path) -> None:
    assert said(folder, b"") == ["1:1 DL006"]
    write(folder, OUTLINE)
    (folder / "content" / "notes" / "vgg.en.md").touch()
    assert said(folder) == ["1:1 DL006"]


def test_23_an_empty_outline_does_not_replace_the_site_that_stands(folder: Path) -> None:
    output = published(folder, OUTLINE)
    before = tree(output)
    write(folder, b"")
    assert not build(folder, output).published
    assert tree(output) == before


def test_24_line_of_ten_megabytes(folder: Path) -> None:
    [found] = diagnostics(folder, OUTLINE + "x" * 10_000_000)
    assert found.code == "DL004"
    assert "4,194,304" in found.message


# Outline and Markdown


def test_25_lists_60_deep_lose_nothing(folder: Path) -> None:
    items = "".join(f"{'  ' * depth}- item{depth}\n" for depth in range(60))
    html = page(published(folder, f"{HEAD}### Convolution\n\n{items}"))
    assert [depth for depth in range(60) if f"item{depth}" not in html] == []


def test_26_quotes_25000_deep(folder: Path) -> None:
    assert "5:1 DL209" in said(folder, f"{HEAD}{'> ' * 25_000}x\n")


def test_27_heading_jumps(folder: Path) -> None:
    assert said(folder, "# Vision\n\n#### Deep\n\nText.\n") == ["3:6 DL208"]


def test_27_no_heading(folder: Path) -> None:
    assert said(folder, "Only text.\n") == ["1:1 DL207"]
    assert said(folder, "## Backbones\n\n### Convolution\n\nText.\n") == []


def test_27_two_parts_are_two_parts(folder: Path) -> None:
    output = published(folder, "# Vision\n\n## A\n\nText.\n\n# Language\n\n## B\n\nText.\n")
    taxonomy = json.loads((output / "taxonomy.json").read_text("utf-8"))
    assert [concept["id"] for concept in taxonomy["concepts"] if concept["kind"] == "part"] == [
        "vision",
        "language",
    ]


def test_28_two_names_of_one_id(folder: Path) -> None:
    [found] = diagnostics(folder, f"{HEAD}### A\n\nText.\n\n### A*\n\nText.\n")
    assert (found.code, found.position) == ("DL210", (9, 5))
    assert "content/outline.en.md:5" in found.message
    assert "{#" in found.help


def test_28_names_that_differ_in_the_code_points_of_a_letter_are_one(folder: Path) -> None:
    outline = f"{HEAD}### \u0130 net\n\nText.\n\n### i\u0307 net\n\nText.\n"
    [found] = diagnostics(folder, outline)
    assert (found.code, found.position) == ("DL205", (9, 5))
    assert "line 5" in found.message


def test_28_names_that_differ_in_a_plus_have_two_ids(folder: Path) -> None:
    output = published(folder, f"{HEAD}### C\n\nText.\n\n### C++\n\nText.\n")
    assert (output / "en" / "c" / "index.html").is_file()
    assert (output / "en" / "c-plus-plus" / "index.html").is_file()


def test_29_title_of_an_emoji_only_has_a_stable_id(folder: Path) -> None:
    outline = f"{HEAD}### 🦜\n\nText.\n"
    first = tree(published(folder, outline))
    again = tree(published(folder, outline.replace("### 🦜", "### Other\n\nText.\n\n### 🦜")))
    ids = [name for name in first if re.fullmatch(r"en/concept-[0-9a-f]+", name)]
    assert len(ids) == 1
    assert ids[0] in again


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="https://good.example/" onclick="alert(1)">x</a>',
        "<svg onload=alert(1)>",
        "<iframe src=//evil.example></iframe>",
        "<details open ontoggle=alert(1)>",
        '<base href="//evil.example/">',
        "<style>*{background:url(//evil.example)}</style>",
        "<!--><script>alert(1)</script>-->",
    ],
)
def test_30_raw_html_is_text(payload: str, folder: Path) -> None:
    outline = (
        f"---\ntitle: '{payload}'\ndescription: '{payload}'\n---\n{HEAD}"
        f"### Convolution {payload}\n\nText {payload} text.\n\n{payload}\n\n"
        f"[{payload}](https://good.example/)\n\n- Deep: such as **{payload}**, **VGG {payload}**, **{payload}a**\n"
    )
    output = published(folder, outline, keep_going=True)
    for file in output.rglob("*.html"):
        assert_harmless(file.read_text("utf-8"))


def test_31_fence_info_is_no_attribute(folder: Path) -> None:
    html = page(published(folder, f'{HEAD}### Convolution\n\n```js" onclick="alert(1)\ncode\n```\n'))
    assert_harmless(html)


@pytest.mark.parametrize("name", ["__proto__", "constructor", "location", "toString"])
def test_32_ids_that_javascript_knows_are_ids_of_pages_only(name: str, folder: Path) -> None:
    output = published(folder, f"{HEAD}### {name}\n\nText.\n\n- {name}: such as **VGG**, **ResNet**\n")
    ids = {name for file in output.rglob("*.html") for name in attributes(read_html(file), "[id]", "id")}
    assert "__proto__" not in ids
    assert (output / "en" / name.strip("_").lower() / "index.html").is_file()


def test_33_what_differs_between_languages_is_listed(folder: Path) -> None:
    (folder / "dlmap.toml").write_text('languages = ["zh", "en"]', "utf-8")
    chinese = "# 视觉 (Vision)\n\n## 主干 (Backbones)\n\n一种网络。\n\n### 注意力 (Attention)\n\n一种加权。\n"
    (folder / "content" / "outline.zh.md").write_text(chinese, "utf-8")
    english = "# Vision\n\n## Backbones\n\nA network.\n\n### Convolution\n\nA filter.\n"
    found = {(each.code, each.file, each.position) for each in diagnostics(folder, english)}
    assert found == {
        ("DL503", "content/outline.en.md", (7, 5)),
        ("DL501", "content/outline.zh.md", (7, 5)),
    }


def test_33_an_approach_that_translates_nothing_is_listed(folder: Path) -> None:
    (folder / "dlmap.toml").write_text('languages = ["zh", "en"]', "utf-8")
    chinese = (
        "# 视觉 (Vision)\n\n## 主干 (Backbones)\n\n### 卷积 (Convolution)\n\n- 深: 如**VGG**, **ResNet**\n"
    )
    (folder / "content" / "outline.zh.md").write_text(chinese, "utf-8")
    assert any(each.endswith("DL503") for each in said(folder, OUTLINE))


# Links


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A;avascript&colon;alert(1)",
        "vbscript:x",
        "data:text/html,x",
    ],
)
def test_34_links_that_run_code(target: str, folder: Path) -> None:
    outline = f"{HEAD}### Convolution\n\n[x]({target})\n"
    assert said(folder, outline) == ["7:1 DL303"]
    assert_harmless(page(published(folder, outline, keep_going=True)))


@pytest.mark.parametrize(
    "target",
    [
        "java&Tab;script:alert(1)",
        "<java\tscript:alert(1)>",
        "<java&NewLine;script:x>",
        "\u200bjavascript:alert(1)",
    ],
)
def test_34_schemes_broken_up_are_no_schemes(target: str, folder: Path) -> None:
    assert_harmless(page(published(folder, f"{HEAD}### Convolution\n\n[x]({target})\n", keep_going=True)))


@pytest.mark.parametrize("link", ["[x](javascript:alert(1))", '<a href="javascript:alert(1)">x</a>'])
def test_34_links_that_run_code_are_never_published(link: str, folder: Path) -> None:
    outline = f"{HEAD}### Convolution\n\nText {link}.\n\n{link}\n\n- Deep: such as **{link}**, **VGG**\n"
    assert_harmless(page(published(folder, outline, keep_going=True)))


@pytest.mark.parametrize("link", ["[x](javascript:alert(1))", '<a href="javascript:alert(1)">x</a>'])
def test_34_links_of_headings_that_run_code_are_never_published(link: str, folder: Path) -> None:
    output = published(folder, f"{HEAD}### {link} {{#convolution}}\n\nText.\n", keep_going=True)
    assert_harmless(page(output))
    assert "javascript" not in (output / "taxonomy.json").read_text("utf-8")


@pytest.mark.parametrize(
    "target", ["blob:x", "intent:x", "feed:javascript:x", "view-source:x", "file:///etc/passwd"]
)
def test_35_links_to_other_programs(target: str, folder: Path) -> None:
    assert said(folder, f"{HEAD}### Convolution\n\n[x]({target})\n") == ["7:1 DL303"]


@pytest.mark.parametrize(
    "target", ["//evil.example", r"<\\\\evil.example>", r"</\\evil.example>", "/%5Cevil.example"]
)
def test_36_links_to_a_host_without_a_scheme(target: str, folder: Path) -> None:
    assert said(folder, f"{HEAD}### Convolution\n\n[x]({target})\n") == ["7:1 DL303"]


def test_37_link_to_a_concept_that_does_not_exist(folder: Path) -> None:
    [found] = diagnostics(folder, f"{HEAD}### Convolution\n\n- [Other](#other)\n")
    assert (found.code, found.position) == ("DL304", (7, 3))
    assert "#other" in found.message


def test_37_link_in_a_text_to_a_concept_that_does_not_exist(folder: Path) -> None:
    assert said(folder, f"{HEAD}### Convolution\n\nSee [other](#other).\n") == ["7:5 DL304"]


def test_37_link_in_an_approach_to_a_concept_that_does_not_exist(folder: Path) -> None:
    outline = f"{HEAD}### Convolution\n\n- Deep: see [itself](#convolution) and [other](#other).\n"
    assert said(folder, outline) == ["7:40 DL304"]


@pytest.mark.parametrize("target", ["../../etc/passwd", "../../../x.html", "a/../../x", "%2e%2e/x"])
def test_38_relative_link_out_of_the_site(target: str, folder: Path) -> None:
    assert said(folder, f"{HEAD}### Convolution\n\n[x]({target})\n") == ["7:1 DL303"]


def test_38_relative_link_out_of_the_site_is_never_published(folder: Path) -> None:
    output = published(folder, f"{HEAD}### Convolution\n\n[x](../../../etc/passwd)\n", keep_going=True)
    assert "passwd" not in page(output)


@pytest.mark.parametrize(
    "target", ["%C3", "https://a.example/%C3", "&#xD800;", "https://a.example/&#xD800;x", "%"]
)
def test_39_damaged_escapes_in_links_do_no_harm(target: str, folder: Path) -> None:
    output = published(folder, f"{HEAD}### Convolution\n\n[x]({target})\n", keep_going=True)
    assert_harmless(page(output))


def test_40_pictures_are_never_inlined(folder: Path) -> None:
    (folder / "content" / "x.svg").write_text("<svg><script>alert(1)</script></svg>", "utf-8")
    html = page(published(folder, f"{HEAD}### Convolution\n\n![picture](x.svg)\n", keep_going=True))
    assert "alert(1)" not in html
    assert_harmless(html)


# Formulas


def formula_error(folder: Path, tex: str) -> Diagnostic:
    """The one thing wrong with a formula, harmless where it is shown in the page: refused, or a part left out."""
    outline = f"{HEAD}### Convolution\n\nA ${tex}$ b.\n"
    [found] = diagnostics(folder, outline)
    assert found.code in ("DL401", "DL403")
    assert found.position == (7, 3)
    assert_harmless(page(published(folder, outline, keep_going=True)))
    return found


@pytest.mark.parametrize("tex", ["{a", r"\foo<script>", r"\frac{1", r"a_b_c"])
def test_41_formulas_that_do_not_parse(tex: str, folder: Path) -> None:
    formula_error(folder, tex)


@pytest.mark.parametrize(
    "tex",
    [r"\href{javascript:alert(1)}{x}", r"\htmlData{a=b}{x}", r"\includegraphics{x}", r"\htmlClass{a}{x}"],
)
def test_42_commands_that_a_page_must_not_run(tex: str, folder: Path) -> None:
    formula_error(folder, tex)


@pytest.mark.parametrize(
    "tex",
    [
        r"\def\a{\a\a}\a",
        r"\def\a{xx}"
        + "".join(
            rf"\edef\{b}{{{chr(92) + a} {(chr(92) + a + ' ') * 7}}}" for a, b in ("ab", "bc", "cd", "de")
        )
        + r"\e",
        r"\def⁺{⁺⁺}" + "⁺" * 500,
    ],
)
def test_43_macros_that_grow_without_end(tex: str, folder: Path) -> None:
    # KaTeX's own limit ends it, not the limit of time or memory that costs an engine.
    assert "to render" not in formula_error(folder, tex).message


@pytest.mark.parametrize("tex", ["{" * 10_000, "x^{" * 3000 + "x" + "}" * 3000])
def test_44_braces_that_nest_without_end(tex: str, folder: Path) -> None:
    formula_error(folder, tex)


def test_45_formula_of_more_than_ten_kilobytes(folder: Path) -> None:
    assert "long" in formula_error(folder, "x+" * 6000 + "x").message


@pytest.mark.parametrize("size", ["1e9em", "1000000000em"])  # KaTeX takes the first one for 9em
def test_46_rule_of_a_billion_ems_is_capped(size: str, folder: Path) -> None:
    html = page(published(folder, f"{HEAD}### Convolution\n\nA $\\rule{{{size}}}{{{size}}}$ b.\n"))
    sizes = [float(size) for size in re.findall(r"(?:width|height):(\d+(?:\.\d+)?)em", html)]
    assert 0 < max(sizes) <= 50


def test_47_macro_of_one_text_is_unknown_in_the_next(folder: Path) -> None:
    (folder / "content" / "notes" / "attention.en.md").write_text("A $\\frac{1}{2}$ b.\n", "utf-8")
    outline = f"{HEAD}### Convolution\n\nA $\\gdef\\frac{{X}} \\frac$ b.\n\n### Attention\n\nText.\n"
    html = read_html(page(published(folder, outline, keep_going=True), "attention"))
    assert html.css("main mfrac")


@pytest.mark.parametrize("char", ["𠮷", "😀"])
def test_48_character_beyond_the_first_plane_before_an_unknown_command(char: str, folder: Path) -> None:
    found = formula_error(folder, f"{char}\\foo")
    assert "\\foo" in found.message
    assert not re.search("[\ud800-\udfff]", found.message)


def test_49_dollars_that_are_money(folder: Path) -> None:
    html = page(published(folder, f"{HEAD}### Convolution\n\nBetween $5 and $6 a piece.\n"))
    assert "Between $5 and $6 a piece." in texts(read_html(html), "main p")


# Output folders: refused, and nothing touched


def assert_refused(folder: Path, output: Path) -> None:
    """The build is refused, and everything around is as it was, byte for byte."""
    before = tree(folder.parent)
    with pytest.raises(OutputRefusedError):
        build(folder, output)
    assert tree(folder.parent) == before


def test_50_output_is_the_source_or_holds_it(folder: Path) -> None:
    for place in (folder, folder.parent, folder / "content"):
        (place / MARKER).write_bytes(
            MARKER_TEXT
        )  # that dlmap wrote the folder does not make it one to replace
    assert_refused(folder, folder)
    assert_refused(folder, folder.parent)
    assert_refused(folder, folder / "content")
    assert_refused(folder, folder / "content" / "site")
    assert_refused(folder, folder / "content" / "outline.en.md")


def test_50_output_is_home_or_root(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = folder.parent / "home" / "me"
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    assert_refused(folder, home)
    assert_refused(folder, home.parent)
    assert_refused(folder, Path("/"))


def test_50_output_is_the_root_of_a_repository(folder: Path) -> None:
    repository = folder.parent / "repository"
    (repository / ".git").mkdir(parents=True)
    assert_refused(folder, repository)


def test_51_output_holds_something_else(folder: Path) -> None:
    photos = folder.parent / "photos"
    photos.mkdir()
    (photos / "cat.jpg").write_bytes(b"cat")
    (photos / ".nojekyll").touch()
    assert_refused(folder, photos)


def test_52_output_is_a_file(folder: Path) -> None:
    (folder.parent / "file").write_text("mine", "utf-8")
    assert_refused(folder, folder.parent / "file")
    assert_refused(folder, folder.parent / "file" / "site")


def test_52_output_is_a_link(folder: Path) -> None:
    (folder.parent / "real").mkdir()
    (folder.parent / "link").symlink_to("real")
    (folder.parent / "dangling").symlink_to("nothing")
    assert_refused(folder, folder.parent / "link")
    assert_refused(folder, folder.parent / "dangling")


def run_without_rights(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `dlmap` as a user for whom rights count, which they do not for root."""

    def drop() -> None:
        for right in _DROPPED_RIGHTS:
            ctypes.CDLL(None).prctl(24, right, 0, 0, 0)  # PR_CAPBSET_DROP; for other users it has no effect

    done = subprocess.run(
        [sys.executable, "-m", "dlmap", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(SRC)},
        capture_output=True,
        encoding="utf-8",
        check=False,
        preexec_fn=drop,
    )
    assert "Traceback" not in done.stdout + done.stderr
    return done


@pytest.mark.skipif(sys.platform != "linux", reason="rights of root")
@pytest.mark.parametrize("closed", ["output", "."])
def test_52_output_that_may_not_be_written(closed: str, folder: Path) -> None:
    output = folder.parent / "outside" / "output"
    output.mkdir(parents=True)
    (output.parent / closed).chmod(0o555)
    before = tree(output.parent)
    done = run_without_rights(folder, "build", "-o", str(output))
    (output.parent / closed).chmod(0o755)
    assert done.returncode == 2, done.stderr
    assert "cannot be written" in done.stderr
    assert tree(output.parent) == before


# Files


@pytest.mark.parametrize("target", ["/etc/passwd", "nothing", "vgg.en.md"])
def test_53_links_out_of_the_site_are_not_followed(target: str, folder: Path) -> None:
    (folder / "content" / "notes" / "vgg.en.md").symlink_to(target)
    [found] = diagnostics(folder)
    assert (found.code, found.file) == ("DL008", "content/notes/vgg.en.md")


def test_53_linked_folder_of_notes(folder: Path) -> None:
    (folder / "content" / "notes").rmdir()
    (folder / "content" / "notes").symlink_to("/etc")
    [found] = diagnostics(folder)
    assert (found.code, found.file) == ("DL008", "content/notes")


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", ["notes/vgg.en.md", "methods.yml"])
def test_54_pipe_in_the_content(name: str, folder: Path) -> None:
    os.mkfifo(folder / "content" / name)
    [found] = diagnostics(folder)
    assert (found.code, found.file) == ("DL005", f"content/{name}")


@pytest.mark.timeout(20)
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_54_pipe_instead_of_the_outline_or_the_configuration(make: object, folder: Path) -> None:
    assert callable(make)
    (folder / "content" / "outline.en.md").unlink()
    make(folder / "content" / "outline.en.md")
    assert said(folder) == ["DL005"]


@pytest.mark.timeout(20)
def test_54_device_as_a_post() -> None:
    assert [found.code for found in build(Path("/dev/zero")).diagnostics] == ["DL005"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"a\xff.en.md", "content/notes/a\\udcff.en.md"),
        (b"a\nb.en.md", "content/notes/a\\nb.en.md"),
        (b"CON.md", "content/notes/CON.md"),
        (b"a#b?.en.md", "content/notes/a#b?.en.md"),
        ("卷积.en.md".encode(), "content/notes/卷积.en.md"),
    ],
)
def test_55_notes_with_strange_names(name: bytes, shown: str, folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder / "content" / "notes") + b"/" + name)).write_text("x\n", "utf-8")
    [found] = diagnostics(folder)
    assert (found.code, found.file) == ("DL603", shown)
    done = subprocess.run(
        [sys.executable, "-m", "dlmap", "check", "--format", "json"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(SRC)},
        capture_output=True,
        check=False,
    )
    assert [entry["path"] for entry in json.loads(done.stdout)] == [shown]


def test_55_lone_post_with_a_strange_name(tmp_path: Path) -> None:
    post = tmp_path / "a#b? c\n.md"
    post.write_text(f"{OUTLINE}\n### \n", "utf-8")
    result = build(post, tmp_path / "site")
    assert result.published
    assert {found.file for found in result.diagnostics} == {"a#b? c\\n.md"}


def test_55_articles_with_strange_names_have_plain_addresses(folder: Path) -> None:
    (folder / "content" / "articles").mkdir()
    names = {b"a\xff.md": "a", b"c\nd.md": "c-d", b"CON.md": "con", b"e#f?.md": "e-f"}
    for name in names:
        file = Path(os.fsdecode(os.fsencode(folder / "content" / "articles") + b"/" + name))
        file.write_text("---\ntitle: T\ndate: 2024-01-02\n---\nText.\n", "utf-8")
    output = published(folder, OUTLINE)
    links = attributes(read_html(page(output, "articles")), "a", "href")
    for address in names.values():
        assert f"{address}/" in links
        assert (output / "en" / "articles" / address / "index.html").is_file()


def test_55_static_files_whose_names_are_no_text(folder: Path) -> None:
    inner = os.fsencode(folder / "static" / "inner")
    Path(os.fsdecode(inner)).mkdir(parents=True)
    Path(os.fsdecode(inner + b"/a\xff.css")).touch()
    assert {(each.code, each.file) for each in diagnostics(folder)} == {
        ("DL002", "static/inner/a\\udcff.css")
    }


def test_56_articles_that_differ_in_case_or_form_have_two_addresses(folder: Path) -> None:
    (folder / "content" / "articles").mkdir()
    for name in ("vgg.md", "VGG.md", "caf\u00e9.md", "cafe\u0301.md"):
        text = "---\ntitle: T\ndate: 2024-01-02\n---\nText.\n"
        (folder / "content" / "articles" / name).write_text(text, "utf-8")
    told = [each for each in diagnostics(folder) if "slug" in each.help]
    assert [each.code for each in told] == ["DL321"] * 2
    for taken, each in zip(("cafe\u0301", "VGG"), told, strict=True):
        assert f"{taken}.md" in each.message


def test_56_names_that_differ_in_case_or_form(folder: Path) -> None:
    notes = folder / "content" / "notes"
    for name in ("vgg.en.md", "VGG.en.md", "caf\u00e9.en.md", "cafe\u0301.en.md"):
        (notes / name).write_text("x\n", "utf-8")
    assert [found.code for found in diagnostics(folder)] == ["DL603"] * 3


def test_57_name_that_is_too_long_for_a_file(folder: Path) -> None:
    outline = f"{HEAD}### {'Convolution ' * 30}\n\nText.\n"
    write(folder, outline)
    result = build(folder, folder.parent / "output")
    assert result.published or result.count(Severity.ERROR)


def test_57_name_of_86_chinese_characters(folder: Path) -> None:
    (folder / "content" / "notes" / f"{'卷' * 80}.en.md").write_text("x\n", "utf-8")
    assert said(folder) == ["DL603"]


def test_57_addresses_that_are_too_long_are_told_at_their_place(folder: Path) -> None:
    assert said(folder, f"{HEAD}### Convolution {{#{'a' * 256}}}\n\nText.\n") == ["5:5 DL212"]
    (folder / "content" / "methods.yml").write_text(f"{'a' * 256}: {{name: VGG}}\n", "utf-8")
    assert said(folder, OUTLINE) == ["1:1 DL601"]
    (folder / "content" / "methods.yml").unlink()
    (folder / "dlmap.toml").write_text(f'languages = ["en"]\n[redirects]\n"/{"卷" * 86}" = "/en/"\n', "utf-8")
    with pytest.raises(dlmap.ConfigError) as refused:
        build(folder)
    assert [(each.code, each.position) for each in refused.value.diagnostics] == [("DL904", (3, 1))]


def test_57_names_of_86_chinese_characters_have_shorter_addresses(folder: Path) -> None:
    (folder / "content" / "articles").mkdir()
    long = "卷" * 86
    article = f"---\ntitle: {long}\ntags: [{long}]\ndate: 2024-01-02\n---\nText.\n"
    (folder / "content" / "articles" / "a.md").write_text(article, "utf-8")
    output = published(folder, f"{OUTLINE}\n### {long}\n\nText.\n\n- {long}: such as **{long}网**\n")
    assert max(len(os.fsencode(file.name)) for file in output.rglob("*")) < 200
    assert long in (output / "en" / "articles" / "index.html").read_text("utf-8")


def test_57_name_that_is_too_long_leaves_the_site_that_stands(folder: Path) -> None:
    output = published(folder, OUTLINE)
    before = tree(output)
    write(folder, f"{HEAD}### {'Convolution ' * 30}\n\nText.\n")
    done = subprocess.run(
        [sys.executable, "-m", "dlmap", "build", "-o", str(output)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(SRC)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr
    if done.returncode:
        assert tree(output) == before


@pytest.mark.parametrize("name", ["search", "methods", "map", "articles"])
def test_58_id_of_a_page_of_the_site(name: str, folder: Path) -> None:
    [found] = diagnostics(folder, f"{HEAD}### Convolution {{#{name}}}\n\nText.\n")
    assert (found.code, found.position) == ("DL211", (5, 5))


def test_58_name_of_a_page_of_the_site_gets_another_id(folder: Path) -> None:
    output = published(folder, f"{HEAD}### Search\n\nText.\n")
    assert (output / "en" / "search-family" / "index.html").is_file()


@pytest.mark.skipif(sys.platform != "linux", reason="rights of root")
@pytest.mark.parametrize("name", ["outline.en.md", "notes/vgg.en.md", "notes"])
def test_59_file_that_nobody_may_read(name: str, folder: Path) -> None:
    (folder / "content" / "notes" / "vgg.en.md").write_text("x\n", "utf-8")
    (folder / "content" / name).chmod(0)
    done = run_without_rights(folder, "check")
    (folder / "content" / name).chmod(0o755)
    assert done.returncode == 1
    assert f"content/{name}: error[DL001] cannot be read: Permission denied" in done.stderr


def test_59_file_that_vanishes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "content" / "notes" / "vgg.en.md").write_text("x\n", "utf-8")
    read = Path.read_bytes

    def vanish(file: Path) -> bytes:
        if file.name == "vgg.en.md":
            file.unlink()
        return read(file)

    monkeypatch.setattr(Path, "read_bytes", vanish)
    [found] = diagnostics(folder)
    assert (found.code, found.file) == ("DL001", "content/notes/vgg.en.md")


# What several of them have in common


def test_every_problem_is_told_and_nothing_is_published(folder: Path) -> None:
    (folder / "content" / "methods.yml").write_text("vgg: {name: VGG}\nvgg: {name: VGG}\n", "utf-8")
    (folder / "content" / "notes" / "none.en.md").write_text("---\ntitle: 1.10\n---\nx\n", "utf-8")
    write(
        folder,
        f"{HEAD}### Convolution\n\n[x](javascript:x) $\\foo$\n\n### Attention {{#Search}}\n\n$\\bar$\n",
    )
    result: BuildResult = build(folder, folder.parent / "output")
    assert not result.published
    assert not (folder.parent / "output").exists()
    assert [found.code for found in result.diagnostics] == [
        "DL103",
        "DL603",
        "DL106",
        "DL303",
        "DL401",
        "DL212",
        "DL401",
    ]
