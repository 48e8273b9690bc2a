"""The dialect beyond its golden cases: places, limits, line ends, and inputs made to be slow."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlmap.markdown import Block, Document, MarkKind, formulas_of, parse_document
from dlmap.markdown.cjk import is_cjk, touches_cjk
from dlmap.markdown.frontmatter import MAX_CHARS
from dlmap.markdown.tex_to_text import tex_to_text
from dlmap.math import Formula, RenderedFormula
from dlmap.render.html import Linker, render_prose
from dlmap.site import Prose
from dlmap.taxonomy import read_outline
from dlmap.taxonomy.bullets import cut
from dlmap.text import Diagnostic, SourceFile, read_source

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def parse(text: str, *, kramdown: bool = True) -> tuple[Document, tuple[Diagnostic, ...]]:
    return parse_document(SourceFile("post.md", text), flavor="kramdown" if kramdown else "commonmark")


def codes(diagnostics: tuple[Diagnostic, ...]) -> list[str]:
    return [diagnostic.code for diagnostic in diagnostics]


def words_of(document: Document) -> str:
    return " ".join(block.inline.text for block in document.walk())


def html_of(document: Document) -> str:
    linker = Linker(lambda _: None, lambda _path, _span: (), "")
    outcomes = {Formula(use.tex, use.display): RenderedFormula(use.tex) for use in formulas_of(document)}
    prose = Prose(document.blocks, document.source.path, document.kramdown, "zh")
    return str(render_prose(prose, linker, outcomes).html)


# Nesting, rule D16


def nested_list(depth: int) -> str:
    return "".join(f"{'  ' * level}- 项{level}\n" for level in range(depth))


@pytest.mark.parametrize("depth", [10, 11, 50, 60, 100])
def test_nested_lists_lose_nothing_up_to_the_limit(depth: int) -> None:
    document, diagnostics = parse(nested_list(depth))
    assert codes(diagnostics) == []
    assert words_of(document).split() == [f"项{level}" for level in range(depth)]


def test_a_list_beyond_the_limit_is_an_error_at_its_place() -> None:
    document, diagnostics = parse(f"{nested_list(102)}\n文字\n")
    assert [(d.code, d.position) for d in diagnostics] == [("DL209", (101, 201))]
    assert words_of(document).split()[-5:] == [
        "-",
        "项100",
        "-",
        "项101",
        "文字",
    ]  # shown as text, but not lost


def test_nested_quotes_up_to_the_limit_and_beyond() -> None:
    document, diagnostics = parse(f"{'>' * 200} 词\n")
    assert codes(diagnostics) == []
    assert words_of(document).strip() == "词"
    assert codes(parse(f"{'>' * 201} 词\n")[1]) == ["DL209"]


def test_every_branch_that_is_too_deep_is_reported_once() -> None:
    deep = nested_list(130)
    assert codes(parse(f"{deep}\n文字\n\n{deep}")[1]) == ["DL209", "DL209"]


def test_approaches_a_hundred_levels_deep_are_all_read() -> None:
    text = "# 类型\n\n## 网络\n\n### 族\n\n" + "".join(
        f"{'  ' * level}- 标签{level}：如**Net{level}**。\n" for level in range(100)
    )
    outline, diagnostics = read_outline(parse(text)[0])
    assert codes(diagnostics) == []
    nodes = list(outline.walk())
    assert [node.label.text for node in nodes[3:]] == [f"标签{level}" for level in range(100)]
    assert [member.name for node in nodes for member in node.members] == [
        f"Net{level}" for level in range(100)
    ]


# Front matter, rule D1


def test_a_head_longer_than_the_limit() -> None:
    body = "title: 一\n" + "# 注\n" * MAX_CHARS
    assert codes(parse(f"---\n{body}---\n")[1]) == ["DL108"]


def test_two_thousand_brackets_in_the_head() -> None:
    assert codes(parse(f"---\ntags: {'[' * 2000}\n---\n")[1]) == ["DL105"]


def test_a_head_without_its_end_loses_no_text() -> None:
    document, diagnostics = parse("---\ntitle: 一\n\n# 类型\n")
    assert codes(diagnostics) == ["DL101"]
    assert "类型" in words_of(document)


def test_places_behind_the_head_are_those_of_the_file() -> None:
    document, _ = parse("---\ntitle: 一\n---\n\n文**粗**字\n")
    (mark,) = document.blocks[0].inline.marks
    assert document.source.position(mark.span.start) == (5, 4)


POST = "---\nlayout: post\n---\n\n"


@pytest.mark.parametrize(
    ("text", "flavor", "tex"),
    [
        (r"$a\_b$", None, r"a\_b"),
        (POST + r"$a\_b$", None, "a_b"),
        (r"$a\_b$", "kramdown", "a_b"),
        (POST + r"$a\_b$", "commonmark", r"a\_b"),
    ],
)
def test_a_post_of_jekyll_is_read_as_kramdown_unless_the_flavor_is_named(
    text: str, flavor: str | None, tex: str
) -> None:
    document, _ = parse_document(SourceFile("post.md", text), flavor=flavor)
    assert [use.tex for use in formulas_of(document)] == [tex]


# Line ends and white space


PIECES = [
    "# 标题 {#id}\n",
    "## ⚪ [链接](https://x.example/a)\n",
    "文**粗。**字$a|b$，\n第二行\n",
    "- 标签：如**A-Net**, **B-Net**\n  - 下\n",
    "$$\na \\\\\nb\n$$\n",
    "| 甲 | 乙 |\n| -- | -- |\n| $x|y$ | **z** |\n",
    "> 引用\n> 二\n",
    "```python\nprint()\n```\n",
    "<div>\n块\n</div>\n",
    "行尾  \n换行\n",
    "[^1] 与\n\n[^1]: 注\n",
    "{:toc}\n",
]


@quick
@given(st.lists(st.sampled_from(PIECES), max_size=8), st.sampled_from(["\r\n", "\r"]), st.booleans())
def test_other_line_ends_give_the_same_page(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str], end: str, with_head: bool
) -> None:
    text = ("---\nlayout: post\ntitle: 一\n---\n" if with_head else "") + "\n".join(pieces)
    file = tmp_path_factory.getbasetemp() / "post.md"
    pages = []
    for variant in (text, text.replace("\n", end)):
        file.write_bytes(variant.encode())
        source, _ = read_source(file, "post.md")
        assert source is not None
        pages.append(html_of(parse_document(source)[0]))
    assert pages[0] == pages[1]


# Places: every mark, sliced out of the source, is what it speaks of

# Two underscores in a row may make bold text.
plain = st.text("文字abc，。 _&", min_size=1, max_size=6).filter(
    lambda text: text.strip() == text and "__" not in text
)
inner = st.text("词语xyz", min_size=1, max_size=5)
Piece = tuple[MarkKind | None, str, str]


def piece(kind: MarkKind | None, form: str) -> st.SearchStrategy[Piece]:
    """A mark as it is written, and the part of it that its span covers."""
    covers = "{}" if kind is MarkKind.BOLD else form
    return inner.map(lambda word: (kind, form.format(word), covers.format(word)))


pieces_of_text = st.lists(
    st.one_of(
        plain.map(lambda text: (None, text, "")),
        st.sampled_from([r"\*", r"\_", r"\[", "&amp;", "&#42;", r"\\", "<sub>2</sub>", "![图](a.png)"]).map(
            lambda text: (None, text, "")
        ),
        piece(MarkKind.BOLD, "**{}**"),
        piece(MarkKind.CODE, "`{}`"),
        piece(MarkKind.MATH, "$\\alpha_{{{}}}$"),
        piece(MarkKind.LINK, "[{}](https://x.example/a)"),
        piece(MarkKind.LINK, '<a href="https://x.example/a">{}</a>'),
    ),
    min_size=1,
    max_size=6,
)

CONTEXTS: dict[str, Callable[[str], str]] = {
    "paragraph": lambda text: f"{text}\n",
    "second line": lambda text: f"第一行\n{text}\n",
    "heading": lambda text: f"文\n\n## {text} ##\n",
    "heading with an id": lambda text: f"### {text} {{#an-id}}\n",
    "nested item": lambda text: f"- 一\n  1. 1\n     - {text}\n",
    "lazy line of an item": lambda text: f"- 一\n{text}\n",
    "quote": lambda text: f"> 一\n> > {text}\n",
    "cell": lambda text: f"| 甲 | | 乙 |\n| - | - | - |\n| x \\| y | | a \\| {text} |\n",
    "footnote": lambda text: f"一[^1]\n\n[^1]: {text}\n",
    "behind a head": lambda text: f"---\ntitle: 一\n---\n\n\n{text}\n",
}


@pytest.mark.parametrize("context", CONTEXTS)
@quick
@given(pieces_of_text)
def test_the_span_of_a_mark_is_its_text(context: str, pieces: list[Piece]) -> None:
    # A Chinese comma between them keeps every piece apart from the next.
    text = "文，" + "，".join(written for _, written, _ in pieces) + "，文"
    document, _ = parse(CONTEXTS[context](text))
    found = [
        mark
        for block in document.walk()
        for mark in block.inline.marks
        if mark.kind not in (MarkKind.IMAGE, MarkKind.ITALIC)
    ]
    raw = [(mark.kind, document.source.text[mark.span.start : mark.span.end]) for mark in found]
    assert raw == [(kind, covered) for kind, _, covered in pieces if kind is not None]


@quick
@given(pieces_of_text)
def test_marks_stand_in_order_upon_the_text(pieces: list[Piece]) -> None:
    document, _ = parse("，".join(written for _, written, _ in pieces) + "\n")
    for block in document.walk():
        inline = block.inline
        assert len(inline.masked) == len(inline.text)
        assert [m.start for m in inline.marks] == sorted(m.start for m in inline.marks)
        assert all(0 <= mark.start <= mark.end <= len(inline.text) for mark in inline.marks)


@quick
@given(st.text(max_size=80), st.booleans())
def test_no_text_can_break_the_parser(text: str, kramdown: bool) -> None:
    document, diagnostics = parse(text.replace("\0", ""), kramdown=kramdown)
    size = len(document.source.text)
    spans = [block.span for block in document.walk()] + [d.span for d in diagnostics if d.span]
    assert all(0 <= span.start <= span.end <= size for span in spans)


@quick
@given(st.text("$\\|*_ a1文`[](){}<>\n-#", max_size=60), st.booleans())
def test_no_markup_can_break_the_parser(text: str, kramdown: bool) -> None:
    document, _ = parse(text, kramdown=kramdown)
    read_outline(document)
    html_of(document)


# Chinese


def test_what_is_a_cjk_character() -> None:
    assert all(map(is_cjk, "中。，（「カｱ한ㅎ\u1100\u11ff𠮷《"))
    assert not any(map(is_cjk, "a1.“”—…😀⌚✅⬛é \u3000\u10ff\u1200"))


def test_shared_punctuation_is_chinese_when_chinese_touches_it() -> None:
    assert touches_cjk("中”", 1, -1)
    assert touches_cjk("中……", 2, -1)
    assert touches_cjk("“中", 0, 1)
    assert all(touches_cjk(f"葛{selector}", 1, -1) for selector in "\ufe00\ufe0f\U000e0100\U000e01ef")
    assert not touches_cjk("a”", 1, -1)
    assert not touches_cjk("中", 1, 1)


# Formulas as text


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\beta", "β"),
        (r"\ell_p", "ℓp"),
        (r"1-\beta^n", "1-βⁿ"),
        (r"p_{\theta}(x|z)", "pθ(x|z)"),
        ("O(N^2)", "O(N²)"),
        ("2^{10}", "2¹⁰"),
        ("x_i", "xi"),
        (r"\mathcal{L}_{total}", "Ltotal"),
        (r"\frac{a}{b}", "a/b"),
        (r"q_\phi(z | x)", "qϕ(z | x)"),
    ],
)
def test_a_formula_as_text(tex: str, text: str) -> None:
    assert tex_to_text(tex) == text


# Inputs made to be slow: the limit is far above what they take, and far below what they took


SLOW = {
    "quotes": "> " * 25_000,
    "lists": "- " * 5_000,
    "brackets": "[" * 10_000,
    "links": "[a](" * 5_000,
    "stars": "**a " * 5_000,
    "stars and Chinese": "**中。" * 5_000,
    "dollars": "$a " * 10_000,
    "double dollars": "$$a " * 10_000,
    "open formulas": "$$ a\n\n" * 3_000,
    "bars and dollars": "|$a" * 5_000 + "\n|-\n",
    "bars and code": "|`a" * 5_000 + "\n|-\n",
    "tags": "<a " * 10_000,
    "tags and quotes": '<a "' * 5_000,
    "open tags": "<b>" * 3_000,
    "line breaks": "中\n" * 10_000,
    "attributes": "{:" * 10_000,
    "bold and attributes": "**a**{#b}" * 2_000,
    "footnotes": "[^1]" * 5_000 + "\n\n[^1]: 注\n",
    "members": "- 标签：如" + "**A**, " * 3_000,
    "members and cues": "- 标签：" + "如**A**, " * 2_000,
    "conjunctions": "如**A**" + "x和" * 200 + "。**B**",
    "conjunctions in parentheses": "如**A**" + "a (b) and " * 100 + "。**B**",
    "sentences": "评估指标。**A**。" * 2_000,
    "headings": "# 一\n## 二\n### 三\n" * 500,
    "groups": "- 标签：如" + "(**a**)**B**, " * 1_000,
}


@pytest.mark.parametrize("name", SLOW)
def test_2a_no_input_takes_long(name: str) -> None:
    text = SLOW[name] if SLOW[name].startswith("#") else f"# 类型\n\n## 网络\n\n### 族\n\n{SLOW[name]}\n"
    began = time.process_time()
    document, _ = parse(text)
    read_outline(document)
    assert time.process_time() - began < 5


def test_blocks_hold_all_their_tokens() -> None:
    """A block is rendered from its tokens and read from its children: both must speak of the same text."""

    def texts(block: Block) -> list[str]:
        return [inner.inline.text for inner in block.walk() if inner.inline.text]

    document, _ = parse("- 一\n  > 二\n\n  | 三 |\n  | - |\n  | 四 |\n\n1. 五\n")
    for block in document.blocks:
        in_tokens = [token.content for token in block.tokens if token.type == "inline"]
        assert texts(block) == in_tokens


def test_the_span_of_a_block_is_its_lines_without_white_space_around_them() -> None:
    blocks = [
        "# 一",
        "二\n三",
        "- 四\n\n  五",
        "> 六",
        "```\n七\n\n```",
        "$$\n八\n$$",
        "| 九 |\n| - |",
        "<div>十</div>",
    ]
    document, _ = parse("\n\n".join(blocks) + "\n\n")
    texts = [document.source.text[block.span.start : block.span.end] for block in document.blocks]
    assert texts == blocks


@pytest.mark.parametrize("text", ["{:}**甲**", "{:.wide}$x$", "\\{:.wide}", "{:.wide}<b>甲</b>"])
def test_braces_that_stand_alone_on_no_line_break_nothing(text: str) -> None:
    document, _ = parse(text)
    assert document.blocks[0].type == "paragraph"


DIGESTED = [
    "**甲**和`乙`",
    "甲和`乙`",
    "**甲**和乙",
    "[甲](u)",
    "[甲](v)",
    '[甲](u "t")',
    "$甲$",
    "$$甲$$",
    "- 甲",
    "1. 甲",
    "2. 甲",
]


def test_the_digest_of_a_block_tells_what_it_shows() -> None:
    digests = {parse(text)[0].blocks[0].digest for text in DIGESTED}
    assert len(digests) == len(DIGESTED)


@pytest.mark.parametrize("text", DIGESTED)
def test_the_digest_of_a_block_does_not_tell_where_it_stands(text: str) -> None:
    here, there = parse(text)[0].blocks[-1], parse(f"前文。\n\n# 标题\n\n{text}\n")[0].blocks[-1]
    assert here.digest == there.digest


def test_what_is_left_of_a_block_has_a_digest_of_its_own() -> None:
    (block,) = parse("甲：文")[0].blocks
    before = block.digest
    rest = cut(block, 2)
    assert rest
    assert rest.digest != before
