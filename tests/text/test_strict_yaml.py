"""The strict YAML: one meaning for every document, a place for every mistake, bounded work."""

from __future__ import annotations

import datetime
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dlmap.text import Diagnostic, SourceFile, Span, strict_yaml
from dlmap.text.strict_yaml import (
    MAX_DEPTH,
    YamlMapping,
    YamlNode,
    YamlScalar,
    YamlSequence,
    as_boolean,
    as_date,
    as_integer,
    parse_yaml,
)


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers of PyYAML: libyaml's is not in every installation, and differs in small things."""
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(strict_yaml, "_Loader", getattr(yaml, request.param))


def parse(text: str) -> tuple[YamlNode | None, tuple[Diagnostic, ...]]:
    return parse_yaml(SourceFile("a.yml", text), Span(0, len(text)))


def node_of(text: str) -> YamlNode:
    node, diagnostics = parse(text)
    assert diagnostics == ()
    assert node is not None
    return node


def values(text: str) -> dict[str, YamlScalar]:
    node = node_of(text)
    assert isinstance(node, YamlMapping)
    return {key.text: value for key, value in node.items if isinstance(value, YamlScalar)}


def refused(text: str) -> tuple[str, str]:
    """The code of the one diagnostic, and the place that it names."""
    node, [diagnostic] = parse(text)
    assert node is None
    assert diagnostic.help
    assert diagnostic.position is not None
    return diagnostic.code, "{}:{}".format(*diagnostic.position)


def test_mappings_sequences_and_scalars_keep_their_order_and_their_places() -> None:
    text = "标题: 卷积\nb:\n  - x\n  - {c: d}\n\ne: f\n"
    node = node_of(text)
    assert isinstance(node, YamlMapping)
    assert [key.text for key, _ in node.items] == ["标题", "b", "e"]
    assert text[slice(*node.items[0][1].span)] == "卷积"
    sequence = node.items[1][1]
    assert isinstance(sequence, YamlSequence)
    assert text[slice(*sequence.span)] == "- x\n  - {c: d}"
    assert text[slice(*sequence.items[1].span)] == "{c: d}"
    assert text[slice(*node.span)] == text.rstrip()


def test_places_are_right_inside_a_larger_file_and_behind_odd_line_ends() -> None:
    text = '---\n标题: "甲\u2028乙"\nb: c: d\n---\n'
    node, [diagnostic] = parse_yaml(SourceFile("a.md", text), Span(4, len(text) - 4))
    assert node is None
    assert diagnostic.position == (3, 5)


def test_an_empty_document_is_nothing() -> None:
    assert parse("") == (None, ())
    assert parse("# a comment\n") == (None, ())


@pytest.mark.parametrize(
    "written",
    [
        "no",
        "yes",
        "on",
        "off",
        "true",
        "False",
        "null",
        "~",
        "1",
        "1.10",
        "0123",
        "0x1F",
        "12:30:45",
        "1_000",
        "-.5",
        "1e3",
        ".inf",
        "2026-02-28",
        "2026-1-1",
    ],
)
def test_what_another_reader_would_not_take_for_text_is_no_text(written: str) -> None:
    assert not values(f"a: {written}")["a"].is_text
    assert values(f'a: "{written}"')["a"].is_text
    assert values(f"a: '{written}'")["a"].is_text


@pytest.mark.parametrize("written", ["Noah", "v1.10", "1.10 beta", "卷积", "12:30 Uhr", "2026年", "-x"])
def test_ordinary_words_are_text(written: str) -> None:
    assert values(f"a: {written}")["a"].is_text


@pytest.mark.parametrize(("written", "is_null"), [("", True), ("~", True), ("null", True), ('""', False)])
def test_nothing_is_null_and_an_empty_text_is_not(written: str, is_null: bool) -> None:
    assert values(f"a: {written}")["a"].is_null is is_null


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("title: Foo: bar", "DL102", "1:11"),
        ("a:\n\tb: 1", "DL102", "2:1"),
        ("a: [1", "DL102", "1:6"),
        ('a: "x', "DL102", "1:6"),
        ("a: @x", "DL102", "1:4"),
        ("a: 1\n---\nb: 2", "DL102", "2:1"),
        ("? [a]\n: b", "DL102", "1:3"),
        ("a: \x07", "DL102", "1:4"),
        ("a: x\ud800y", "DL102", "1:5"),
        ("a: 1\nb: 2\na: 3", "DL103", "3:1"),
        ("a: {b: 1, b: 2}", "DL103", "1:11"),
        ("a: &x 1", "DL104", "1:4"),
        ("a: *x", "DL104", "1:4"),
        ("<<: {a: 1}", "DL104", "1:1"),
        ("a: !!python/object/apply:os.system ['true']", "DL107", "1:4"),
        ("a: !foo bar", "DL107", "1:4"),
    ],
)
def test_what_is_refused_and_where(text: str, code: str, place: str) -> None:
    assert refused(text) == (code, place)


def test_half_a_character_in_an_escape_is_refused() -> None:
    assert refused(r'a: "\ud800"')[0] == "DL102"


def test_depth_is_bounded_at_a_stated_limit() -> None:
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH)[1] == ()
    assert refused("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)) == ("DL105", f"1:{MAX_DEPTH + 1}")


class LimitedLoader(yaml.SafeLoader):
    """A parser with a limit of its own, which answers as soon as its scanner reaches it."""

    def fetch_flow_collection_start(self, TokenClass: type) -> None:  # noqa: N803 - PyYAML's name
        if self.flow_level > MAX_DEPTH:
            raise yaml.scanner.ScannerError("in a list", None, "exceeded maximum depth", self.get_mark())
        super().fetch_flow_collection_start(TokenClass)


@pytest.mark.parametrize("limited", [False, True])
@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("[" * 2_000, "DL105", "1:17"),
        ("a: " + "[" * 2_000, "DL105", "1:19"),
        ("{a: " * 2_000, "DL105", "1:62"),
        ("- " * 2_000, "DL105", "1:33"),
        ("? " * 2_000, "DL105", "1:33"),
        ("x: 1\nx: 2\na: " + "[" * 2_000, "DL103", "2:1"),
        ("a: &b 1\nc: " + "[" * 2_000, "DL104", "1:4"),
        ("a: !b 1\nc: [@", "DL107", "1:4"),
    ],
)
def test_a_limit_of_the_library_never_answers_first(
    monkeypatch: pytest.MonkeyPatch, limited: bool, text: str, code: str, place: str
) -> None:
    if limited:
        monkeypatch.setattr(strict_yaml, "_Loader", LimitedLoader)
    assert refused(text) == (code, place)


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "text",
    ["[" * 20_000, "{a: " * 20_000, "- " * 20_000, "a: &b [" * 9 + "*b, " * 9, "x: " + "9" * 5000],
    ids=["flow", "mappings", "blocks", "aliases", "digits"],
)
def test_hostile_documents_cost_next_to_nothing(text: str) -> None:
    began = time.process_time()
    parse(text)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("written", "number"),
    [("2017", 2017), ("-3", -3), ("9" * 18, int("9" * 18)), ("9" * 5000, None), ("1.0", None)],
)
def test_integers_are_plain_decimals_of_sane_length(written: str, number: int | None) -> None:
    assert as_integer(values(f"a: {written}")["a"]) == number


@pytest.mark.parametrize(
    ("written", "value"), [("true", True), ("False", False), ("yes", None), ("no", None), ('"true"', None)]
)
def test_only_true_and_false_are_truth_values(written: str, value: bool | None) -> None:
    assert as_boolean(values(f"a: {written}")["a"]) is value


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-02-28", datetime.date(2026, 2, 28)),
        ("2020-3-6 08:00:00 +0800", datetime.date(2020, 3, 6)),
        ("2026-02-30", None),
        ("2026-02", None),
        ("soon", None),
    ],
)
def test_dates_are_days_of_the_calendar(written: str, day: datetime.date | None) -> None:
    assert as_date(values(f"a: {written}")["a"]) == day


@given(st.text(st.sampled_from("ab: -[]{}#&*!|>'\"%@`\n\t卷,?~1."), max_size=40))
def test_no_text_makes_it_raise(text: str) -> None:
    node, diagnostics = parse(text)
    assert node is None or diagnostics == ()
    for diagnostic in diagnostics:
        assert diagnostic.span is not None
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
