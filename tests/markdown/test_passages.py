"""Reading again after an edit: the same as reading from scratch, whatever was edited."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlmap.cache import Cache
from dlmap.config import Config
from dlmap.markdown import Document, parse_document, parse_outline
from dlmap.site import plan_site
from dlmap.taxonomy import assemble, check_taxonomy, collect_notes, read_outline, read_registry
from dlmap.text import Diagnostic, SourceFile
from support.checkout import ROOT

LANGUAGES = ("zh", "en")
quick = settings(max_examples=40, deadline=None, derandomize=True, database=None)

ZH = """\
---
title: 地图
---

前言，如[甲](https://a.example/)。

# 类型 (Kinds) {#kinds}

## 模型 (Models) {#models}

模型分为两类，公式 $x^2$ 表示损失。

### 流模型 (Flow) {#flow}

流模型可逆，如**Glow**。另见[扩散](#diffusion)。

- **先验**{#prior}：如**GPT 1,2**、**NICE**。
- **结构 (Structure)**：如**RealNVP**。

$$
y = f(x)
$$

### 扩散模型 (Diffusion) {#diffusion}

扩散模型(**diffusion model**)加噪，比如**DDPM**和**DDIM**。

| 方法 | 年份 |
| - | - |
| **DDPM** | 2020 |

#### 采样 (Sampling) {#sampling}

包括**DDIM**、**DPM-Solver**。
"""

EN = """\
# Kinds {#kinds}

## Models {#models}

There are two kinds.

### Flow {#flow}

A flow can be inverted, such as **Glow**.

- **Prior**{#prior}: such as **GPT 1,2**, **NICE**.
- **Structure**: such as **RealNVP**.

### Diffusion {#diffusion}

It adds noise, such as **DDPM** and **DDIM**.

#### Sampling {#sampling}

Such as **DDIM**, **DPM-Solver**.
"""

REGISTRY = """\
# What is known of the methods.
ddpm:
  name: DDPM
  year: 2020
  summary: {zh: 加噪。, en: Adds noise.}

ddim:
  name: DDIM
  based_on: [ddpm]

glow:
  name: Glow
  aliases: ["Generative flow"]
  paper:
    title: Glow
    url: https://example.org/glow
"""

PIECES = [
    *(
        "\n",
        "\n\n",
        "# ",
        "\n\n# 部分\n\n",
        "\n\n### 流模型 (Flow) {#flow}\n\n",
        "\n\n## 网络\n\n",
        "\n\n### \n\n",
    ),
    *(
        "```\n",
        "~~~\n",
        "$$\n",
        "$$",
        "$",
        "<!--",
        "-->",
        "<div>\n",
        "</div>\n",
        "<pre>",
        "`",
        "|",
        "> ",
        "    ",
    ),
    *(
        "- ",
        "1. ",
        "- **标签**：如**VAE**。\n",
        "**",
        "如**NewNet**、**NICE**。",
        "{#id}",
        "{: .wide}",
        "\\",
        "。",
    ),
    *(
        "[^1]",
        "\n\n[^1]: 注\n",
        "[甲]: https://b.example/\n\n",
        "[甲]",
        "[乙](#nothing)",
        "---\n",
        "\n===\n",
        "\t",
    ),
    *(
        "- [论文](https://c.example/paper)\n",
        "- [流](/2020/flow.html)\n",
        "$$ a\n\n# 标题\n\nb $$",
        "x",
        "模型",
    ),
]
YAML_PIECES = [
    *(
        "\n",
        "x: 1\n",
        "\nvae:\n  name: VAE\n",
        "glow:\n",
        "  year: 2019\n",
        "name",
        ": ",
        "{",
        "}",
        "[",
        "]",
        "'",
    ),
    *(
        '"',
        "#",
        "- ",
        "  ",
        "---\n",
        "...\n",
        "%YAML 1.1\n",
        "? a\n",
        "&a ",
        "*a",
        "!!str ",
        "|\n",
        ">\n",
        "\t",
        "ddpm",
    ),
]
Edits = list[tuple[float, int, int]]
"""Where in the text, how much is removed, and which piece is put there."""
edits = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from([0, 0, 1, 4, 40]), st.integers(0, 10**6)),
    min_size=1,
    max_size=3,
)


def edited(text: str, changes: Edits, pieces: list[str]) -> str:
    for where, removed, which in changes:
        at = int(where * len(text))
        text = text[:at] + pieces[which % len(pieces)] + text[at + removed :]
    return text


def load(texts: tuple[str, ...], cache: Cache) -> tuple[object, ...]:
    """All that is read of outlines in both languages, a registry and a note."""
    found: list[Diagnostic] = []
    outlines = []
    *written, registry, note = texts
    for lang, text in zip(LANGUAGES, written, strict=True):
        document, diagnostics = parse_outline(SourceFile(f"outline.{lang}.md", text), cache=cache)
        outline, more = read_outline(document, lang=lang, memo=cache.memory)
        outlines.append(outline)
        found += (*diagnostics, *more)
    known, diagnostics = read_registry(SourceFile("methods.yml", registry), LANGUAGES, cache=cache)
    about = parse_document(SourceFile("notes/glow.zh.md", note))[0]
    notes = collect_notes([("glow", "zh", about)], memo=cache.memory)
    taxonomy, more = assemble(outlines, known, notes, LANGUAGES, memo=cache.memory)
    found += (*diagnostics, *more, *check_taxonomy(taxonomy, {}, memo=cache.memory))
    digests = [block.digest for outline in outlines for node in outline.walk() for block in node.blocks]
    site = plan_site(taxonomy, Config(), cache=cache)
    pages = [(page.path, page.template, page.title, page.description, page.alternates) for page in site.pages]
    texts_to_search = {path: make() for path, make in site.data.items() if path.startswith("search/zh-")}
    # Mappings are equal in any order, but it tells which language stands for one that is missing.
    orders = [(*concept.label, *concept.texts, *concept.summary) for concept in taxonomy.concepts.values()]
    places = [each.position for each in found]
    return outlines, known, taxonomy, found, places, digests, site.head, pages, texts_to_search, orders


def assert_the_same_as_from_scratch(*states: tuple[str, ...]) -> None:
    cache = Cache.open(None)
    for state in states:
        assert load(state, cache) == load(state, Cache.open(None))


@quick
@given(edits, edits)
def test_an_edited_outline_is_read_as_from_scratch(first: Edits, second: Edits) -> None:
    once = edited(ZH, first, PIECES)
    states = [
        (zh, en, REGISTRY, "文。\n") for zh, en in ((ZH, EN), (once, EN), (edited(once, second, PIECES), EN))
    ]
    assert_the_same_as_from_scratch(*states, (once, edited(EN, second, PIECES), REGISTRY, "文。\n"))


@quick
@given(edits, edits)
def test_an_edited_registry_is_read_as_from_scratch(first: Edits, second: Edits) -> None:
    once = edited(REGISTRY, first, YAML_PIECES)
    states = [
        (ZH, EN, text, "文。\n") for text in (REGISTRY, once, edited(once, second, YAML_PIECES), REGISTRY)
    ]
    assert_the_same_as_from_scratch(*states)


def test_the_default_outline_is_read_as_from_scratch_after_an_edit() -> None:
    zh, en = ((ROOT / "content" / f"outline.{lang}.md").read_text("utf-8") for lang in LANGUAGES)
    registry = (ROOT / "content" / "methods.yml").read_text("utf-8")
    for_years = registry.replace("year: 2017", "year: 2016", 3)
    moved = zh.replace("\n## ", "\n如**NewNet**。\n\n## ", 1)
    assert_the_same_as_from_scratch((zh, en, registry, "文。\n"), (moved, en, for_years, "文。\n"))


def test_a_concept_keeps_the_order_in_which_others_mention_it() -> None:
    one, other = "# 甲 (One)\n\n这与**Glow**相近。\n\n", "# 乙 (Two)\n\n那与**Glow**相近。\n\n"
    third = "# 丙 (Three)\n\n- 可逆：如**Glow**。\n"
    states = [(text, EN, REGISTRY, "文。\n") for text in (one + other + third, other + one + third)]
    mentioned = [load(state, Cache.open(None))[2].concepts["glow"].mentioned_by for state in states]  # type: ignore[attr-defined]
    assert mentioned == [("one", "two"), ("two", "one")]
    assert_the_same_as_from_scratch(*states)


# Passages


def told(document: Document, found: tuple[Diagnostic, ...]) -> tuple[object, ...]:
    """What a document says and where, counted from the start of its file."""
    whole = document.source.whole
    blocks = [
        # A cell has no lines of its own.
        (block.type, block.digest, block.level, block.id, whole(block.span) if any(block.span[:2]) else None)
        for block in document.walk()
    ]
    marks = [
        (m.kind, m.start, whole(m.span), m.href) for block in document.walk() for m in block.inline.marks
    ]
    return blocks, marks, sorted(found, key=Diagnostic.sort_key)


def assert_the_same_as_parsed_whole(text: str, flavor: str) -> None:
    source = SourceFile("post.md", text)
    assert told(*parse_outline(source, flavor=flavor)) == told(*parse_document(source, flavor=flavor))


@settings(quick, max_examples=100)
@given(edits, st.sampled_from(["kramdown", "commonmark"]))
def test_a_text_parsed_in_passages_is_the_text_parsed_whole(changes: Edits, flavor: str) -> None:
    assert_the_same_as_parsed_whole(edited(ZH, changes, PIECES), flavor)


OPEN = {
    "a fence": "```\n一\n\n# 二\n\n```\n",
    "a fence that is not closed": "~~~\n一\n\n# 二\n\n三\n",
    "a fence in a list": "- 一\n\n  ```\n  二\n\n# 三\n\n```\n四\n\n# 五\n\n```\n",
    "a comment": "<!--\n\n# 一\n\n-->\n\n# 二\n",
    "raw HTML": "<pre>\n\n# 一\n\n</pre>\n\n# 二\n",
    "a formula": "$$\na\n\n# 一\n\nb\n$$\n\n# 二\n",
    "a formula that is not closed": "$$\na\n\n# 一\n\nb\n\n# 二\n",
    "a link": "[一][a]\n\n# 二\n\n[a]: https://a.example/\n\n# 三\n",
    "a footnote": "一[^a]\n\n# 二\n\n[^a]: 注\n\n# 三\n",
    "the same twice": "# 一\n\n二\n\n# 一\n\n二\n",
}


@pytest.mark.parametrize("name", OPEN)
@pytest.mark.parametrize("flavor", ["kramdown", "commonmark"])
def test_what_goes_on_behind_a_heading_stays_whole(name: str, flavor: str) -> None:
    assert_the_same_as_parsed_whole(f"# 零\n\n{OPEN[name]}\n\n# 末\n\n文。\n", flavor)


def test_an_edit_leaves_the_blocks_of_other_passages_as_they_are() -> None:
    cache = Cache.open(None)
    before, _ = parse_outline(SourceFile("outline.md", ZH), cache=cache)
    after, _ = parse_outline(SourceFile("outline.md", ZH.replace("两类", "好几类\n\n三行")), cache=cache)
    kept = set(map(id, before.blocks))
    assert [block.inline.text for block in after.blocks if id(block) not in kept] == [
        "模型 (Models)",
        "模型分为好几类",
        "三行，公式 x² 表示损失。",
    ]


def test_an_edit_leaves_the_other_entries_as_they_are() -> None:
    cache = Cache.open(None)
    before, _ = read_registry(SourceFile("methods.yml", REGISTRY), LANGUAGES, cache=cache)
    after, _ = read_registry(
        SourceFile("methods.yml", REGISTRY.replace("2020", "2021\n")), LANGUAGES, cache=cache
    )
    assert after.entries["ddpm"].year == 2021
    assert after.entries["glow"] is before.entries["glow"]
    assert after.source
    assert after.source.line_of(after.entries["glow"].span) == 12
