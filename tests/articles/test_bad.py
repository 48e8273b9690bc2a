"""Articles that cannot be read, or only in part: each reported with its place, the rest unharmed."""

from __future__ import annotations

import os
from pathlib import Path
from xml.etree import ElementTree

import pytest

from dlmap import build
from dlmap.articles import cache as stored
from dlmap.config import SiteNotFoundError, read_config
from dlmap.text import Severity, SourceFile
from dlmap.text.report import as_text
from support.article_site import built, coded, where
from support.blog import VAE, blog, write
from support.site_check import check_site


def test_posts_that_cannot_be_read_leave_the_others_unharmed(tmp_path: Path) -> None:
    folder = blog(tmp_path / "blog", {"_posts/2020-03-01-gbk.md": "你好".encode("gb18030")})
    posts = folder / "_posts"
    (posts / "loop").symlink_to(".")
    (posts / "2020-04-01-self.md").symlink_to("2020-04-01-self.md")
    (posts / "2020-04-02-out.md").symlink_to("/etc/passwd")
    (posts / "2020-04-03-gone.md").symlink_to("nothing.md")
    os.mkfifo(posts / "2020-04-04-pipe.md")
    site, result = built(folder, keep_going=True)
    errors = {Path(d.file).name: d.code for d in result.diagnostics if d.severity is Severity.ERROR}
    assert errors == {
        "2020-03-01-gbk.md": "DL002",
        "loop": "DL008",
        "2020-04-01-self.md": "DL008",
        "2020-04-02-out.md": "DL008",
        "2020-04-03-gone.md": "DL008",
        "2020-04-04-pipe.md": "DL005",
    }
    assert result.articles == 3
    assert "root:" not in "".join(page.read_text("utf-8") for page in site.rglob("*.html"))
    check_site(site)


def test_a_folder_of_articles_that_leads_out_of_the_site(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", {"2022-04-01-vae.md": VAE})
    folder = write(tmp_path / "site", {"content/outline.md": "# A\n\n## B\n\n### C\n\ntext\n"})
    (folder / "_posts").symlink_to(tmp_path / "elsewhere")
    (folder / "content" / "articles").symlink_to(tmp_path / "elsewhere")
    result = build(folder)
    assert {(d.file, d.code) for d in result.diagnostics if d.severity is Severity.ERROR} == {
        ("content/articles", "DL008")
    }
    assert result.articles == 0


def test_a_link_to_a_post_inside_the_site_is_read(tmp_path: Path) -> None:
    folder = blog(tmp_path / "blog", {"drafts/x.md": "---\ntitle: 链\n---\n中文\n"})
    (folder / "_posts" / "2023-01-01-x.md").symlink_to("../drafts/x.md")
    assert built(folder)[1].articles == 4


def test_a_file_that_vanishes_during_the_build_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = blog(tmp_path / "blog")

    def read_late(version: stored.ArticleVersion) -> object:
        if version.file.words == "flow":
            version.file.file.unlink()
        return really(version)

    really = stored._read_encoded
    monkeypatch.setattr(stored, "_read_encoded", read_late)
    site, result = built(folder, keep_going=True)
    assert [(d.code, d.file) for d in result.diagnostics if d.severity is Severity.ERROR] == [
        ("DL001", "_posts/2022-05-01-flow.md")
    ]
    assert (site / "zh" / "articles" / "vae" / "index.html").is_file()


def test_a_file_that_changes_before_it_is_reported_has_no_wrong_caret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = blog(tmp_path / "blog", {"_posts/2023-01-01-z.md": "---\ntitle: z\n---\n[x](none.md)\n"})

    def read_and_change(version: stored.ArticleVersion) -> object:
        encoded = really(version)
        if version.file.words == "z":
            version.file.file.write_text("short")
        return encoded

    really = stored._read_encoded
    monkeypatch.setattr(stored, "_read_encoded", read_and_change)
    _, result = built(folder)
    (found,) = coded(result, "DL311")
    assert (found.file, found.position) == ("_posts/2023-01-01-z.md", None)


def test_a_broken_formula_among_many_is_reported_and_shown_in_place(tmp_path: Path) -> None:
    text = (
        "---\nlayout: post\ntitle: z\n---\n"
        + "中文 $x_{1}$ " * 50
        + "\n\n前 $\\oops$ 后\n\n$$ \\frac{1 $$\n\n"
        + "$y^2$ " * 50
    )
    folder = blog(tmp_path / "blog", {"_posts/2023-01-01-z.md": text})
    assert not build(folder, tmp_path / "nothing", strict=True).published
    site, result = built(folder)
    broken = coded(result, "DL401")
    assert [where(d) for d in broken] == ["$\\oops$", "$$ \\frac{1 $$"]
    assert broken[0].position == (7, 3)
    assert "7 | 前 $\\oops$ 后" in as_text(broken[:1])
    page = (site / "zh" / "articles" / "z" / "index.html").read_text("utf-8")
    assert page.count('class="formula-error"') == 2
    assert page.count('class="katex"') == 100


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("title: Foo: bar", "DL102"),
        ("title: 1.10", "DL106"),
        ("date: 2026-02-30", "DL106"),
        ("lang: no", "DL106"),
        ("lang: fr", "DL325"),
    ],
)
def test_a_head_that_cannot_be_read_is_reported(head: str, code: str, tmp_path: Path) -> None:
    folder = blog(tmp_path / "blog", {"_posts/2023-01-01-z.md": f"---\n{head}\n---\ntext\n"})
    site, result = built(folder, keep_going=True)
    assert [d.code for d in result.diagnostics] == [code]
    assert result.diagnostics[0].position
    assert result.diagnostics[0].position.line == 2
    assert list(site.glob("*/articles/z/index.html"))


def test_a_key_that_nobody_reads_is_told_once(tmp_path: Path) -> None:
    more = {
        f"_posts/2023-01-{day:02}-p.md": f"---\ntitle: p{day}\nheader-img: x\n---\ntext\n"
        for day in range(1, 6)
    }
    _, result = built(blog(tmp_path / "blog", dict(more)))
    (found,) = coded(result, "DL109")
    assert "in 4 more articles" in found.message
    assert found.position == (3, 1)


def test_an_empty_post_is_left_out(tmp_path: Path) -> None:
    _, result = built(blog(tmp_path / "blog", {"_posts/2023-01-01-z.md": "\n"}))
    assert (result.articles, [d.code for d in result.diagnostics]) == (3, ["DL006"])


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![x](javascript:alert(1))",
        '[x](/a "\\" onmouseover=alert(1) x=\\"")',
        '![" onerror=alert(1) x="](/images/net.png)',
        "```html\n<script>alert(1)</script>\n```",
        '## " onclick=alert(1)',
        "<a href='&#106;avascript:alert(1)'>x</a>",
        "<svg onload=alert(1)></svg>",
        "{% highlight html %}</code><script>alert(1)</script>{% endhighlight %}",
    ],
)
def test_nothing_in_an_article_becomes_a_script(payload: str, tmp_path: Path) -> None:
    text = f"---\ntitle: '<script>alert(1)</script>'\ntags: ['<script>', 'a\"b']\nauthor: '<b>'\n---\n{payload}\n"
    site, _ = built(blog(tmp_path / "blog", {"_posts/2023-01-01-z.md": text}), keep_going=True)
    check_site(site)


def test_mistakes_in_the_configuration() -> None:
    for text, code in (
        ('articles = "../x"', "DL904"),
        ("articles = 1", "DL903"),
        ('remote_images = "yes"', "DL903"),
    ):
        _, found = read_config(SourceFile("dlmap.toml", text))
        assert [diagnostic.code for diagnostic in found] == [code]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    folder = write(tmp_path / "site", {"dlmap.toml": 'articles = "texts"\n'})
    with pytest.raises(SiteNotFoundError, match="no such folder"):
        build(folder)
    with pytest.raises(SiteNotFoundError, match="holds no outline"):
        build(write(tmp_path / "empty", {"readme.txt": "x"}))


def test_control_characters_are_told_and_leave_feeds_readable(tmp_path: Path) -> None:
    post = '---\ntitle: "A\x08B"\ndate: 2024-01-01\n---\n\nA bell\x07 and a\x0cpage.\n'
    site = blog(tmp_path / "blog", {"_posts/2024-01-01-bell.md": post})
    result = build(site, tmp_path / "out", base_url="https://example.org/")
    told = [(each.code, each.file, each.position) for each in result.diagnostics if each.code == "DL009"]
    assert told == [("DL009", "_posts/2024-01-01-bell.md", (2, 10))]
    for file in (tmp_path / "out").rglob("*.xml"):
        ElementTree.parse(file)  # noqa: S314 - our own
    html = (tmp_path / "out" / "en" / "articles" / "bell" / "index.html").read_text("utf-8")
    assert "A bell\ufffd and a page." in html
