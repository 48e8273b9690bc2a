"""The taxonomy: translations, the registry, notes, ids, and the real post."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from dlmap import build
from dlmap.cache.memory import MemoryCache
from dlmap.markdown import parse_document
from dlmap.render.html import Linker, render_prose
from dlmap.site import Prose
from dlmap.taxonomy import (
    Kind,
    Note,
    Outline,
    Registry,
    Taxonomy,
    accepted_now,
    assemble,
    check_taxonomy,
    collect_notes,
    glossary,
    read_accepted,
    read_outline,
    read_registry,
)
from dlmap.text import Diagnostic, Severity, SourceFile
from support.checkout import SHARED, require

ZH = """\
# 类型 (Kinds)

## 生成模型 (Generative Model)

### 变分自编码器 (Variational Autoencoder)

变分自编码器是一种生成模型。

- **先验分布**{#prior}：如**VQ-VAE**, **CVAE**。
- **其他方法 (Other methods)**：如**WAE**。

### 流模型 {#flow}

流模型可逆，如**Glow**。

- 其他方法 (Other methods)：如**NICE**。
"""

EN = """\
# Kinds

## Generative models {#generative-model}

### Variational autoencoder

A variational autoencoder is a generative model.

- **Prior**{#prior}: such as **VQ-VAE**, **CVAE**.
- **Other methods**: such as **WAE**.

### Flow-based model {#flow}

A flow can be inverted, such as **Glow**.

- Other methods: such as **NICE**.
"""


def outline_of(text: str, lang: str, origin: str | None = None) -> Outline:
    document, _ = parse_document(SourceFile(f"outline.{lang}.md", text), flavor="commonmark")
    return read_outline(document, lang=lang, origin=origin)[0]


def made(
    *texts: tuple[str, str], registry: str = "", notes: Mapping[str, Mapping[str, Note]] | None = None
) -> tuple[Taxonomy, list[Diagnostic]]:
    """The taxonomy of outlines by language, and what is wrong with them and with the registry."""
    known, found = Registry(), ()
    if registry:
        known, found = read_registry(SourceFile("methods.yml", registry), ("zh", "en"))
    outlines = [outline_of(text, lang) for lang, text in texts]
    taxonomy, diagnostics = assemble(
        outlines, known, notes or {}, ("zh", "en"), reserved_ids=frozenset({"search"})
    )
    return taxonomy, [*found, *diagnostics]


def told(diagnostics: list[Diagnostic]) -> list[tuple[str, str, int]]:
    return [(d.code, d.file, d.position.line if d.position else 0) for d in diagnostics]


def registry_problems(text: str) -> list[tuple[str, int]]:
    _, diagnostics = read_registry(SourceFile("methods.yml", text), ("zh", "en"))
    return [(d.code, d.position.line if d.position else 0) for d in diagnostics]


# Translations


def test_a_translation_adds_texts_to_the_same_concepts() -> None:
    taxonomy, diagnostics = made(("zh", ZH), ("en", EN))
    assert told(diagnostics) == []
    assert list(taxonomy.concepts) == list(made(("zh", ZH))[0].concepts)
    prior = taxonomy.concepts["variational-autoencoder-prior"]
    assert prior.label == {"zh": "先验分布", "en": "Prior"}
    assert {lang: text.path for lang, text in prior.texts.items()} == {
        "zh": "outline.zh.md",
        "en": "outline.en.md",
    }
    assert taxonomy.concepts["flow"].definition("en") == "A flow can be inverted, such as Glow."
    assert {naming.lang for naming in taxonomy.concepts["glow"].namings} == {"zh", "en"}


def test_the_first_outline_decides_the_order_and_the_place() -> None:
    parts = EN.split("### ")
    swapped = parts[0] + "### " + "### ".join(parts[:0:-1]).rstrip() + "\n"
    taxonomy, diagnostics = made(
        ("zh", ZH), ("en", swapped.replace("\n### Variational", "\n\n### Variational"))
    )
    assert told(diagnostics) == []
    assert list(taxonomy.concepts) == list(made(("zh", ZH))[0].concepts)


def test_an_approach_is_matched_inside_its_own_family() -> None:
    """`其他方法` stands under both families, and one family's id begins like the other's."""
    zh = "# A\n\n## B\n\n### 流 {#flow}\n\n- 其他：甲。\n\n### 流模型 {#flow-model}\n\n- 其他：乙。\n"
    en = "# A\n\n## B\n\n### Flow {#flow}\n\n- 其他: first.\n\n### Flow model {#flow-model}\n\n- 其他: second.\n"
    taxonomy, diagnostics = made(("zh", zh), ("en", en))
    assert told(diagnostics) == []
    assert taxonomy.concepts["flow-qi-ta"].definition("en") == "first."
    assert taxonomy.concepts["flow-model-qi-ta"].definition("en") == "second."


def test_nested_approaches_of_one_label_are_told_apart_by_what_they_stand_under() -> None:
    zh = "# A\n\n## B\n\n### C\n\n- 甲：一。\n  - 其他：二。\n- 乙：三。\n  - 其他：四。\n"
    taxonomy, diagnostics = made(("zh", zh), ("en", zh.translate(str.maketrans("一二三四", "1234"))))
    assert told(diagnostics) == []
    texts = {c.definition("zh"): c.definition("en") for c in taxonomy.of_kind(Kind.APPROACH)}
    assert texts == {"一。": "1。", "二。": "2。", "三。": "3。", "四。": "4。"}


def test_a_section_that_translates_nothing_is_an_error() -> None:
    en = EN.replace("### Flow-based model {#flow}", "### Diffusion model")
    taxonomy, diagnostics = made(("zh", ZH), ("en", en))
    # The section, and the approach in it.
    assert [d for d in told(diagnostics) if d[0] == "DL503"] == [
        ("DL503", "outline.en.md", 12),
        ("DL503", "outline.en.md", 16),
    ]
    assert "diffusion-model" not in taxonomy.concepts


def test_an_approach_that_translates_nothing_is_an_error_and_its_family_has_all_of_the_first_outline() -> (
    None
):
    taxonomy, diagnostics = made(("zh", ZH), ("en", EN.replace("**Prior**{#prior}", "**Encoder**")))
    assert ("DL503", "outline.en.md", 9) in told(diagnostics)
    content = taxonomy.concepts["variational-autoencoder"].texts["en"].content
    assert [piece for piece in content if isinstance(piece, str)] == [
        "variational-autoencoder-prior",
        "variational-autoencoder-other-methods",
    ]


def test_a_method_that_one_language_lacks_is_told() -> None:
    _, diagnostics = made(("zh", ZH), ("en", EN.replace("**VQ-VAE**, **CVAE**", "**VQ-VAE**")))
    assert told(diagnostics) == [("DL504", "outline.en.md", 9)]
    assert diagnostics[0].message.endswith("does not name what the other language names: cvae")


def test_what_a_translation_says_in_other_words_is_named_too() -> None:
    """In bold anywhere in the text: by a name or an alias of the registry, or by the name that it has already."""
    zh = "# A\n\n## B\n\n### C\n\n如**VQ-VAE**、**WAE**、**Glow**。\n"
    en = "# A\n\n## B\n\n### C\n\nWe train a **Vector VAE** first, then a **WAE** as well.\n"
    registry = "vq-vae: {name: VQ-VAE, aliases: [Vector VAE]}\n"
    _, (found,) = made(("zh", zh), ("en", en), registry=registry)
    assert found.message == "`C` does not name what the other language names: glow"


def test_the_parts_are_the_first_level_of_the_map() -> None:
    taxonomy, _ = made(("zh", f"{ZH}\n# 应用 (Applications)\n"))
    assert taxonomy.parts == ("kinds", "applications")


def test_a_method_that_only_the_translation_names_is_told_and_kept() -> None:
    taxonomy, diagnostics = made(("zh", ZH), ("en", EN.replace("**CVAE**", "**CVAE**, **VampPrior**")))
    assert told(diagnostics) == [("DL504", "outline.en.md", 9)]
    assert taxonomy.concepts["vampprior"].broader == ("variational-autoencoder-prior",)


def test_a_section_that_stands_elsewhere_in_the_translation_is_told() -> None:
    zh = "# A\n\n## B {#b}\n\n### 流 {#flow}\n\n一。\n\n## C {#c}\n"
    en = "# A\n\n## B {#b}\n\n## C {#c}\n\n### Flow {#flow}\n\nOne.\n"
    taxonomy, diagnostics = made(("zh", zh), ("en", en))
    assert told(diagnostics) == [("DL504", "outline.en.md", 7)]
    assert "under `c` here" in diagnostics[0].message
    assert taxonomy.concepts["flow"].broader == ("b",)


def test_a_section_that_stands_twice_in_the_translation_keeps_both_texts() -> None:
    en = "# A\n\n## B\n\n### Flow\n\nOne.\n\n## C\n\n### Flow\n\nTwo.\n"
    zh = "# A\n\n## B\n\n### Flow\n\n一。\n\n## C\n\n### Flow\n\n二。\n"
    taxonomy, _ = made(("zh", zh), ("en", en))
    for lang in ("zh", "en"):
        assert len(taxonomy.concepts["flow"].texts[lang].content) == 2
    assert taxonomy.concepts["flow"].broader == ("b", "c")


def test_headings_that_say_nothing_are_concepts_of_their_own_also_inside_each_other() -> None:
    survey = "\n## Survey\n\n### Papers\n\nText.\n"
    taxonomy, diagnostics = made(
        ("en", f"# A\n\n## Papers\n\n### Survey\n\nText.\n\n# B\n{survey}\n# C\n{survey}")
    )
    labels = Counter(concept.label["en"] for concept in taxonomy.concepts.values())
    assert labels == {"A": 1, "B": 1, "C": 1, "Papers": 3, "Survey": 3}
    assert {"a-papers", "b-survey-papers"} <= taxonomy.concepts.keys()
    assert told(diagnostics) == []


def test_links_of_a_translation_are_added_once() -> None:
    zh = "# A\n\n## B\n\n### [流](https://x.example/flow)\n\n### [自](https://x.example/ae)\n"
    en = "# A\n\n## B\n\n### [Flow](https://x.example/flow)\n\n### [AE](https://x.example/en/ae) {#ae}\n"
    outlines = [outline_of(zh, "zh"), outline_of(en, "en", origin="x.example")]
    taxonomy, _ = assemble(outlines, Registry(), {}, ("zh", "en"))
    assert [link.label for link in taxonomy.concepts["flow"].links] == ["流"]
    assert [link.href for link in taxonomy.concepts["ae"].links] == [
        "https://x.example/ae",
        "https://x.example/en/ae",
    ]


# What a page shows of a text


def shown(taxonomy: Taxonomy, concept_id: str) -> list[str]:
    """The blocks of a concept's Chinese text as HTML; for an approach between them, its id."""
    text = taxonomy.concepts[concept_id].texts["zh"]
    linker = Linker(lambda _: None, lambda _path, _span: (), "")
    return [
        piece
        if isinstance(piece, str)
        else str(render_prose(Prose((piece,), text.path, text.kramdown, "zh"), linker, {}).html)
        for piece in text.content
    ]


LISTS = {
    "- 平\n- 甲：话。\n- 凡\n- 常\n": [
        "<ul>\n<li>平</li>\n</ul>\n",
        "c-jia",
        "<ul>\n<li>凡</li>\n<li>常</li>\n</ul>\n",
    ],
    "1. 平\n   1. 凡\n   2. 常\n": ["<ol>\n<li>平\n<ol>\n<li>凡</li>\n<li>常</li>\n</ol>\n</li>\n</ol>\n"],
}


@pytest.mark.parametrize("text", LISTS)
def test_what_a_list_says_beside_its_approaches_stays_a_list(text: str) -> None:
    taxonomy, _ = made(("zh", f"# A\n\n## B\n\n### C\n\n{text}"))
    assert shown(taxonomy, "c") == LISTS[text]


def test_the_text_of_an_approach_begins_behind_its_colon_however_its_label_is_written() -> None:
    items = "- 甲 $x$ and\n  more: **一**二。\n- **乙**：`三`四。\n"
    taxonomy, _ = made(("zh", f"# A\n\n## B\n\n### C\n\n{items}"))
    assert [shown(taxonomy, concept.id) for concept in taxonomy.of_kind(Kind.APPROACH)] == [
        ["<b>一</b>二。"],
        ["<code>三</code>四。"],
    ]


# What is missing or stale


def test_what_has_no_text_in_a_language_is_told() -> None:
    taxonomy, _ = made(("zh", ZH), ("en", EN.split("### Flow", maxsplit=1)[0]))
    found = check_taxonomy(taxonomy, {})
    assert {(d.code, d.message.split("`")[1]) for d in found} == {
        ("DL501", "flow"),
        ("DL501", "flow-other-methods"),
    }


def test_an_outline_that_is_missing_whole_is_told_once() -> None:
    document, _ = parse_document(SourceFile("content/outline.zh.md", ZH))
    taxonomy, _ = assemble([read_outline(document)[0]], Registry(), {}, ("zh", "en"))
    (found,) = check_taxonomy(taxonomy, {})
    assert found.code == "DL501"
    assert found.help.startswith("write outline.en.md beside it;")


def test_a_heading_in_the_words_of_the_other_language_is_not_translated() -> None:
    english = EN.split("### Flow", maxsplit=1)[0] + "### 流模型 {#flow}\n\n- **Other methods**:\n"
    taxonomy, found = made(("zh", ZH), ("en", english))
    assert dict(taxonomy.concepts["flow"].label) == {"zh": "流模型"}
    assert found == []  # nor are methods missed where nothing is said
    told = {(d.code, d.message.split("`")[1]) for d in check_taxonomy(taxonomy, {})}
    assert told == {("DL501", "flow"), ("DL501", "flow-other-methods")}


def test_a_stale_translation_is_told_until_it_is_accepted() -> None:
    before, _ = made(("zh", ZH), ("en", EN))
    accepted = accepted_now(before)
    assert check_taxonomy(before, accepted) == ()
    after, _ = made(("zh", ZH.replace("一种生成模型", "一种深度生成模型")), ("en", EN))
    (stale,) = check_taxonomy(after, accepted)
    assert (stale.code, stale.file, stale.position) == ("DL502", "outline.en.md", (5, 5))
    assert check_taxonomy(after, accepted_now(after)) == ()


def test_every_item_of_a_text_counts_when_it_changes() -> None:
    zh = "# A\n\n## B\n\n- 甲项\n- 标签：话。\n- 乙项\n- 丙项\n"
    en = "# A\n\n## B\n\n- One\n- **Label**{#biao-qian}: words.\n- Two\n- Three\n"
    accepted = accepted_now(made(("zh", zh), ("en", en))[0])
    changed, _ = made(("zh", zh.replace("丙项", "丁项")), ("en", en))
    assert [d.code for d in check_taxonomy(changed, accepted)] == ["DL502"]


def test_line_breaks_do_not_make_a_translation_stale() -> None:
    accepted = accepted_now(made(("zh", ZH), ("en", EN))[0])
    after, _ = made(("zh", ZH.replace("流模型可逆，", "流模型可逆，\n")), ("en", EN))
    assert check_taxonomy(after, accepted) == ()


def test_the_record_of_translations_is_read_back() -> None:
    text = "en:\n  flow: abc\n  notes/flow: def\n"
    accepted, diagnostics = read_accepted(SourceFile("translations.yml", text))
    assert accepted == {("en", "flow"): "abc", ("en", "notes/flow"): "def"}
    assert diagnostics == ()
    assert read_accepted(None) == ({}, ())


@pytest.mark.parametrize("text", ["- en\n", "en: abc\n", "en:\n  flow: [abc]\n"])
def test_a_record_of_another_shape_is_an_error(text: str) -> None:
    _, diagnostics = read_accepted(SourceFile("translations.yml", text))
    assert [d.code for d in diagnostics] == ["DL106"]


def test_a_link_in_a_text_leads_to_a_concept_of_the_outline() -> None:
    text = "见[扩散](#diffusion)、[此页](#)、[无](#nowhere)。"
    zh = f"# 甲\n\n## 乙\n\n### 流 {{#flow}}\n\n{text}\n\n- 丙：{text}\n\n### 扩散 {{#diffusion}}\n"
    _, found = made(("zh", zh))
    assert [(d.code, d.position) for d in found] == [("DL304", (7, 27)), ("DL304", (9, 31))]
    assert {d.message for d in found} == {"there is no concept `#nowhere`"}


# Ids


def test_sections_that_share_a_written_id_are_told_apart_and_reported() -> None:
    text = "# 甲\n\n## 乙\n\n### 流模型 {#flow}\n\n### 扩散 {#flow}\n\n### 自回归 {#flow}\n"
    taxonomy, found = made(("zh", text))
    assert [concept.id for concept in taxonomy.of_kind(Kind.FAMILY)] == ["flow", "flow-2", "flow-3"]
    assert told(found) == [("DL210", "outline.zh.md", 7), ("DL210", "outline.zh.md", 9)]


# Notes


def note(concept_id: str, lang: str, text: str) -> tuple[str, str, object]:
    return concept_id, lang, parse_document(SourceFile(f"notes/{concept_id}.{lang}.md", text))[0]


def test_notes_belong_to_concepts() -> None:
    notes = collect_notes([note("glow", "zh", "Glow 用可逆卷积。\n\n更多。\n")])  # type: ignore[list-item]
    taxonomy, diagnostics = made(("zh", ZH), ("en", EN), notes=notes)
    assert told(diagnostics) == []
    assert taxonomy.concepts["glow"].definition("zh") == "Glow 用可逆卷积。"
    assert [d.message.split("`")[1] for d in check_taxonomy(taxonomy, {})] == ["glow"]


def test_a_stale_note_is_told_until_it_is_accepted() -> None:
    def noted(zh: str) -> Taxonomy:
        notes = collect_notes([note("glow", "zh", zh), note("glow", "en", "Convolutions.\n")])  # type: ignore[list-item]
        return made(("zh", ZH), ("en", EN), notes=notes)[0]

    accepted = accepted_now(noted("卷积。\n"))
    assert check_taxonomy(noted("卷积。\n"), accepted) == ()
    (stale,) = check_taxonomy(noted("可逆卷积。\n"), accepted)
    assert (stale.code, stale.file, stale.position) == ("DL502", "notes/glow.en.md", (1, 1))
    assert "`notes/glow`" in stale.message


def test_a_note_on_nothing_is_an_error() -> None:
    notes = collect_notes([note("nothing", "zh", "词。\n")])  # type: ignore[list-item]
    _, diagnostics = made(("zh", ZH), ("en", EN), notes=notes)
    assert told(diagnostics) == [("DL603", "notes/nothing.zh.md", 0)]


def test_a_note_is_attached_to_what_the_last_reading_made() -> None:
    outlines, registry, memo = [outline_of(ZH, "zh"), outline_of(EN, "en")], Registry(), MemoryCache()

    def read(*notes: tuple[str, str, object]) -> tuple[Taxonomy, tuple[Diagnostic, ...]]:
        collected = collect_notes(notes, memo=memo)  # type: ignore[arg-type]
        return assemble(outlines, registry, collected, ("zh", "en"), memo=memo)

    one, two = note("glow", "zh", "一。\n"), note("nice", "zh", "二。\n")
    other = note("nothing", "zh", "三。\n")
    before, _ = read(one, two)
    after, found = read(one, other)
    assert after.concepts["glow"] is before.concepts["glow"]
    assert not after.concepts["nice"].notes
    assert (after, found) == assemble(outlines, registry, collect_notes([one, other]), ("zh", "en"))  # type: ignore[list-item]


# Names and terms in the text


def test_a_registered_name_in_bold_hides_none_of_those_behind_it() -> None:
    text = "# A\n\n## B\n\n### C\n\n使用**GELU**的层把**D**当作输入。\n\n### D\n"
    taxonomy, _ = made(("zh", text), registry="gelu: {name: GELU}\n")
    assert taxonomy.concepts["gelu"].broader == ("c",)
    assert taxonomy.concepts["d"].mentioned_by == ("c",)


def test_the_glossary_has_each_pair_once_with_the_concepts_that_are_called_so() -> None:
    text = "感受野(receptive fields)，**感受野**(Receptive-Field)，卷积(convolution)。\n"
    taxonomy, _ = made(("zh", f"# 甲 (First)\n\n## 乙\n\n### 卷积 (Convolutions)\n\n{text}"))
    assert [(pair.zh, pair.en, pair.concepts, pair.is_name) for pair in glossary(taxonomy)] == [
        ("甲", "First", ("first",), True),
        ("卷积", "convolution", ("convolutions",), True),
        ("感受野", "receptive fields", ("convolutions",), False),
    ]


def test_two_renderings_are_told_by_the_term_that_has_them() -> None:
    text = "# A\n\n## B\n\n### C\n\n感受野(receptive field)，感受野(field of view)，向量(vector)，数组(vector)。\n"
    taxonomy, _ = made(("zh", text))
    assert [d.message for d in check_taxonomy(taxonomy, {}) if d.code == "DL507"] == [
        "`感受野` is rendered as `field of view` here, as `receptive field` elsewhere",
        "`vector` is rendered as `数组` here, as `向量` elsewhere",
    ]


def test_bold_words_link_to_what_has_that_name_and_never_to_their_own_page() -> None:
    """Whatever the order of their ids; an approach has its name inside its family only."""
    text = "# A\n\n## Types\n\n### Mid\n\n它把**Ant**换成**Mid**的**Zed**，这些**Types**都是**部分**。\n\n"
    taxonomy, _ = made(("zh", f"{text}### Ant\n\n- 部分：话。\n\n### Zed\n"))
    named = [concept.id for concept in taxonomy.concepts.values() if concept.mentioned_by]
    assert named == ["ant", "zed"]
    assert taxonomy.concepts["ant"].mentioned_by == taxonomy.concepts["zed"].mentioned_by == ("mid",)
    assert sorted(sum(taxonomy.spans.values(), ())) == ["ant", "types", "zed"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("常用的词嵌入(word embedding, embeddings)是", [("词嵌入", "word embedding")]),
        ("用BERT，词嵌入(word embedding)", [("词嵌入", "word embedding")]),
        ("得到BERT词嵌入(word embedding)", [("词嵌入", "word embedding")]),
        ("**词嵌入(word embedding)**与**向量**(vector)", [("词嵌入", "word embedding"), ("向量", "vector")]),
        (f"{'词' * 13}(word)", [("词" * 12, "word")]),
        (f"**{'词' * 24}**(word)", [("词" * 24, "word")]),
        (f"**{'词' * 25}**(word)", []),
        ("**词、嵌入**(word embedding)", []),
        ("BERT(language model)，**BERT**(language model)", []),
        ("模型(LSTM)，甲(ab)", []),
    ],
)
def test_a_term_is_what_its_gloss_renders(text: str, terms: list[tuple[str, str]]) -> None:
    taxonomy, _ = made(("zh", f"# A\n\n## B\n\n### C\n\n{text}\n"))
    assert [(term.zh, term.en) for term in taxonomy.terms] == terms


# The registry


def test_an_entry_is_found_by_name_before_alias() -> None:
    registry, diagnostics = read_registry(
        SourceFile(
            "methods.yml", "a: {name: A, aliases: [B, X]}\nb: {name: B}\nc: {name: C, aliases: [X]}\n"
        ),
        ("zh",),
    )
    assert diagnostics == ()
    assert [entry.id for entry in registry.named("b")] == ["b"]
    assert [entry.id for entry in registry.named("X")] == ["a", "c"]
    assert registry.named("nothing") == ()


def test_what_the_registry_knows_is_in_the_map() -> None:
    registry = (
        "vq-vae: {name: VQ-VAE, expansion: Vector Quantized VAE, year: 2017, based_on: [vae],\n"
        "  paper: {title: Neural Discrete, url: 'https://x.example/1'}, series: VQ, summary: {zh: 离散 $z$。}}\n"
        "vae: {name: Variational Autoencoder, aliases: [VAE]}\n"
    )
    taxonomy, diagnostics = made(("zh", ZH), ("en", EN), registry=registry)
    assert told(diagnostics) == []
    concept = taxonomy.concepts["vq-vae"]
    assert (concept.year, concept.series, concept.alt) == (2017, "VQ", ("Vector Quantized VAE",))
    # The entry of the family's name is the family.
    assert concept.based_on == ("variational-autoencoder",)
    assert taxonomy.concepts["variational-autoencoder"].alt == ("VAE",)
    assert concept.definition("zh") == "离散 z。"


def test_every_way_down_to_a_method_and_what_it_is_related_to() -> None:
    zh = "# 甲\n\n## 乙\n\n### 丙\n\n如**A-Net**、**B-Net**。\n\n### 丁\n\n- 戊：如**A-Net**、**C-Net**。\n"
    registry = "a-net: {name: A-Net, based_on: [b-net, d]}\nb-net: {name: B-Net}\nd: {name: 丁}\n"
    taxonomy, _ = made(("zh", zh), registry=registry)
    assert taxonomy.paths_to("a-net") == (("jia", "yi", "bing"), ("jia", "yi", "ding", "ding-wu"))
    assert taxonomy.members_under("yi") == ("a-net", "b-net", "c-net")
    # What it was taken from is above it already, so it is not named beside it once more.
    related = taxonomy.related()
    assert {name: others for name, others in related.items() if others} == {
        "a-net": ("b-net",),
        "b-net": ("a-net",),
    }


def test_a_term_of_the_registry_is_no_method() -> None:
    taxonomy, _ = made(("zh", ZH), registry="wae: {name: WAE, kind: term}\n")
    assert "wae" not in taxonomy.concepts


def test_the_registry_gives_sections_further_names() -> None:
    registry = "flow: {aliases: [可逆网络, flow-based model]}\nvariational-autoencoder-prior: {aliases: [潜在先验]}\n"
    zh = ZH + "\n另见**可逆网络**和**流**{#flow}。\n"
    taxonomy, diagnostics = made(("zh", zh), ("en", EN), registry=registry)
    assert told(diagnostics) == []
    assert taxonomy.concepts["flow"].alt == ("可逆网络",), "and none that it has already"
    assert taxonomy.concepts["variational-autoencoder-prior"].alt == ("潜在先验",)
    assert taxonomy.concepts["flow"].kind == "family"


def test_further_names_need_a_section_that_has_none() -> None:
    _, diagnostics = made(("zh", ZH), registry="wae: {aliases: [a]}\nnothing: {aliases: [b]}\n")
    assert told(diagnostics) == [("DL601", "methods.yml", 1), ("DL602", "methods.yml", 2)]
    assert diagnostics[0].help == "add `name: …`"


def test_a_registered_name_in_bold_is_a_method_of_its_approach() -> None:
    zh = "# A\n\n## B\n\n### C\n\n- 甲：引入**ELU**的方法。\n\n使用**GELU**。\n"
    taxonomy, _ = made(("zh", zh), registry="elu: {name: ELU}\ngelu: {name: GELU}\n")
    assert taxonomy.concepts["elu"].broader == ("c-jia",)
    assert taxonomy.concepts["gelu"].broader == ("c",)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("- a\n", [("DL601", 1)]),
        ("A_b: {name: x}\n", [("DL601", 1)]),
        ("a: text\n", [("DL601", 1)]),
        ("a: {year: 2017}\n", [("DL601", 1)]),
        ("a: {aliases: [b], year: 2017}\n", [("DL601", 1)]),
        ("a: {name: [x]}\n", [("DL601", 1), ("DL601", 1)]),
        ("a: {name: x, kind: thing}\n", [("DL601", 1)]),
        ("a: {name: x, confidence: sure}\n", [("DL601", 1)]),
        ("a: {name: x, year: '17'}\n", [("DL601", 1)]),
        ("a: {name: x, year: soon}\n", [("DL601", 1)]),
        ("a: {name: x, year: 1599}\nb: {name: y, year: 2200}\n", [("DL601", 1), ("DL601", 2)]),
        ("a: {name: x, year: 1600}\nb: {name: y, year: 2199}\n", []),
        ("a: {name: x, aliases: y}\n", [("DL601", 1)]),
        ("a: {name: x, paper: title}\n", [("DL601", 1)]),
        ("a: {name: x, paper: {title: t, url: 'javascript:x'}}\n", [("DL303", 1)]),
        ("a: {name: x, paper: {title: t, url: '/x'}}\n", [("DL303", 1)]),
        ("a: {name: x, summary: text}\n", [("DL601", 1)]),
        ("a: {name: x, summary: {fr: text}}\n", [("DL601", 1)]),
        ("a: {name: x, nmae: y}\n", [("DL109", 1)]),
        ("a: {name: x}\na: {name: y}\n", [("DL103", 2)]),
        ("a: {name: x, based_on: [b]}\n", [("DL604", 1)]),
        ("a: {name: x, based_on: [b]}\nb: {name: y, based_on: [a]}\n", [("DL605", 1)]),
        ("a: {name: x, based_on: [a]}\n", [("DL605", 1)]),
    ],
)
def test_bad_entries(text: str, problems: list[tuple[str, int]]) -> None:
    assert registry_problems(text) == problems


def test_a_circle_names_its_members() -> None:
    text = "z: {name: z, based_on: [a]}\na: {name: a, based_on: [b]}\nb: {name: b, based_on: [c]}\n"
    _, (found,) = read_registry(SourceFile("methods.yml", f"{text}c: {{name: c, based_on: [a]}}\n"), ("zh",))
    assert found.code == "DL605"
    assert found.message.endswith("a → b → c → a")


def test_many_ways_to_one_ancestor_are_followed_once() -> None:
    """Thirty diamonds on end have a milliard paths."""
    text = "m0: {name: M0}\n" + "".join(
        f"l{n}: {{name: L{n}, based_on: [m{n}]}}\nr{n}: {{name: R{n}, based_on: [m{n}]}}\n"
        f"m{n + 1}: {{name: M{n + 1}, based_on: [l{n}, r{n}]}}\n"
        for n in range(30)
    )
    began = time.process_time()
    assert registry_problems(text) == []
    assert time.process_time() - began < 5


# Ids


def test_two_names_of_one_id_are_an_error_that_names_both_places() -> None:
    _, (found,) = made(("zh", "# A\n\n## B\n\n### Set\n\n### Set!\n"))
    assert (found.code, found.position) == ("DL210", (7, 5))
    assert "outline.zh.md:5" in found.message


def test_homophones_are_an_error() -> None:
    _, (found,) = made(("zh", "# A\n\n## B\n\n### 公式\n\n### 攻势\n"))
    assert (found.code, found.position) == ("DL210", (7, 5))


def test_a_method_yields_no_id_to_a_section_without_an_english_name() -> None:
    taxonomy, diagnostics = made(
        ("zh", "# A\n\n## B\n\n### [注意力](/x/transformer)\n\n### [别的](/x/o)\n\n如**Transformer**。\n")
    )
    assert told(diagnostics) == []
    assert taxonomy.concepts["transformer"].kind is Kind.METHOD
    assert taxonomy.concepts["zhu-yi-li"].kind is Kind.FAMILY


def test_a_bad_id_of_a_method_is_reported_once() -> None:
    _, diagnostics = made(("zh", "# A\n\n## B\n\n如**C**{#Not_An_Id}, **D**{#search}。\n"))
    assert Counter(d.code for d in diagnostics) == {"DL212": 1, "DL211": 1}


def test_an_id_written_twice_keeps_both_names() -> None:
    taxonomy, diagnostics = made(("zh", "# A\n\n## B\n\n如**C-Net**{#c}。\n\n## D\n\n如**C-网络**{#c}。\n"))
    assert told(diagnostics) == []
    assert taxonomy.concepts["c"].alt == ("C-网络",)
    assert taxonomy.concepts["c"].broader == ("b", "d")


# The real post

IRREGULARITIES = {
    17: "DL206",
    47: "DL302",
    86: "DL302",
    93: "DL204",
    151: "DL301",
    157: "DL201",
    187: "DL204",
    198: "DL302",
    216: "DL204",
    223: "DL202",
    270: "DL204",
    281: "DL204",
    289: "DL205",
    295: "DL203",
    304: "DL203",
}
"""By line, what its author did not mean to write."""


@pytest.fixture
def post() -> Path:
    post = SHARED / "seed" / "DL-outline.md"
    require(post.is_file(), f"the post {post}")
    return post


def test_the_post_is_read_as_a_careful_reader_reads_it(seed_site: Path) -> None:
    score = SHARED / "accept" / "score_outline.py"
    require(score.is_file(), f"the score {score}")
    run = subprocess.run(
        [
            *(sys.executable, score, seed_site / "taxonomy.json", SHARED / "seed"),
            *("--min-f1", "0.99", "--min-tree", "0.98"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_irregularity_of_the_post_is_told_once(post: Path) -> None:
    result = build(post)
    found = [(d.position.line if d.position else 0, d.code) for d in result.diagnostics]
    assert sorted(found) == sorted([*IRREGULARITIES.items(), (1, "DL501")])
    assert {d.severity for d in result.diagnostics} == {Severity.WARNING}
