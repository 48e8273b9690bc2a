"""The registry of formats: an entry without words or documentation fails here."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from dlmap import build
from dlmap.config import LANGUAGES
from dlmap.exports import FORMATS, ExportFormat
from dlmap.render.translations import Translations
from dlmap.theme import Theme
from support.checkout import ROOT

EACH = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
OUTLINES = {
    "zh": "# 视觉 (Vision)\n\n## 主干 (Backbones)\n\n### 卷积 (Convolution)\n\n一种**VGG**。\n",
    "en": "# Vision\n\n## Backbones\n\n### Convolution\n\nA method: **VGG**.\n",
}
REGISTRY = (
    "vgg:\n  name: VGG\n  year: 2014\n  paper: {title: Very Deep, url: https://arxiv.org/abs/1409.1556}\n"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("formats")
    (folder / "content").mkdir()
    for lang, text in OUTLINES.items():
        (folder / "content" / f"outline.{lang}.md").write_text(text, "utf-8")
    (folder / "content" / "methods.yml").write_text(REGISTRY, "utf-8")
    assert build(folder, folder / "site").published
    return folder / "site"


@EACH
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_format_has_words(form: ExportFormat, lang: str) -> None:
    words = Translations(Theme.for_site(ROOT / "none"), LANGUAGES).tables[lang]
    assert words.get(f"data_for_{form.name}")
    assert words.get(f"data_count_{form.counted}")


@EACH
def test_a_format_is_documented(form: ExportFormat) -> None:
    rows = re.findall(r"^\|.*$", (ROOT / "docs" / "exports.md").read_text("utf-8"), re.MULTILINE)
    (row,) = (row for row in rows if f"`{form.name}`" in row.split("|")[1])
    assert f"`{form.path.replace('{lang}', 'LANG')}`" in row


@EACH
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_format_is_published_and_offered(form: ExportFormat, lang: str, site: Path) -> None:
    path = form.file(lang)
    page = unescape((site / lang / "data" / "index.html").read_text("utf-8"))
    assert (site / path).stat().st_size > 0
    assert f'href="../../{path}" type="{form.media_type}"' in page


def test_a_format_is_added_by_one_entry_and_its_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ExportFormat(
        "names",
        "Names",
        "data/names.txt",
        "text/plain",
        lambda context, _: "\n".join(context.taxonomy.concepts).encode(),
    )
    monkeypatch.setattr("dlmap.site.open_data.FORMATS", (*FORMATS, names))
    (tmp_path / "templates" / "strings").mkdir(parents=True)
    for lang, text in OUTLINES.items():
        (tmp_path / f"outline.{lang}.md").write_text(text, "utf-8")
        words = tmp_path / "templates" / "strings" / f"{lang}.toml"
        words.write_text('data_for_names = "A list of ids."\n', "utf-8")
    assert build(tmp_path, tmp_path / "site").published
    assert "vgg" in (tmp_path / "site" / "data" / "names.txt").read_text("utf-8").split()
    page = (tmp_path / "site" / "en" / "data" / "index.html").read_text("utf-8")
    assert "A list of ids." in page
    assert 'href="../../data/names.txt" type="text/plain"' in page


def test_names_and_paths_are_unique() -> None:
    assert len({form.name for form in FORMATS}) == len({form.path for form in FORMATS}) == len(FORMATS)
