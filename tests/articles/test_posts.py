"""Posts as people write them, for Jekyll, Hugo and others."""

from __future__ import annotations

import html
import re
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from support.article_site import built
from support.blog import blog, png


def test_a_head_in_toml_is_read_and_its_draft_stays_unpublished(tmp_path: Path) -> None:
    posts = {
        "_posts/2024-02-01-open.md": '+++\ntitle = "公开"\ndate = 2024-02-03\ntags = ["甲"]\n+++\n\n正文。\n',
        "_posts/2024-02-02-shut.md": '+++\ntitle = "秘密"\ndraft = true\n+++\n\n不公开。\n',
        "_posts/2024-02-04-both.md": "---\ntitle: 两个\n---\n+++\ndraft = true\n+++\n不公开。\n",
    }
    site, result = built(blog(tmp_path / "blog", posts))
    assert "公开" in (site / "zh/articles/open/index.html").read_text("utf-8")
    assert not any("不公开" in file.read_text("utf-8") for file in site.rglob("*.html"))
    assert not [d for d in result.diagnostics if d.severity.value == "error"]


def test_posts_of_one_day_are_in_the_order_of_their_times(tmp_path: Path) -> None:
    posts = {
        f"_posts/2024-03-05-{name}.md": f"---\ntitle: {name}题\ndate: 2024/03/05 {time} +0800\ntags: [2024]\n---\n中文。\n"
        for name, time in (("morning", "08:15:00"), ("a-night", "23:40"), ("noon", "12:00:00"))
    }
    site, result = built(blog(tmp_path / "blog", posts))
    page = (site / "zh/articles/index.html").read_text("utf-8")
    assert page.index("a-night题") < page.index("noon题") < page.index("morning题")
    assert not result.diagnostics


def test_pictures_are_found_by_the_names_that_other_systems_give_them(tmp_path: Path) -> None:
    posts = {
        "_posts/2024-03-05-p.md": "---\ntitle: 图\n---\n![一](imgs\\naïve\u0301.png)\n\n![二](/imgs/re\u0301sume\u0301.png)\n",
        "_posts/imgs/naïve\u0301.png": png(3, 3),
        "imgs/r\u00e9sum\u00e9.png": png(4, 4),
    }
    site, result = built(blog(tmp_path / "blog", posts))
    assert not result.diagnostics
    assert (site / "zh/articles/p/index.html").read_text("utf-8").count("<img") == 2


def test_films_play_and_players_load_when_they_are_pressed(tmp_path: Path) -> None:
    text = (
        "---\ntitle: 片\n---\n"
        '<video width="320" controls><source src="/clips/a.webm" type="video/webm">旧</video>\n\n'
        '<audio controls src="https://snd.example/b.mp3"></audio>\n\n'
        '<iframe src="//player.bilibili.com/player.html?aid=7"></iframe>\n\n'
        '<iframe src="https://www.youtube.com/embed/xyz"></iframe>\n\n'
        '<iframe src="https://demo.example/app"></iframe>\n\n'
        '<video src="none.mp4"></video>\n\n<style>p { color: red }</style>\n'
    )
    site, result = built(blog(tmp_path / "b", {"_posts/2024-05-01-film.md": text, "clips/a.webm": b"film"}))
    page = (site / "zh/articles/film/index.html").read_text("utf-8")
    assert (site / "files/clips/a.webm").read_bytes() == b"film"
    assert '<source src="../../../files/clips/a.webm" type="video/webm">' in page
    assert (
        "media-src 'self' https:; frame-src https://player.bilibili.com https://www.youtube-nocookie.com;"
        in html.unescape(page)
    )
    assert page.count("<iframe") == 2
    assert not re.search("<iframe[^>]* src=", page), "nothing is loaded before it is pressed"
    assert page.count("sandbox=") == 2
    assert '<a href="https://demo.example/app"' in page
    assert "color: red" not in page
    assert [d.code for d in result.diagnostics] == ["DL315", "DL314", "DL341"]
    assert "media-src" not in (site / "zh/index.html").read_text("utf-8")


def test_a_picture_has_the_size_that_its_author_wants(tmp_path: Path) -> None:
    text = (
        "---\nlayout: post\ntitle: 大小\n---\n"
        '<img src="/p.png" width="60" alt="1">\n\n![2](/p.png){:width="30%"}\n\n'
        '<p align="center"><img src="/p.png" style="zoom: 200%;" alt="3"></p>\n\n![4](/p.png)\n'
    )
    site, _ = built(blog(tmp_path / "b", {"_posts/2024-05-01-size.md": text, "p.png": png(20, 10)}))
    page = (site / "zh/articles/size/index.html").read_text("utf-8")
    sizes = re.findall(r'alt="\d"((?: (?:width|height|style)="[^"]*")*)', page)
    assert sizes == [
        ' width="60" height="30"',
        ' width="20" height="10" style="width:30%"',
        ' width="40" height="20"',
        ' width="20" height="10"',
    ]


def post(tmp_path: Path, text: str) -> tuple[str, list[str]]:
    """The page of one post, and the codes of what is wrong with it."""
    site, result = built(blog(tmp_path / "b", {"_posts/2024-06-01-one.md": f"---\ntitle: 一\n---\n{text}"}))
    return (site / "zh/articles/one/index.html").read_text("utf-8"), [d.code for d in result.diagnostics]


def test_footnotes_are_numbered_by_use_and_linked_both_ways(tmp_path: Path) -> None:
    page, codes = post(
        tmp_path,
        "甲[^zwei]，乙[^one]，再甲[^zwei]，无[^gone]。\n\n[^one]: 第一注。\n\n[^zwei]: 第二注[^own]。\n\n    又一段。\n\n"
        "[^own]: 自引[^own]。\n\n[^idle]: 闲置。\n",
    )
    assert '<sup><a href="#fn-zwei" id="fnref.zwei" role="doc-noteref">1</a></sup>' in page
    assert '<sup><a href="#fn-one" id="fnref.one" role="doc-noteref">2</a></sup>' in page
    assert page.count('href="#fnref.') == 5
    notes = page[page.index('<ol class="footnotes">') :]
    assert notes.index("第二注") < notes.index("又一段") < notes.index("第一注") < notes.index("自引")
    assert sorted(codes) == ["DL342", "DL343"]
    assert "闲置" in page


def test_boxes_and_alerts_are_shown(tmp_path: Path) -> None:
    page, codes = post(
        tmp_path,
        "- [x] 完工\n- [ ] 未完\n\n> [!WARNING]\n> 小心\n\n> [!tip] 窍门\n> 如此\n\n> [!x]\n> 普通\n",
    )
    assert page.count('<input type="checkbox" disabled') == 2
    assert page.count("disabled checked") == 1
    assert '<blockquote class="alert alert-warning">' in page
    assert "<strong>警告</strong>" in page
    assert "<strong>提示：窍门</strong>" in page
    assert "[!x]" in page
    assert codes == []


def test_marks_of_other_programs_are_told_once_a_kind(tmp_path: Path) -> None:
    page, codes = post(
        tmp_path,
        "[TOC]\n\n## 节\n\n见[[某页]]与[[他页]]。\n\n::: tip\n话\n:::\n\n引[@key2020]。\n\n```mermaid\ngraph TD\n```\n",
    )
    assert "[TOC]" not in page
    assert codes == ["DL341"] * 4


def test_bare_addresses_end_where_chinese_goes_on(tmp_path: Path) -> None:
    page, codes = post(
        tmp_path,
        "看 https://a.example/x_(y)（说明），或 https://b.example/z?q=1。另：`https://c.example`，[字](https://d.example/)\n",
    )
    links = re.findall(r'<a href="(https://[a-d][^"]*)"', page)
    assert links == ["https://a.example/x_(y)", "https://b.example/z?q=1", "https://d.example/"]
    assert codes == []


def test_a_bold_link_in_an_outline_is_one_link(tmp_path: Path) -> None:
    outline = (
        "# 部 (Part)\n\n## 类 (Type)\n\n### 族 (Family)\n\n如**[Linked](https://c.example/)**和**Plain**。\n"
    )
    (tmp_path / "outline.md").write_text(outline, "utf-8")
    site, _ = built(tmp_path)
    page = (site / "zh/family/index.html").read_text("utf-8")
    assert '<b><a href="https://c.example/" class="external" rel="noopener">' in page
    assert '<a href="../plain/">' in page
    assert not re.search(r"<a [^>]*>(?:<(?!/a)[^>]*>)*<a ", page)


def test_a_numbered_list_may_follow_a_line_of_text(tmp_path: Path) -> None:
    head = "---\nlayout: post\ntitle: 列\n---\n"
    posts = {"_posts/2024-06-01-list.md": f"{head}步骤如下：\n3. 训练\n4. 测试\n\n第\n5.没有空格\n"}
    site, result = built(blog(tmp_path / "b", posts))
    page = LexborHTMLParser((site / "zh/articles/list/index.html").read_text("utf-8"))
    assert [item.text() for item in page.css(".prose li")] == ["训练", "测试"]
    assert page.css(".prose ol")[0].attributes["start"] == "3"
    assert not result.diagnostics


def test_tables_without_a_header_row_keep_every_cell(tmp_path: Path) -> None:
    head = "---\nlayout: post\ntitle: 表\n---\n"
    text = "| 均值 | $|x|$ |\n| 方差 | `a|b` |\n|---|---|\n| 末行 | 三 | 四 |\n\n|:-:|--:|\n| 居中 | 右 |\n"
    site, _ = built(blog(tmp_path / "b", {"_posts/2024-06-01-table.md": head + text}))
    page = LexborHTMLParser((site / "zh/articles/table/index.html").read_text("utf-8"))
    first, second = page.css(".prose table")
    assert [len(row.css("td")) for row in first.css("tr")] == [2, 2, 3]
    assert "a|b" in first.text()
    assert [cell.attributes["style"] for cell in second.css("td")] == [
        "text-align:center",
        "text-align:right",
    ]
    assert "| 末行 | 三 | 四 |" in (site / "zh/articles/table/index.md").read_text("utf-8")


def test_two_backslashes_break_a_line_of_kramdown(tmp_path: Path) -> None:
    head = "---\nlayout: post\ntitle: 行\n---\n"
    site, _ = built(blog(tmp_path / "b", {"_posts/2024-06-01-line.md": f"{head}上行\\\\\n下行\n"}))
    page = LexborHTMLParser((site / "zh/articles/line/index.html").read_text("utf-8"))
    assert (page.css_first(".prose p").html or "").replace("\n", "") == "<p>上行<br>下行</p>"


def test_definition_lists_and_abbreviations(tmp_path: Path) -> None:
    text = (
        "---\ntitle: 词\n---\n先验\n: 观测之前的分布 $p(z)$\n\n后验\n: 观测之后的\n: 又一说\n\n"
        "用KL与KLX衡量。\n\n*[KL]: Kullback–Leibler <散度>\n"
    )
    site, result = built(blog(tmp_path / "b", {"_posts/2024-06-01-word.md": text}))
    page = LexborHTMLParser((site / "zh/articles/word/index.html").read_text("utf-8"))
    assert [term.text() for term in page.css(".prose dt")] == ["先验", "后验"]
    assert len(page.css(".prose dd")) == 3
    assert [(each.text(), each.attributes["title"]) for each in page.css("abbr")] == [
        ("KL", "Kullback–Leibler <散度>")
    ]
    assert "*[KL]" not in page.text()
    assert not result.diagnostics
