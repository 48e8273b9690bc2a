"""Parsed Markdown in rows: what comes back is equal, so that no text is parsed twice or read differently."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dlmap.cache import Cache
from dlmap.markdown import incremental, parse_document, parse_documents, parse_outline
from dlmap.text import SourceFile, read_source
from support.checkout import ROOT

FOOTNOTES = (
    "# A\n\nText[^1] and [link][there].\n\n[^1]: A note with $x$.\n[there]: https://example.org 'title'\n"
)
TABLES = "# A\n\n| **a** | $b$ |\n|:--|--:|\n| `c|d` | ![e](f.png) |\n\n<div>\n<a href='x'>y</a>\n</div>\n\n$$\nz\n"
FILES = sorted((*(ROOT / "content").glob("outline*.md"), *(ROOT / "tests/quirks").glob("**/*.md")))


def sources() -> Iterator[SourceFile]:
    yield SourceFile("footnotes.md", FOOTNOTES)
    yield SourceFile("tables.md", TABLES)
    for file in FILES:
        source, _ = read_source(file, file.name)
        assert source is not None
        yield source


@pytest.mark.parametrize("flavor", [None, "kramdown"])
def test_a_text_from_a_row_is_equal(
    flavor: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = list(sources())
    assert len(texts) > 10
    with Cache.open(tmp_path) as cache:
        outlines = [parse_outline(source, flavor=flavor, cache=cache) for source in texts]
        documents = parse_documents(texts, cache, flavor=flavor)
    assert documents == [parse_document(source, flavor=flavor) for source in texts]
    monkeypatch.setattr(incremental, "parse_text", lambda *_: pytest.fail("it is parsed again"))
    with Cache.open(tmp_path) as cache:
        again = [parse_outline(source, flavor=flavor, cache=cache) for source in texts]
        assert parse_documents(texts, cache, flavor=flavor) == documents
    assert again == outlines
    for (document, _), (other, _) in zip(outlines, again, strict=True):
        assert [block.digest for block in document.walk()] == [block.digest for block in other.walk()]
