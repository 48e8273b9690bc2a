"""Labels and bullets where a golden case cannot show what is meant; the others stand in tests/quirks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlmap.markdown import parse_document
from dlmap.taxonomy.bullets import host_of, read_bullet
from dlmap.taxonomy.labels import split_gloss, strip_numbering
from dlmap.text import SourceFile

quick = settings(max_examples=200, deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize(
    ("text", "rest", "number"),
    [
        ("1. 类型", "类型", "1"),
        ("(1) 类型", "类型", "1"),
        ("（二）类型", "类型", "二"),
        ("() 类型", "类型", ""),
        ("1.2 类型", "类型", "1.2"),
        ("第三章 类型", "类型", "三"),
        ("第3节：类型", "类型", "3"),
        ("三、类型", "类型", "三"),
        ("⚪ 类型", "类型", None),
        ("3D视觉", "3D视觉", None),
        ("2.5D视觉", "2.5D视觉", None),
        ("第一类", "第一类", None),
    ],
)
def test_numbering(text: str, rest: str, number: str | None) -> None:
    at, found, _ = strip_numbering(text)
    assert text[at:].strip() == rest
    assert found == number


@quick
@given(st.text("中文词ABc ()（）,，-", max_size=20))
def test_a_label_keeps_every_letter(text: str) -> None:
    label = split_gloss(text)
    shown = "".join((label.text, label.gloss, *label.alt))
    assert {char for char in text if char.isalpha()} == {char for char in shown if char.isalpha()}


@pytest.mark.parametrize("href", ["http://[::1", "https://", "//", "\\", "%zz", "http://x:y/"])
def test_an_address_that_is_none_has_no_host_or_a_plain_one(href: str) -> None:
    assert host_of(href) in ("", "x")


@pytest.mark.parametrize(
    ("item", "label"),
    [
        ("标签：话", "标签"),
        ("**标签**：话", "标签"),
        ("**标签：**话", "标签："),
        ("**S**型：话", "**S**型"),
        (r"后验$q(z\|x)$：话", r"后验$q(z\|x)$"),
        ("$x$型：话", "$x$型"),
        ("⚪ 标签 (Label)：话", "标签 (Label)"),
        ("`a`与`b`：话", "`a`与`b`"),
        ("引入**动量**的方法", "动量"),
        ("[标签](/x)：话", "[标签](/x)"),
    ],
)
def test_where_the_label_of_an_item_stands(item: str, label: str) -> None:
    document, _ = parse_document(SourceFile("post.md", f"文\n\n- 一\n- {item}\n"), flavor="kramdown")
    span = read_bullet(document.blocks[1].children[1]).span
    assert document.source.text[span.start : span.end] == label
