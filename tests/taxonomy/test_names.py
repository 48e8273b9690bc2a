"""Names: their keys, their ids, and series written in one go."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlmap.site.page_types import reserved_ids
from dlmap.taxonomy.names import (
    ID_PATTERN,
    expand_series,
    fallback_id,
    name_key,
    slug,
    url_word,
)

quick = settings(max_examples=200, deadline=None, derandomize=True, database=None)


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("Variational Autoencoder", "variational-autoencoder"),
        ("变分自编码器", "bian-fen-zi-bian-ma-qi"),
        ("Transformer中的位置编码", "transformer-zhong-de-wei-zhi-bian-ma"),
        ("β-VAE", "beta-vae"),
        ("Π-Model", "pi-model"),
        ("ά-VAE", "alpha-vae"),
        ("Nyströmformer", "nystromformer"),
        ("Flow++", "flow-plus-plus"),
        ("C", "c"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("用F#写", "yong-f-sharp-xie"),
        ("VC#1", "vc-1"),
        ("T5.1.1", "t5-1-1"),
        ("ＣＮＮ", "cnn"),
        ("İ", "i"),
        ("😀", ""),
        ("__proto__", "proto"),
        ("it’s", "its"),
    ],
)
def test_the_spelling_of_a_name(name: str, spelt: str) -> None:
    assert slug(name) == spelt


@quick
@given(st.text(max_size=30))
def test_a_slug_is_an_id_or_nothing(name: str) -> None:
    spelt = slug(name)
    assert spelt == "" or ID_PATTERN.fullmatch(spelt)
    assert slug(spelt) == spelt
    assert slug(f" {name}\n") == spelt


@quick
@given(st.text(max_size=30))
def test_a_fallback_id_is_an_id_that_stays(name: str) -> None:
    assert ID_PATTERN.fullmatch(fallback_id(name))
    assert fallback_id(name) == fallback_id(name)
    assert fallback_id("😀") == "concept-4b218c8f"


@quick
@given(st.text(max_size=20))
def test_a_key_forgets_case_and_white_space_only(name: str) -> None:
    assert name_key(f"  {name}\t") == name_key(name)
    assert name_key(name_key(name)) == name_key(name) or not name.isascii()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Big Bird", "BigBird"),
        ("VQ-VAE", "VQ‑VAE"),
        ("ReLU", "relu"),
        ("词\u200b嵌入", "词嵌入"),
        ("ＣＮＮ", "CNN"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("C", "C++"), ("C", "C#"), ("VQ-VAE", "VQ-VAE-2"), ("T5", "mT5")])
def test_different_names(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    ("href", "word"),
    [
        ("https://blog.example/2020/03/06/CNN.html", "cnn"),
        ("https://blog.example/flow/", "flow"),
        ("/posts/a_b.md?x=1#y", "a-b"),
        ("mailto:someone", ""),
        ("", ""),
        ("https://blog.example/深度.html", "shen-du"),
    ],
)
def test_the_last_word_of_an_address(href: str, word: str) -> None:
    assert url_word(href) == word


def test_reserved_ids_are_ids() -> None:
    assert all(ID_PATTERN.fullmatch(word) for word in reserved_ids())


# Series, rule D9; more of them in tests/quirks/d09-series.md

bases = st.sampled_from(["MobileNet V", "GPT ", "YOLOv", "StyleGAN", "ResNet-", "v", "Inception v", "H."])
numbers = st.lists(st.integers(0, 300), min_size=2, max_size=6, unique=True)
separators = st.sampled_from([",", "，", "、", "/", ", ", " , "])


@quick
@given(bases, numbers, separators, st.booleans())
def test_a_series_has_a_member_for_every_number(
    base: str, counts: list[int], separator: str, plus: bool
) -> None:
    written = base + separator.join(map(str, counts)) + ("+" if plus else "")
    series, members = expand_series(written)
    assert [re.findall(r"\d+\+?$", member) for member in members] == [
        [f"{count}{'+' if plus and count == counts[-1] else ''}"] for count in counts
    ]
    assert all(member.startswith(base.rstrip()) for member in members)
    assert base.startswith(series)


@quick
@given(st.sampled_from(["YOLOv", "Inception v", "YOLO V", "Llama "]), st.integers(0, 50), st.integers(1, 20))
def test_a_range_has_all_its_numbers(base: str, first: int, count: int) -> None:
    _, members = expand_series(f"{base}{first}-{first + count}")
    assert [int(re.findall(r"\d+$", member)[0]) for member in members] == list(
        range(first, first + count + 1)
    )


@quick
@given(st.text("abcXYZ 0123456789,/-+vV.，、~词", max_size=20).filter(str.strip))
def test_expanding_loses_nothing(name: str) -> None:
    series, members = expand_series(name)
    assert members
    assert all(members)
    if not series and len(members) == 1:
        assert members == (re.sub(r"\s+", " ", name.strip()),)
    shown = set("".join((series, *members)))
    assert {char for char in name if char.isalpha()} <= shown | {"v", "V"}


def test_a_range_that_would_be_endless_is_a_name() -> None:
    assert expand_series("Net v1-999999") == ("", ("Net v1-999999",))
