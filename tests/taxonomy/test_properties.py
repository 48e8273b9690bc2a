"""Outlines made at random: everything that was put in is read out, whatever the depth and the way of writing."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from dlmap.markdown import Block
from dlmap.taxonomy import Kind, Taxonomy
from dlmap.taxonomy.outline_model import Node
from support.outlines import (
    Wanted,
    Written,
    assembled,
    names,
    outlines,
    read,
)

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)


def as_wanted(node: Node) -> tuple[Kind, str, tuple[str, ...], list[object]]:
    children: list[object] = [as_wanted(child) for child in (*node.approaches, *node.children)]
    return node.kind, node.label.text, tuple(member.name for member in node.members), children


def shape(wanted: Wanted) -> tuple[Kind, str, tuple[str, ...], list[object]]:
    return wanted.kind, wanted.label, wanted.methods, [shape(child) for child in wanted.children]


@quick
@given(outlines())
def test_nodes_methods_and_formulas_in_are_nodes_methods_and_formulas_out(written: Written) -> None:
    outline, formulas = read(written.text)
    assert [as_wanted(part) for part in outline.parts] == [shape(part) for part in written.parts]
    assert formulas == written.formulas


@quick
@given(outlines())
def test_every_paragraph_stays_with_its_node(written: Written) -> None:
    outline, _ = read(written.text)
    by_label = {node.label.text: node for node in outline.walk()}
    for part in written.parts:
        for wanted in part.walk():
            own = "".join(
                inner.inline.text for block in by_label[wanted.label].blocks for inner in block.walk()
            )
            assert wanted.text.split("$")[0] in own


@quick
@given(outlines())
def test_the_spans_of_nodes_and_members_are_their_text(written: Written) -> None:
    outline, _ = read(written.text)
    for node in outline.walk():
        raw = written.text[node.span.start : node.span.end]
        assert node.label.text in raw
        assert "\n" not in raw
        for member in node.members:
            assert written.text[member.span.start : member.span.end] == member.name


@quick
@given(outlines())
def test_the_map_has_every_node_under_its_parent_and_no_circle(written: Written) -> None:
    taxonomy = assembled(written.text)
    labels = Counter(concept.label["zh"] for concept in taxonomy.concepts.values())
    wanted = [node for part in written.parts for node in part.walk()]
    assert labels == Counter(
        [node.label for node in wanted] + [name for node in wanted for name in node.methods]
    )
    for node in wanted:
        (concept,) = (c for c in taxonomy.concepts.values() if c.label["zh"] == node.label)
        below = {taxonomy.concepts[child].label["zh"] for child in concept.narrower}
        assert below == {child.label for child in node.children} | set(node.methods)
    check_graph(taxonomy)


def check_graph(taxonomy: Taxonomy) -> None:
    """Broader and narrower mirror each other, and parents stand before their children in no circle."""
    for concept in taxonomy.concepts.values():
        assert all(concept.id in taxonomy.concepts[parent].narrower for parent in concept.broader)
        assert all(concept.id in taxonomy.concepts[child].broader for child in concept.narrower)
        assert len(set(concept.broader)) == len(concept.broader)
        seen: set[str] = set()
        todo = list(concept.broader)
        while todo:
            above = todo.pop()
            assert above != concept.id, f"{concept.id} stands below itself"
            if above not in seen:
                seen.add(above)
                todo += taxonomy.concepts[above].broader


@quick
@given(st.lists(st.tuples(st.integers(1, 5), names, names, st.booleans()), min_size=1, max_size=12))
def test_no_heap_of_repeated_names_closes_a_circle(rows: list[tuple[int, str, str, bool]]) -> None:
    lines = ["# 类型", ""]
    for level, label, method, is_placed in rows:
        lines += [f"{'#' * level} {label}", "", f"如**{method}**, **{label}**。", ""]
        lines += [f"- {label}：如**{method}**。", ""]
        if is_placed:
            lines += ["- [甲](#jia)", "- [x](#alpha)", ""]
    check_graph(assembled("\n".join(lines)))


@quick
@given(
    st.permutations(
        ["甲", "乙 (Beta)", "[丙](https://x.example/c.html)", "[丁](https://x.example/c.html)", "😀"]
    )
)
def test_ids_do_not_depend_on_the_order(labels: list[str]) -> None:
    text = "# 类型\n\n## 网络\n\n" + "".join(
        f"### {label}\n\n如**Net {len(label)}**。\n\n- 其他方法：如**{label[:1]}1-Net**。\n\n"
        for label in labels
    )
    taxonomy = assembled(text)
    ids = {concept.id for concept in taxonomy.concepts.values() if concept.kind is not Kind.METHOD}
    assert ids == {
        *("lei-xing", "wang-luo", "jia", "beta", "bing", "ding", "concept-4b218c8f"),
        *("jia-qi-ta-fang-fa", "beta-qi-ta-fang-fa", "bing-qi-ta-fang-fa", "ding-qi-ta-fang-fa"),
        "concept-4b218c8f-qi-ta-fang-fa",
    }


def test_an_outline_as_deep_as_it_may_be() -> None:
    """Sixty levels of lists: nothing is lost on the way to the map."""
    text = "# 类型\n\n## 网络\n\n### 族\n\n" + "".join(
        f"{'  ' * level}- 标签{level}：如**Net{level}X**。\n" for level in range(60)
    )
    taxonomy = assembled(text)
    assert len(taxonomy.of_kind(Kind.APPROACH)) == 60
    assert len(taxonomy.of_kind(Kind.METHOD)) == 60
    assert len(taxonomy.paths_to("net59x")[0]) == 63
    check_graph(taxonomy)


def test_blocks_of_a_split_list_are_lists_of_their_own() -> None:
    """An approach between plain items splits their list in two, and neither half speaks of the other's items."""
    outline, _ = read("# 类型\n\n## 网络\n\n- 只有文字\n- 标签：话\n- 也只有文字\n")
    (network,) = outline.parts[0].children
    lists = [piece for piece in network.content if isinstance(piece, Block)]
    texts = [[t.content for t in block.tokens if t.type == "inline"] for block in lists]
    assert texts == [["只有文字"], ["也只有文字"]]
