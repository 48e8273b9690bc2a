"""Source files: positions in characters, and files that cannot be read told in words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlmap.text import Diagnostic, SourceFile, Span, read_source
from dlmap.text.source import MAX_FILE_BYTES


def read(data: bytes, folder: Path) -> tuple[SourceFile | None, tuple[Diagnostic, ...]]:
    file = folder / "file.md"
    file.write_bytes(data)
    return read_source(file, "content/file.md")


def refused(data: bytes, folder: Path) -> Diagnostic:
    source, diagnostics = read(data, folder)
    assert source is None
    [diagnostic] = diagnostics
    assert diagnostic.help
    return diagnostic


@pytest.mark.parametrize(
    ("offset", "position"),
    [(0, (1, 1)), (1, (1, 2)), (2, (1, 3)), (3, (2, 1)), (5, (2, 3)), (6, (3, 1))],
)
def test_positions_count_characters_from_one(offset: int, position: tuple[int, int]) -> None:
    assert SourceFile("a.md", "卷积\nab\n").position(offset) == position


def test_a_character_beyond_the_first_plane_is_one_column() -> None:
    assert SourceFile("a.md", "𠮷x").position(1) == (1, 2)


@given(st.text(st.sampled_from("ab卷\n\t"), max_size=60))
def test_lines_and_offsets_agree(text: str) -> None:
    source = SourceFile("a.md", text)
    for offset in range(len(text) + 1):
        line, column = source.position(offset)
        assert source.line_start(line) + column - 1 == offset
    lines = text.split("\n")
    assert [source.line_text(number + 1) for number in range(len(lines))] == lines


def test_line_span_leaves_out_white_space_around_the_line() -> None:
    source = SourceFile("a.md", "x\n  卷积 \n")
    assert source.line_span(2) == Span(4, 6)


def test_the_span_of_a_line_of_white_space_is_empty() -> None:
    source = SourceFile("a.md", "一\n \x85\t\n二\n")
    assert source.line_span(2) == Span(2, 2)


def test_lines_past_the_end_begin_at_the_end() -> None:
    source = SourceFile("a.md", "abc\n")
    assert source.line_start(9) == 4
    assert source.line_text(9) == ""


def test_line_ends_become_line_feeds(tmp_path: Path) -> None:
    texts = set()
    for end in (b"\n", b"\r\n", b"\r"):
        source, diagnostics = read(b"# a" + end + b"b" + end, tmp_path)
        assert source is not None
        assert diagnostics == ()
        texts.add(source.text)
    assert texts == {"# a\nb\n"}


def test_byte_order_mark_is_dropped(tmp_path: Path) -> None:
    source, _ = read(b"\xef\xbb\xbf# a", tmp_path)
    assert source is not None
    assert source.text == "# a"


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        ("# 卷积".encode("gbk"), 2),
        (b"ab\xe5\x8d", 2),  # cut off inside a character
        (b"a\xc0\xaf", 1),  # an overlong slash
        (b"a\xed\xa0\x80", 1),  # half a surrogate pair
        (b"a\xff", 1),
        (b"\xef\xbb\xbfab\xff", 5),  # counted in the file, behind its byte order mark
    ],
)
def test_what_is_not_utf_8_is_refused_with_its_byte_offset(data: bytes, offset: int, tmp_path: Path) -> None:
    diagnostic = refused(data, tmp_path)
    assert diagnostic.code == "DL002"
    assert diagnostic.message == f"is not UTF-8: byte 0x{data[offset]:02x} at byte offset {offset}"


def test_a_file_that_may_be_gbk_gets_the_command_that_converts_it(tmp_path: Path) -> None:
    assert "iconv -f GB18030 -t UTF-8" in refused("# 卷积".encode("gbk"), tmp_path).help
    assert "GB18030" not in refused(b"a\xff", tmp_path).help


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_at_its_first_byte(encoding: str, tmp_path: Path) -> None:
    diagnostic = refused("\ufeff# a".encode(encoding), tmp_path)
    assert diagnostic.code == "DL002"
    assert "UTF-16" in diagnostic.message
    assert "byte offset 0" in diagnostic.message


def test_nul_is_refused_at_its_place(tmp_path: Path) -> None:
    diagnostic = refused(b"# a\n\nb\0c", tmp_path)
    assert diagnostic.code == "DL003"
    assert diagnostic.position == (3, 2)


def test_the_longest_file_is_read_and_a_longer_one_is_not(tmp_path: Path) -> None:
    source, diagnostics = read(b"x" * MAX_FILE_BYTES, tmp_path)
    assert source is not None
    assert diagnostics == ()
    assert refused(b"x" * (MAX_FILE_BYTES + 1), tmp_path).code == "DL004"


@pytest.mark.parametrize("text", ["", " \n\t\n", "\ufeff"])
def test_an_empty_file_is_read_with_a_warning(text: str, tmp_path: Path) -> None:
    source, [diagnostic] = read(text.encode(), tmp_path)
    assert source is not None
    assert diagnostic.code == "DL006"


def test_a_folder_is_no_text(tmp_path: Path) -> None:
    source, [diagnostic] = read_source(tmp_path, "content")
    assert source is None
    assert diagnostic.code == "DL005"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
@pytest.mark.timeout(10)
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    _, [diagnostic] = read_source(tmp_path / "pipe.md", "pipe.md")
    assert diagnostic.code == "DL005"


def test_a_file_that_went_away_is_refused(tmp_path: Path) -> None:
    _, [diagnostic] = read_source(tmp_path / "none.md", "none.md")
    assert diagnostic.code == "DL001"
    assert diagnostic.file == "none.md"
