"""A word of the interface is added in one place: the files in `templates/strings/`."""

from __future__ import annotations

from pathlib import Path

from dlmap import build


def test_a_word_is_added_in_its_files_alone(tmp_path: Path) -> None:
    (tmp_path / "templates" / "strings").mkdir(parents=True)
    for lang, outline, words in (
        ("zh", "# 部 (Part)\n\n## 类 (Type)\n\n文。\n", 'motto = "一图看懂{n}个类"\n'),
        ("en", "# Part\n\n## Type\n\nText.\n", 'motto = "{n} types at a glance"\n'),
    ):
        (tmp_path / f"outline.{lang}.md").write_text(outline, "utf-8")
        (tmp_path / "templates" / "strings" / f"{lang}.toml").write_text(words, "utf-8")
    footer = "<footer>{{ t('motto', n=1) }}</footer>\n"
    (tmp_path / "templates" / "_footer.html").write_text(footer, "utf-8")
    assert build(tmp_path, tmp_path / "site", cache=False).published
    pages = {lang: (tmp_path / "site" / lang / "index.html").read_text("utf-8") for lang in ("zh", "en")}
    assert "<footer>一图看懂1个类</footer>" in pages["zh"]
    assert "<footer>1 types at a glance</footer>" in pages["en"]
