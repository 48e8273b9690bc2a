"""Reading one article: what its own text tells, as a value that another process can hand over."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlmap.articles import (
    SLOTS,
    ArticleFile,
    ArticleSource,
    FormulaPlaceholder,
    LinkPlaceholder,
    PicturePlaceholder,
    read_article,
)
from dlmap.articles.anchors import Anchors
from dlmap.articles.code import code_block
from dlmap.articles.code_theme import style_sheet
from dlmap.articles.files import dated
from dlmap.articles.jekyll import expand_permalink, read_jekyll_config
from dlmap.articles.kramdown import as_commonmark
from dlmap.articles.liquid import without_liquid
from dlmap.articles.rewrite import Replacement, apply
from dlmap.text import SourceFile, Span
from support.blog import VAE, post, read
from support.web_page import read_html, texts


def test_an_article_says_what_its_head_and_its_name_say(tmp_path: Path) -> None:
    article, body = read(SourceFile("_posts/2022-04-01-vae.md", VAE), tmp_path)
    assert article.title == "变分自编码器(Variational Autoencoder)"
    assert (article.slug, article.lang, str(article.date)) == ("vae", "zh", "2022-04-01")
    assert article.tags == ("深度学习", "生成模型"), "bare words are a list to Jekyll"
    assert article.author == "某人"
    assert article.addresses == ("/2022/04/01/vae.html",)
    assert article.summary.startswith("变分自编码器(VAE)是一种生成模型。q(z|x)")
    assert [(h.level, h.anchor) for h in article.headings] == [(2, "1-引言"), (2, "1-引言-1")]
    assert "log p(x)" not in body.html, "a formula is a slot"
    assert not article.diagnostics


def test_every_slot_stands_once_in_order_and_knows_its_place(tmp_path: Path) -> None:
    _, body = read(SourceFile("_posts/2022-04-01-vae.md", VAE), tmp_path)
    assert [int(number) for number in SLOTS.findall(body.html)] == list(range(len(body.slots)))
    kinds = [type(slot).__name__ for slot in body.slots]
    assert kinds == [
        "FormulaPlaceholder",
        "FormulaPlaceholder",
        "LinkPlaceholder",
        "PicturePlaceholder",
        "FormulaPlaceholder",
    ]
    written = [VAE[slot.span.start : slot.span.end] for slot in body.slots]
    assert written[0] == "$q(z\\|x)$"
    assert written[1] == "$$ p(x|z) $$"
    assert written[2].startswith("[流模型](https://")
    assert written[3] == "![结构](/images/net.png)"
    assert written[4] == "$$ \\log p(x) \\geq L $$"
    assert body.slots[0].tex == "q(z|x)", "kramdown's escape is gone"  # type: ignore[union-attr]


def test_an_article_goes_through_a_pipe_as_it_is(tmp_path: Path) -> None:
    made = read(post("# A\n\n[x](y) $x$ {% include z %}\n\nhttps://e"), tmp_path)
    article = made.article
    assert article.diagnostics
    assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 - made here
    assert b"markdown_it" not in pickle.dumps(made)
    assert not any(d.source.text for d in article.diagnostics if d.source), "no text travels along"


@pytest.mark.parametrize(
    "forged",
    [
        "&#0;0&#0;",
        "&#x0;0&#x0;",
        "<b title='&#0;0&#0;'>x</b>",
        '<p title="&#0;0&#0;">&#0;0&#0;</p>',
        "`&#0;`0",
    ],
)
def test_no_content_can_forge_a_slot(forged: str, tmp_path: Path) -> None:
    _, body = read(post(f"$x$\n\n{forged}\n\n{forged}"), tmp_path)
    assert SLOTS.findall(body.html) == ["0"]
    assert body.html.count("\0") == 2


def test_a_nul_in_a_text_that_was_made_elsewhere_is_no_slot(tmp_path: Path) -> None:
    source = post("$x$ \0000\0 x")
    made = read_article(ArticleSource(ArticleFile(tmp_path / "x.md", source.path, "x", "x"), source))
    assert made.body.html.count("\0") == 2


@pytest.mark.parametrize(
    ("name", "day", "words"),
    [
        ("2022-04-01-vae", "2022-04-01", "vae"),
        ("2022-4-1-VAE", "2022-04-01", "VAE"),
        ("2022-13-45-x", None, "2022-13-45-x"),
        ("notes", None, "notes"),
    ],
)
def test_a_file_name_tells_the_day(name: str, day: str | None, words: str) -> None:
    date, rest = dated(name)
    assert (date and date.isoformat(), rest) == (day, words)


def test_slugs_are_ascii_short_and_never_empty(tmp_path: Path) -> None:
    assert (
        read(post("x", "2022-01-01-变分自编码器.md"), tmp_path / "1").article.slug == "bian-fen-zi-bian-ma-qi"
    )
    long = read(post("x", f"2022-01-01-{'长' * 70}.md"), tmp_path / "2").article.slug
    assert len(long) <= 80
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", long)
    assert re.fullmatch(
        r"article-[0-9a-f]{8}", read(post("x", "2022-01-01-🚀.md"), tmp_path / "3").article.slug
    )
    assert read(post("x", head="title: X\nslug: My Slug"), tmp_path / "4").article.slug == "my-slug"


def test_the_first_heading_is_the_title_where_it_says_the_same(tmp_path: Path) -> None:
    named = read(post("# From the heading\n\ntext", head="date: 2022-01-01"), tmp_path / "1").article
    assert (named.title, named.headings) == ("From the heading", ())
    twice = read(post("# 标题\n\n文", head="title: 标题"), tmp_path / "2").article
    assert (twice.title, twice.headings) == ("标题", ())
    other = read(post("# Other\n\ntext"), tmp_path / "3").article
    assert (other.title, [h.label for h in other.headings]) == ("X", ["Other"])


def test_headings_begin_at_the_second_level(tmp_path: Path) -> None:
    article, body = read(post("# A\n\n## B\n\n#### C\n\n<h1>raw</h1>"), tmp_path)
    assert [heading.level for heading in article.headings] == [2, 3, 5]
    assert "<h1" not in body.html


def test_anchors_are_githubs_and_unique() -> None:
    anchors = Anchors()
    taken = [
        anchors.take(words)
        for words in ("1. 引言", "1. 引言", "C++ & C#", "main", "", "__proto__", "Foo Bar_baz")
    ]
    assert taken == ["1-引言", "1-引言-1", "c--c", "main", "section", "section-__proto__", "foo-bar_baz"]


def test_a_heading_with_a_link_holds_no_second_one(tmp_path: Path) -> None:
    article, body = read(post("## [a](b)\n\n## c {#own}"), tmp_path)
    assert body.html.count('class="anchor"') == 1
    assert [heading.anchor for heading in article.headings] == ["a", "own"]


@pytest.mark.parametrize(
    ("info", "mark"),
    [
        ("python", "language-python"),
        ("python {.x}", "language-python"),
        ("{.python}", "language-python"),
        ("unheard-of", "language-unheard-of"),
        ('js" onclick="x', "language-js"),
        ("", ""),
    ],
)
def test_code_is_marked_with_its_language(info: str, mark: str) -> None:
    made = code_block("a < b\n", info)
    assert "<code>" in made if not mark else f'<code class="{mark}">' in made
    assert "onclick" not in made
    assert "&lt;" in made


def test_code_is_coloured_by_classes_and_plain_where_nothing_is_known() -> None:
    assert '<span class="k">def</span> <span class="nf">f</span>' in code_block("def f(): pass\n", "python")
    assert "<span" not in code_block("def f(): pass\n", "unheard-of")
    assert "<span" not in code_block("x = 1\n" * 20_000, "python"), "too long to be read"
    assert "style=" not in code_block("def f(): pass\n", "python")


def test_colouring_never_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_: object) -> str:
        raise RuntimeError("a lexer stumbles")

    monkeypatch.setattr("pygments.highlight", stumble)
    assert '<code class="language-python">x &lt; 1</code>' in code_block("x < 1", "python")


def test_the_colours_of_code_are_those_of_the_shipped_style_sheet() -> None:
    shipped = (Path(__file__).parents[2] / "static" / "code.css").read_text("utf-8")
    rules = re.compile(r"\.code \.(\w+)")
    assert set(rules.findall(shipped)) >= {"k", "nf", "s", "c1", "mi", "o"}
    assert set(rules.findall(style_sheet())) - set(rules.findall(shipped)) == set(), (
        "write it anew: python -m dlmap.articles.code_theme > static/code.css"
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a {% raw %}{{ x }}{% endraw %} b", "a {{ x }} b"),
        ("{% highlight python linenos %}\nx = {{ y }}\n{% endhighlight %}", "```python\nx = {{ y }}\n```"),
        ("{% highlight c %}\n```\n{% endhighlight %}", "````c\n```\n````"),
        ('{% include figure image_path="/a/b.png" alt="图[1]" %}', "![图1](/a/b.png)"),
        ("{%- include img.html src='a.jpg' -%}", "![](a.jpg)"),
        ("![]({{ site.baseurl }}/a.png)", "![](/a.png)"),
        ("![]({{site.url}}{{site.baseurl}}/a.png)", "![](/a.png)"),
        ("![]({{ '/a.png' | relative_url }})", "![](/a.png)"),
        ('[x]({{ "/a" | prepend: site.baseurl }})', "[x](/a)"),
        ("[x]({% post_url 2020-01-01-a %})", "[x](2020-01-01-a.md)"),
        ("[x]({% link _posts/2020-01-01-a.md %})", "[x](2020-01-01-a.md)"),
        ("a{% comment %} b {% endcomment %}c", "ac"),
        ("```\n{% raw %}\n{{ x }} {% if y %}\n{% endraw %}\n```", "```\n{{ x }} {% if y %}\n```"),
        ("`{% if x %}`", "`{% if x %}`"),
        ("$\\frac{{a}}{{b}}$ and ${%x}$", "$\\frac{{a}}{{b}}$ and ${%x}$"),
    ],
)
def test_liquid_is_read_as_what_it_means(written: str, meant: str) -> None:
    edited, found = without_liquid(SourceFile("x.md", written))
    assert edited.text == meant
    assert not found


def test_other_liquid_is_dropped_and_told_once_with_its_place(tmp_path: Path) -> None:
    source = post("x {% include a.html %} y {{ page.title }}\n\n{% if x %}z{% endif %} $x$")
    article, body = read(source, tmp_path)
    (found,) = article.diagnostics
    assert found.code == "DL322"
    assert "and 3 more" in found.message
    assert found.span
    assert source.text[found.span.start : found.span.end] == "{% include a.html %}"
    formula = next(slot for slot in body.slots if isinstance(slot, FormulaPlaceholder))
    assert source.text[formula.span.start : formula.span.end] == "$x$"
    assert "%" not in body.html


@given(
    st.text("ab\n", max_size=30),
    st.lists(st.integers(0, 30), max_size=6, unique=True),
    st.text("xyz", max_size=4),
)
def test_edits_know_where_everything_stood(text: str, places: list[int], new: str) -> None:
    ordered = sorted(place for place in places if place <= len(text))
    edits = [Replacement(start, end, new) for start, end in zip(ordered[::2], ordered[1::2], strict=False)]
    edited = apply(text, edits)
    for offset, char in enumerate(edited.text):
        if char in "ab\n":
            assert text[edited.origin(Span(offset, offset + 1)).start] == char


def test_raw_html_is_sanitised_and_keeps_its_pictures(tmp_path: Path) -> None:
    text = (
        '<center><img src="../a.png" width="5" height="6" onerror="alert(1)"></center>\n\n'
        '<div align="center"><a href="/2022/05/01/flow.html">x <img src="b.png" alt="b&quot;"></a></div>\n\n'
        "<script>alert(1)</script>\n\n"
        '<p><a href="javascript:alert(1)">y</a><img alt="z"></p>\n\n'
        'inline <img src="c.png" alt="c">'
    )
    _, body = read(post(text), tmp_path)
    pictures = [slot for slot in body.slots if isinstance(slot, PicturePlaceholder)]
    assert [(p.src, p.alt, p.in_link) for p in pictures] == [
        ("../a.png", "", False),
        ("b.png", 'b"', True),
        ("", "z", False),
        ("c.png", "c", False),
    ]
    assert pictures[0].size == ("5", "6")
    assert [slot.href for slot in body.slots if isinstance(slot, LinkPlaceholder)] == [
        "/2022/05/01/flow.html"
    ]
    assert "onerror" not in body.html
    assert "<pre>&lt;script&gt;" in body.html
    assert "javascript" not in body.html


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("前{::comment}看\n不见{:/comment}后", "前后"),
        ("{::nomarkdown}<b>x</b>{:/}", "<b>x</b>"),
        ('{::options toc_levels="1..3" /}\n文', "\n文"),
        ('![图](/图 片/a b.png) [文](a b.html "题")', '![图](/图%20片/a%20b.png) [文](a%20b.html "题")'),
        ("$E[x](a + b)$\n\n$$ f[x](a + b) $$", "$E[x](a + b)$\n\n$$ f[x](a + b) $$"),
        ('[文](a.html "一 题") [文](<a b.html>)', '[文](a.html "一 题") [文](<a b.html>)'),
        (
            "`![图](a b.png)`\n\n```\n{::comment}x{:/}\n```\n",
            "`![图](a b.png)`\n\n```\n{::comment}x{:/}\n```\n",
        ),
    ],
)
def test_kramdown_is_written_as_commonmark(written: str, meant: str) -> None:
    assert as_commonmark(written).text == meant


def test_markdown_in_html_is_read_and_details_fold_it(tmp_path: Path) -> None:
    _, body = read(
        post(
            '<details markdown="1"><summary>展开</summary>\n**粗**\n\n- 项\n</details>\n\n'
            '<div class="note" markdown="1">\n**提示**\n</div>\n\n<details>\n<summary>二</summary>\n\n```sh\nls\n```\n\n</details>\n'
        ),
        tmp_path,
    )
    first, second = read_html(body.html).css("details")
    assert texts(first, "strong") == ["粗"]
    assert texts(first, "li") == ["项"]
    assert second.css("pre")
    assert "**" not in body.html


def test_a_details_that_nothing_closes_swallows_nothing(tmp_path: Path) -> None:
    _, body = read(post("> <details>\n> <summary>一</summary>\n\n正文\n\n</details>\n"), tmp_path)
    assert body.html.index("</details>") < body.html.index("正文")


def test_a_head_speaks_as_blogs_do(tmp_path: Path) -> None:
    head = "lang: en-US\nexcerpt: In short\nredirect_from: [/old/1/]\nlast_modified_at: 2024-06-01"
    article, _ = read(SourceFile("_posts/2022-04-01-vae.md", f"---\n{head}\n---\n文\n"), tmp_path)
    assert (article.lang, article.summary) == ("en", "In short")
    assert "/old/1/" in article.addresses
    assert not article.diagnostics


def test_tables_formulas_and_footnotes(tmp_path: Path) -> None:
    _, body = read(post("| a | b |\n|---|---|\n| $x|y$ | z[^1] |\n\ntext[^1]\n\n[^1]: the note"), tmp_path)
    assert '<div class="scroll" tabindex="0"><table>' in body.html
    assert body.slots[0].tex == "x|y"  # type: ignore[union-attr]
    assert body.html.count('role="doc-noteref">1</a></sup>') == 2
    assert "the note" in body.html


def test_the_other_language_is_marked(tmp_path: Path) -> None:
    _, body = read(post("中文 Deep Learning 中文"), tmp_path)
    assert '<span lang="en">Deep Learning</span>' in body.html


def test_drafts_are_read_only_where_they_are_wanted(tmp_path: Path) -> None:
    source = post("text", head="title: X\npublished: false")
    assert read(source, tmp_path).article.draft
    assert not read(source, tmp_path).body.html
    assert "text" in read(source, tmp_path, drafts=True).body.html


@pytest.mark.parametrize(
    ("template", "address"),
    [
        ("/:categories/:year/:month/:day/:title:output_ext", "/2022/04/01/VAE.html"),
        ("/:short_year/:i_month/:i_day/:slug/", "/22/4/1/VAE/"),
        ("/posts/:title/", "/posts/VAE/"),
        ("/:y_day/:title", "/091/VAE"),
    ],
)
def test_permalinks_are_expanded(template: str, address: str) -> None:
    assert expand_permalink(template, dated("2022-04-01-VAE")[0], "VAE") == address


def test_a_jekyll_configuration_is_read_as_far_as_it_matters() -> None:
    config = read_jekyll_config(
        SourceFile(
            "_config.yml",
            "title: 我的 博客\nurl: https://Blog.example.org/x\npermalink: pretty\nplugins: [a]\n",
        )
    )
    assert (config.title, config.host) == ("我的 博客", "blog.example.org")
    assert config.permalink == "/:categories/:year/:month/:day/:title/"
    assert read_jekyll_config(SourceFile("_config.yml", "a: *b\n: [")).title == ""


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from('#*_`$[](){}%<>!|-\n" a中{%raw'), max_size=80))
def test_whatever_stands_in_a_post_it_is_read(tmp_path: Path, text: str) -> None:
    _, body = read(post(text), tmp_path)
    assert [int(number) for number in SLOTS.findall(body.html)] == list(range(len(body.slots)))
    assert "<script" not in body.html
