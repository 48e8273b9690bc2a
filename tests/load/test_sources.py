"""Which files make up a site, and what is said of those that cannot."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from dlmap.cache import Cache
from dlmap.config import ConfigError, SiteNotFoundError
from dlmap.load.discover import Sources, discover, printable
from dlmap.load.read import ParsedTexts, read_texts

OUTLINE = "# Vision\n\n## Backbones\n\n### Convolution\n\nA filter.\n"
CHINESE = "# 视觉 (Vision)\n\n## 主干 (Backbones)\n\n### 卷积 (Convolution)\n\n一种滤波。\n"


def texts_of(sources: Sources) -> ParsedTexts:
    """Every file of a site, read for the first time."""
    with Cache.open(None) as cache:
        return read_texts(sources, cache)


def site(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return folder


def outline_names(sources: Sources) -> list[tuple[str, str]]:
    return [(lang, file.name) for lang, file in sources.outlines]


def codes(texts: ParsedTexts) -> list[tuple[str, str]]:
    return sorted((diagnostic.code, diagnostic.file) for diagnostic in texts.diagnostics)


def test_a_folder_has_an_outline_for_each_language_and_what_belongs_to_it(tmp_path: Path) -> None:
    site(
        tmp_path,
        {
            "content/outline.zh.md": CHINESE,
            "content/outline.en.md": OUTLINE,
            "content/methods.yml": "",
            "content/notes/convolution.zh.md": "笔记\n",
            "content/notes/convolution.en.md": "A note\n",
        },
    )
    sources = discover(tmp_path)
    assert outline_names(sources) == [("zh", "outline.zh.md"), ("en", "outline.en.md")]
    assert sources.registry == (tmp_path / "content" / "methods.yml",)
    assert sorted((name, lang) for name, lang, _ in sources.notes) == [
        ("convolution", "en"),
        ("convolution", "zh"),
    ]
    assert sources.watched == (tmp_path,)
    assert texts_of(sources).languages == ("zh", "en")


def test_content_may_stand_at_the_top_of_the_folder(tmp_path: Path) -> None:
    site(tmp_path, {"outline.md": OUTLINE})
    assert outline_names(discover(tmp_path)) == [("", "outline.md")]


def test_a_lone_post_is_a_whole_site_with_its_translations(tmp_path: Path) -> None:
    site(tmp_path, {"post.md": CHINESE, "post.en.md": OUTLINE, "other.md": "x", "dlmap.toml": "nonsense"})
    sources = discover(tmp_path / "post.md")
    assert sources.is_lone_post
    assert outline_names(sources) == [("", "post.md"), ("en", "post.en.md")]
    assert texts_of(sources).languages == ("zh", "en")
    # Also where a translation could come to stand.
    assert set(sources.watched) == {tmp_path / name for name in ("post.md", "post.zh.md", "post.en.md")}


def test_the_language_in_the_name_of_a_lone_post_is_the_default_one(tmp_path: Path) -> None:
    site(tmp_path, {"post.en.md": OUTLINE, "post.zh.md": CHINESE})
    assert texts_of(discover(tmp_path / "post.en.md")).languages == ("en", "zh")


@pytest.mark.parametrize("name", ["post.markdown", "post.txt", "post"])
def test_a_lone_post_may_have_any_name(name: str, tmp_path: Path) -> None:
    site(tmp_path, {name: OUTLINE})
    assert outline_names(discover(tmp_path / name)) == [("", name)]


def test_the_configured_languages_decide_the_order_and_what_is_read(tmp_path: Path) -> None:
    site(
        tmp_path,
        {
            "dlmap.toml": 'languages = ["en"]',
            "content/outline.zh.md": CHINESE,
            "content/outline.en.md": OUTLINE,
        },
    )
    texts = texts_of(discover(tmp_path))
    assert [lang for lang, _ in texts.outlines] == ["en"]
    assert texts.diagnostics == ()


def test_a_configured_outline_is_found_in_every_language(tmp_path: Path) -> None:
    site(
        tmp_path,
        {"dlmap.toml": 'outline = "texts/map.md"', "texts/map.zh.md": CHINESE, "texts/map.en.md": OUTLINE},
    )
    assert outline_names(discover(tmp_path)) == [("zh", "map.zh.md"), ("en", "map.en.md")]


@pytest.mark.parametrize(
    ("config", "wanted"),
    [
        ("", "write content/outline.md (or content/outline.zh.md and content/outline.en.md)"),
        ('languages = ["en"]', "write content/outline.md (or content/outline.en.md)"),
        ('outline = "texts/map.md"', "write texts/map.md (or texts/map.zh.md and texts/map.en.md)"),
    ],
)
def test_a_folder_without_an_outline_says_what_to_write(config: str, wanted: str, tmp_path: Path) -> None:
    site(tmp_path, {"dlmap.toml": config, "content/notes/a.en.md": "x"})
    with pytest.raises(SiteNotFoundError) as refusal:
        discover(tmp_path)
    assert wanted in str(refusal.value)
    assert "dlmap build POST.md" in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none.md", "no such file or folder"),
        ("x" * 300, "File name too long"),
        ("post.md/x", "Not a directory"),
    ],
)
def test_a_path_that_names_nothing_is_refused(name: str, reason: str, tmp_path: Path) -> None:
    site(tmp_path, {"post.md": OUTLINE})
    with pytest.raises(SiteNotFoundError, match=reason):
        discover(tmp_path / name)


def test_a_configuration_with_mistakes_is_refused(tmp_path: Path) -> None:
    site(tmp_path, {"dlmap.toml": "languages = 1", "outline.md": OUTLINE})
    with pytest.raises(ConfigError) as refusal:
        discover(tmp_path)
    assert [diagnostic.code for diagnostic in refusal.value.diagnostics] == ["DL903"]


def test_a_configuration_that_cannot_be_read_is_not_passed_over(tmp_path: Path) -> None:
    site(tmp_path, {"outline.md": OUTLINE})
    (tmp_path / "dlmap.toml").symlink_to("nothing")
    with pytest.raises(ConfigError) as refusal:
        discover(tmp_path)
    assert [diagnostic.code for diagnostic in refusal.value.diagnostics] == ["DL001"]


def test_links_that_lead_out_are_reported_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret.en.md").write_text("the secret\n", "utf-8")
    folder = site(
        tmp_path / "site", {"content/outline.en.md": OUTLINE, "content/notes/convolution.zh.md": "一\n"}
    )
    notes = folder / "content" / "notes"
    (notes / "convolution.en.md").symlink_to(tmp_path / "elsewhere" / "secret.en.md")
    (notes / "loop.en.md").symlink_to("loop.en.md")
    (notes / "gone.en.md").symlink_to("nothing.en.md")
    (folder / "static").symlink_to(tmp_path / "elsewhere")
    (folder / "content" / "outline.zh.md").symlink_to("/etc/passwd")
    texts = texts_of(discover(folder))
    assert sorted(codes(texts)) == [
        ("DL008", "content/notes/convolution.en.md"),
        ("DL008", "content/notes/gone.en.md"),
        ("DL008", "content/notes/loop.en.md"),
        ("DL008", "content/outline.zh.md"),
        ("DL008", "static"),
    ]
    assert [concept for concept, _, _ in texts.notes] == ["convolution"]
    assert all("secret" not in document.source.text for document in texts.documents)


def test_a_link_inside_the_site_is_followed(tmp_path: Path) -> None:
    site(tmp_path, {"content/outline.en.md": OUTLINE, "content/notes/convolution.en.md": "A note.\n"})
    (tmp_path / "content" / "notes" / "convolution.zh.md").symlink_to("convolution.en.md")
    texts = texts_of(discover(tmp_path))
    assert texts.diagnostics == ()
    assert len(texts.notes) == 2


def test_a_whole_site_may_stand_behind_a_link(tmp_path: Path) -> None:
    site(tmp_path / "real", {"content/outline.en.md": OUTLINE})
    (tmp_path / "link").symlink_to("real")
    texts = texts_of(discover(tmp_path / "link"))
    assert texts.diagnostics == ()
    assert len(texts.outlines) == 1


def test_without_an_outline_nothing_else_is_called_an_orphan(tmp_path: Path) -> None:
    site(tmp_path, {"content/methods.yml": "vgg: {name: VGG}", "content/notes/vgg.zh.md": "一\n"})
    (tmp_path / "content" / "outline.zh.md").write_bytes("# 卷积".encode("gbk"))
    texts = texts_of(discover(tmp_path))
    assert codes(texts) == [("DL002", "content/outline.zh.md")]
    assert not texts.registry.entries
    assert texts.notes == ()


def test_what_is_wrong_with_the_notes_is_said_even_so(tmp_path: Path) -> None:
    site(tmp_path, {"content/notes/a.zh.md": "---\ntitle: a\n"})
    (tmp_path / "content" / "outline.zh.md").write_bytes(b"\xff")
    assert codes(texts_of(discover(tmp_path))) == [
        ("DL002", "content/outline.zh.md"),
        ("DL101", "content/notes/a.zh.md"),
    ]


@pytest.mark.parametrize(
    "name", ["Convolution.en.md", "convolution.md", "convolution.fr.md", "con volution.en.md"]
)
def test_notes_have_names_that_tell_concept_and_language(name: str, tmp_path: Path) -> None:
    site(tmp_path, {"content/outline.en.md": OUTLINE, f"content/notes/{name}": "x\n"})
    assert codes(texts_of(discover(tmp_path))) == [("DL603", f"content/notes/{name}")]


def test_paths_are_shown_on_one_line_however_they_are_named() -> None:
    assert printable(Path("笔记/a b.md")) == "笔记/a b.md"
    assert printable(Path("a\nb\x1b.md")) == "a\\nb\\x1b.md"
    assert printable(Path(os.fsdecode(b"a\xff.md"))) == "a\\udcff.md"
