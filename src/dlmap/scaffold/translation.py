"""What a post in one language needs for two: a skeleton of the translation, and names and ids to add."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dlmap.taxonomy import Concept, Kind, Taxonomy

_SECTIONS = (Kind.PART, Kind.TYPE, Kind.FAMILY)
_MARKUP = re.compile(r"[\\`*_\[\]<>${}]")
_TOP_FAMILY_LEVEL = 3
_INSTRUCTIONS = {
    "en": (
        "The skeleton of the translation. Write below each heading and after each colon; translate headings that are "
        "still in the other language. Keep the ids in braces: they match the two outlines. "
        "`dlmap check` lists what is missing."
    ),
    "zh": (
        "译文的骨架：在标题下面和冒号后面写译文，还是英文的标题请换成中文名称。花括号里的 id 请保留，两份提纲靠它对应。"
        "`dlmap check` 会列出还没有翻译的内容。"
    ),
}


def skeleton(taxonomy: Taxonomy, lang: str) -> str:
    """An outline in `lang` with all headings and approaches of the first one, and no text.

    What has no name in `lang` keeps the one it has, which counts as not translated.
    """
    first = taxonomy.prefaces[taxonomy.languages[0]]
    head = [f"# title: {' '.join(first.title.split())}"] if first.title else []
    # Both languages need the same flavour: the layout implies formulas as in Jekyll.
    head = ["layout: post", *head] if first.kramdown else head
    lines = ["---", *head, "---", ""] if head else []
    lines += [f"<!-- {_INSTRUCTIONS[lang]} -->"]
    for part in taxonomy.parts:
        lines += _section(taxonomy, taxonomy.concepts[part], 1, lang)
    return "\n".join((*lines, ""))


def _section(taxonomy: Taxonomy, concept: Concept, level: int, lang: str) -> Iterator[str]:
    is_child_family = concept.kind is Kind.FAMILY and level > _TOP_FAMILY_LEVEL
    mark = f"#{concept.id} .family" if is_child_family else f"#{concept.id}"
    yield from ("", f"{'#' * level} {_name(concept, lang)} {{{mark}}}")
    if bullets := list(_approaches(taxonomy, concept, concept.id, lang)):
        yield from ("", *bullets)
    below = [
        taxonomy.concepts[child]
        for child in concept.narrower
        if taxonomy.concepts[child].kind in _SECTIONS and taxonomy.concepts[child].broader[0] == concept.id
    ]
    # A family directly below a part would otherwise belong to the type before it.
    for child in sorted(below, key=lambda child: child.kind is not Kind.FAMILY):
        yield from _section(taxonomy, child, _level(child, level), lang)


def _level(child: Concept, above: int) -> int:
    return max(above + 1, _TOP_FAMILY_LEVEL) if child.kind is Kind.FAMILY else above + 1


def _approaches(
    taxonomy: Taxonomy, concept: Concept, family: str, lang: str, depth: int = 0
) -> Iterator[str]:
    colon = "：" if lang == "zh" else ":"
    for child_id in concept.narrower:
        child = taxonomy.concepts[child_id]
        if child.kind is Kind.APPROACH:
            own = child.id.removeprefix(f"{family}-")
            yield f"{'  ' * depth}- **{_name(child, lang)}**{{#{own}}}{colon}"
            yield from _approaches(taxonomy, child, family, lang, depth + 1)


def _name(concept: Concept, lang: str) -> str:
    name = concept.label.get(lang) or next(iter(concept.label.values()))
    return _MARKUP.sub(r"\\\g<0>", name)


def missing_names(taxonomy: Taxonomy, path: str) -> str:
    """A list for the author of the first outline: missing names, and ids that keep addresses stable."""
    first = taxonomy.languages[0]
    others = [lang for lang in taxonomy.languages if lang != first]
    written = [concept for concept in taxonomy.concepts.values() if first in concept.texts]
    nameless = [concept for concept in written if any(lang not in concept.label for lang in others)]
    without_id = [
        concept for concept in written if concept.kind in _SECTIONS and not _has_id(taxonomy, concept)
    ]
    return "\n".join(
        (
            "# Names and ids",
            "",
            f"Nothing in `{path}` was changed. These are proposals, in the order of its lines.",
            "",
            "## Names in the other language",
            "",
            "Write the name behind the Chinese one, `## 循环神经网络 (Recurrent neural network)`, or into the other outline.",
            "",
            *(_row(taxonomy, concept) for concept in nameless),
            *([] if nameless else ["Every section has one."]),
            "",
            "## Ids",
            "",
            "An id is the address of a page. With the id behind its heading, `## 循环神经网络 {#rnn}`, an address survives a",
            "change of words. These are the ids that hold now; choose better ones where they are spelt in pinyin, and write",
            "them in both outlines.",
            "",
            *(f"{_row(taxonomy, concept)} `{{#{concept.id}}}`" for concept in without_id),
            *([] if without_id else ["Every section has one."]),
            "",
        )
    )


def _row(taxonomy: Taxonomy, concept: Concept) -> str:
    line, _ = _written(taxonomy, concept)
    return f"- line {line}: {_name(concept, taxonomy.languages[0])}"


def _has_id(taxonomy: Taxonomy, concept: Concept) -> bool:
    _, heading = _written(taxonomy, concept)
    return re.search(rf"\{{[^{{}}]*#{re.escape(concept.id)}\b", heading) is not None


def _written(taxonomy: Taxonomy, concept: Concept) -> tuple[int, str]:
    """The number and text of the line that names a concept in the first outline."""
    source, label = taxonomy.place_of(concept.texts[taxonomy.languages[0]])
    line = source.line_of(label)
    return line, source.line_text(line)
