"""Articles in the published folder: pages, links between them and the map, lists, feed, old addresses."""

from __future__ import annotations

import datetime
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from dlmap import build
from dlmap.text import Severity
from support.article_site import built, coded, where
from support.blog import FLOW, ORIGIN, OUTLINE, VAE, blog, png, write
from support.site_check import Text, check_site, tree_hash
from support.web_page import attributes, read_html

ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_jekyll_blog_builds_from_its_folder(tmp_path: Path) -> None:
    site, result = built(blog(tmp_path / "my blog"))
    assert (result.articles, result.concepts, result.diagnostics) == (3, 0, ())
    check_site(site)
    for lang, slug in (("zh", "vae"), ("zh", "flow"), ("en", "short-note")):
        other = "en" if lang == "zh" else "zh"
        assert (site / lang / "articles" / slug / "index.html").is_file()
        assert not (site / other / "articles" / slug).exists(), "no copy in a language that it is not in"
    home = Text(site / "zh" / "index.html")
    assert "my blog" in home.words, "a blog that does not say its title has that of its folder"
    assert "articles/flow/" in home.links
    assert "methods/" not in home.links, "there is no map"
    assert 'class="prose long">' in (site / "en/articles/short-note/index.html").read_text("utf-8")


def test_lists_name_the_language_of_an_article_that_is_not_translated(tmp_path: Path) -> None:
    translated = {"_posts/2022-04-01-VAE.en.md": "---\ntitle: On VAE\nlang: en\n---\nText.\n"}
    site, _ = built(blog(tmp_path / "blog", translated), base_url="https://example.org/")
    page = (site / "en" / "articles" / "index.html").read_text("utf-8")
    assert re.search(
        r'href="../../zh/articles/flow/"[^>]*>[^<]*</a> <small lang="zh-Hans">中文</small>', page
    )
    assert re.search(
        r'href="../articles/short-note/"[^>]*>[^<]*</a></li>|href="short-note/"[^>]*>[^<]*</a></li>', page
    )
    alone = (site / "zh" / "articles" / "flow" / "index.html").read_text("utf-8")
    assert '<link rel="canonical" href="https://example.org/zh/articles/flow/">' in alone
    assert "hreflang" not in alone
    sitemap = (site / "sitemap.xml").read_text("utf-8")
    assert "<loc>https://example.org/zh/articles/flow/</loc></url>" in sitemap
    assert "example.org/en/articles/flow/" not in sitemap


def test_a_blog_works_under_a_path_prefix(tmp_path: Path) -> None:
    site, _ = built(blog(tmp_path / "blog"), base_url="https://example.org/repo/")
    check_site(site, "--base", "/repo/")


def test_what_the_blog_says_of_itself_is_used(tmp_path: Path) -> None:
    config = f"title: 某博客\ndescription: 说明\nurl: https://{ORIGIN}\npermalink: /p/:title/\n"
    more = {
        "_config.yml": config,
        "_posts/2023-01-01-z.md": "---\ntitle: z\nlang: zh\n---\n[x](/p/vae/) [y](/about/)\n",
    }
    site, result = built(blog(tmp_path / "blog", more))
    assert "某博客" in Text(site / "zh" / "index.html").words
    page = Text(site / "zh" / "articles" / "z" / "index.html")
    assert "../vae/" in page.links
    assert f"https://{ORIGIN}/about/" in page.links, "another page of the blog"
    assert "url=../../zh/articles/vae/" in (site / "p" / "vae" / "index.html").read_text("utf-8")
    assert not coded(result, "DL311"), "links by the day are found as well"


def test_outline_and_articles_stand_together(tmp_path: Path) -> None:
    folder = blog(tmp_path / "blog", {"content/outline.md": OUTLINE})
    site, result = built(folder)
    assert result.articles == 3
    assert result.concepts
    check_site(site)
    concept = Text(site / "zh" / "variational-autoencoder" / "index.html")
    assert "../articles/vae/" in concept.links, "the full text"
    assert f"https://{ORIGIN}/2022/04/01/vae.html" not in concept.links
    assert "../articles/flow/" in concept.links, "a link in the text of the outline"
    article = Text(site / "zh" / "articles" / "vae" / "index.html")
    assert "../../variational-autoencoder/" in article.links, "the concept that it is the full text of"
    taxonomy = json.loads((site / "taxonomy.json").read_text("utf-8"))
    links = [link["href"] for concept in taxonomy["concepts"] for link in concept["links"]]
    assert f"https://{ORIGIN}/2022/04/01/vae.html" in links, "the public data keep the public address"


def test_an_outline_that_is_a_post_is_the_home_page(tmp_path: Path) -> None:
    outline = {"_posts/2020-01-02-map.md": OUTLINE, "dlmap.toml": 'outline = "_posts/2020-01-02-map.md"\n'}
    post = {"_posts/2023-01-01-z.md": "---\ntitle: z\nlang: zh\n---\n[地图](/2020/01/02/map.html)\n"}
    site, result = built(blog(tmp_path / "blog", {**outline, **post}))
    assert result.articles == 4
    assert "../../" in Text(site / "zh" / "articles" / "z" / "index.html").links
    assert "url=../../../zh/" in (site / "2020/01/02/map.html").read_text("utf-8")
    check_site(site)


def test_a_note_links_to_an_article(tmp_path: Path) -> None:
    note = {"content/notes/vq-vae.zh.md": f"见[全文](https://{ORIGIN}/2022/04/01/vae.html#1-引言)。\n"}
    site, _ = built(blog(tmp_path / "blog", {"content/outline.md": OUTLINE, **note}))
    assert "../articles/vae/#1-%E5%BC%95%E8%A8%80" in Text(site / "zh" / "vq-vae" / "index.html").links


@pytest.mark.parametrize(
    "href",
    [
        f"https://{ORIGIN}/2022/04/01/vae.html",
        f"http://{ORIGIN}/2022/04/01/vae/",
        f"https://{ORIGIN}/2022/4/1/VAE",
        f"https://{ORIGIN}/sub/2022/04/01/vae.html?x=1",
        "/2022/04/01/vae/index.html",
        "/category/2022/04/01/vae.html",
        "../../04/01/vae.html",
        "2022-04-01-vae.md",
        "{% post_url 2022-04-01-vae %}",
        "{{ site.baseurl }}/2022/04/01/vae.html",
    ],
)
def test_every_spelling_of_a_public_address_leads_to_the_article(href: str, tmp_path: Path) -> None:
    more = {
        "_posts/2022-05-03-z.md": f"---\ntitle: z\nlang: zh\n---\n[x]({href})\n",
        "dlmap.toml": f'origin = "{ORIGIN}"\n',
    }
    site, result = built(blog(tmp_path / "blog", more))
    assert "../vae/" in Text(site / "zh" / "articles" / "z" / "index.html").links
    assert not coded(result, "DL311")


@pytest.mark.parametrize(
    "href", [f"https://{ORIGIN}/2022/04/01/none.html", "/2022/04/01/none/", "none.md", "../x.html", "#none"]
)
def test_a_link_between_posts_that_leads_nowhere_is_reported_with_its_place(
    href: str, tmp_path: Path
) -> None:
    more = {"_posts/2022-05-03-z.md": f"---\ntitle: z\nlang: zh\n---\n中文，[坏]({href})。\n"}
    site, result = built(blog(tmp_path / "blog", more))
    (found,) = coded(result, "DL311")
    assert found.severity is Severity.WARNING
    assert found.file == "_posts/2022-05-03-z.md"
    assert found.position == (5, 4)
    assert where(found) == f"[坏]({href})"
    check_site(site)


def test_a_heading_that_is_not_there_is_reported_and_the_page_linked(tmp_path: Path) -> None:
    more = {"_posts/2022-05-03-z.md": "---\ntitle: z\nlang: zh\n---\n[x](/2022/04/01/vae.html#none)\n"}
    site, result = built(blog(tmp_path / "blog", more))
    assert "has no heading `#none`" in coded(result, "DL311")[0].message
    assert "../vae/" in Text(site / "zh" / "articles" / "z" / "index.html").links


def test_a_link_of_an_outline_or_note_to_a_post_that_is_not_there_is_reported(tmp_path: Path) -> None:
    gone = OUTLINE.replace(
        "[流模型](/2022/05/01/flow.html)", "[流模型](/2022/05/01/none.html)、[文献](/papers/x.html)"
    )
    note = f"见[全文](https://{ORIGIN}/2022/04/01/vae.html#没有)与[别处](https://other.example/2022/04/01/x.html)。\n"
    files = {"content/outline.md": gone, "content/notes/vq-vae.zh.md": note}
    _, result = built(blog(tmp_path / "blog", dict(files)))
    assert [(d.file, where(d)) for d in coded(result, "DL311")] == [
        ("content/notes/vq-vae.zh.md", f"[全文](https://{ORIGIN}/2022/04/01/vae.html#没有)"),
        ("content/outline.md", "[流模型](/2022/05/01/none.html)"),
    ]
    lone = write(tmp_path / "lone", {"outline.md": OUTLINE})
    assert not coded(build(lone), "DL311"), "a site without articles"


def test_a_concept_can_be_linked_by_its_id(tmp_path: Path) -> None:
    more = {
        "content/outline.md": OUTLINE,
        "_posts/2022-05-03-z.md": "---\ntitle: z\nlang: zh\n---\n[x](#glow)\n",
    }
    site, result = built(blog(tmp_path / "blog", more))
    assert "../../glow/" in Text(site / "zh" / "articles" / "z" / "index.html").links
    assert not coded(result, "DL311")


def test_what_the_blog_says_of_its_posts_by_default_is_used(tmp_path: Path) -> None:
    config = (
        "permalink: /p/:title/\ndefaults:\n"
        "  - {scope: {path: ''}, values: {layout: post, author: 甲}}\n"
        "  - {scope: {path: _posts/en, type: posts}, values: {author: 乙, lang: en, permalink: /e/:title/}}\n"
        "  - {scope: {path: _posts/hidden}, values: {published: false}}\n"
        "  - {scope: {path: '', type: pages}, values: {author: 丙}}\n"
        "  - nonsense\n"
    )
    more = {
        "_config.yml": config,
        "_posts/2023-01-01-a.md": "---\ntitle: a\n---\n中文 $a\\|b$\n",
        "_posts/en/2023-01-02-b.md": "---\ntitle: b\n---\n中文\n",
        "_posts/en/2023-01-03-c.md": "---\ntitle: c\nauthor: 丁\nlang: zh\n---\n中文\n",
        "_posts/hidden/2023-01-04-d.md": "---\ntitle: d\nlang: zh\n---\n中文\n",
        "_posts/hidden/2023-01-05-e.md": "---\ntitle: e\npublished: true\n---\n中文\n",
    }
    site, result = built(blog(tmp_path / "blog", dict(more)))
    assert not result.diagnostics

    def says(slug: str, words: str) -> bool:
        lang = "en" if slug == "b" else "zh"
        return words in (site / lang / "articles" / slug / "index.html").read_text("utf-8")

    assert says("a", "甲")
    assert not says("a", "\\|"), "kramdown, as a post with a layout"
    assert says("b", "乙")
    assert says("c", "丁")
    assert (site / "p" / "a" / "index.html").is_file()
    assert (site / "e" / "b" / "index.html").is_file()
    assert not (site / "zh" / "articles" / "d").exists()
    assert says("e", "甲")


def test_the_folder_of_drafts_is_read_on_demand(tmp_path: Path) -> None:
    folder = blog(tmp_path / "blog", {"_drafts/idea.md": "---\ntitle: 想法\n---\n中文\n"})
    assert not (built(folder)[0] / "zh" / "articles" / "idea").exists()
    site, result = built(folder, drafts=True)
    assert (site / "zh" / "articles" / "idea" / "index.html").is_file()
    assert not result.diagnostics, "a draft needs no day"


def test_old_addresses_lead_to_the_new_pages(tmp_path: Path) -> None:
    more = {
        "_posts/2022-06-01-p.md": "---\ntitle: p\npermalink: /about/me/\naliases: [/old/p.html]\n---\nx 中文\n",
        "_posts/2022-06-02-中文.md": "---\ntitle: 中\n---\n中文\n",
    }
    site, _ = built(blog(tmp_path / "blog", more))
    for old, new in (
        ("2022/04/01/vae.html", "../../../zh/articles/vae/"),
        ("2021/01/01/short-note.html", "../../../en/articles/short-note/"),
        ("about/me/index.html", "../../zh/articles/p/"),
        ("old/p.html", "../zh/articles/p/"),
        ("2022/06/02/中文.html", "../../../zh/articles/zhong-wen/"),
    ):
        assert f'content="0; url={new}"' in (site / old).read_text("utf-8")
    check_site(site)


@pytest.mark.parametrize(
    "permalink", ["/zh/articles/x/", "/index.html", "/a/../b/", "/files/x.html", "/a%0Ab"]
)
def test_an_address_that_the_site_needs_is_not_redirected(permalink: str, tmp_path: Path) -> None:
    more = {"_posts/2022-06-01-p.md": f'---\ntitle: p\npermalink: "{permalink}"\n---\nx\n'}
    site, result = built(blog(tmp_path / "blog", more))
    assert len(coded(result, "DL324")) == 1
    check_site(site)


def test_two_posts_of_one_name_both_have_a_page(tmp_path: Path) -> None:
    more = {
        "_posts/2020-01-01-vae.md": "---\ntitle: older\nlang: zh\n---\nolder\n",
        "_posts/x/2022-04-01-vae.md": "---\ntitle: other\nlang: zh\n---\nother\n",
        "_posts/2022-04-02-tags.md": "---\ntitle: tags\nlang: zh\n---\ntags\n",
    }
    site, result = built(blog(tmp_path / "blog", more))
    pages = {folder.name for folder in (site / "zh" / "articles").iterdir() if folder.is_dir()}
    assert {"vae", "vae-2022-04-01", "vae-2022-04-01-2", "tags-2022-04-02", "tags"} <= pages
    assert "older" in Text(site / "zh" / "articles" / "vae" / "index.html").words
    assert [d.file for d in coded(result, "DL321")] == [
        "_posts/2022-04-01-vae.md",
        "_posts/2022-04-02-tags.md",
        "_posts/x/2022-04-01-vae.md",
    ]


def test_translations_of_one_another_share_their_pages(tmp_path: Path) -> None:
    more = {
        "_posts/2023-01-01-pair.md": "---\ntitle: 一对\n---\n中文文字。\n\n# 甲\n\n[x](#甲)\n",
        "_posts/2023-01-01-pair.en.md": "---\ntitle: A pair\n---\nWords.\n",
        "_posts/2023-01-02-z.md": "---\ntitle: z\nlang: zh\n---\n[x](2023-01-01-pair.md#甲)\n",
    }
    site, result = built(blog(tmp_path / "blog", more))
    zh, en = (Text(site / lang / "articles" / "pair" / "index.html") for lang in ("zh", "en"))
    assert "中文文字" in zh.words
    assert "尚未翻译" not in zh.words
    assert "Words." in en.words
    assert "Not yet translated" not in en.words
    assert "../pair/#%E7%94%B2" in Text(site / "zh" / "articles" / "z" / "index.html").links
    assert "A pair" in Text(site / "en" / "articles" / "index.html").words
    assert not result.diagnostics
    check_site(site)


def test_pictures_of_the_folder_are_published_with_their_size(tmp_path: Path) -> None:
    text = (
        "---\ntitle: z\nlang: zh\n---\n![a](/images/net.png) ![b](../images/网 图.png) ![c]({{ site.baseurl }}/images/net.png)\n"
        '![d](pic.png "t") ![e](../../images/net.png)\n\n'
        '<center><img src="{{ \'/images/net.png\' | relative_url }}" width="10" height="5"></center>\n'
    )
    more = {
        "_posts/2022-05-03-z.md": text.replace("网 图", "网%20图"),
        "images/网 图.png": png(3, 4),
        "_posts/pic.png": b"no picture at all",
        "images/unused.png": png(1, 1),
    }
    site, result = built(blog(tmp_path / "blog", more))
    page = Text(site / "zh" / "articles" / "z" / "index.html")
    images = [attributes for tag, attributes in page.attributes if tag == "img"]
    assert [image["src"] for image in images] == [
        "../../../files/images/net.png",
        "../../../files/images/%E7%BD%91%20%E5%9B%BE.png",
        "../../../files/images/net.png",
        "../../../files/_posts/pic.png",
        "../../../files/images/net.png",
        "../../../files/images/net.png",
    ]
    assert [(image.get("width"), image.get("height")) for image in images] == [
        ("64", "32"), ("3", "4"), ("64", "32"), (None, None), ("64", "32"), ("10", "5"),
    ]  # fmt: skip
    assert all(image["loading"] == "lazy" and "alt" in image for image in images)
    assert not (site / "files" / "images" / "unused.png").exists()
    assert not result.diagnostics
    check_site(site)


def test_pictures_that_are_not_there_or_not_of_the_site(tmp_path: Path) -> None:
    write(tmp_path, {"secret.png": png(1, 1)})
    text = "---\ntitle: z\nlang: zh\n---\n![缺](/images/none.png) ![外](../../secret.png) ![链](/images/link.png) ![文](/_config.yml) ![隐](/.x/a.png)\n"
    folder = blog(
        tmp_path / "blog", {"_posts/2022-05-03-z.md": text, "_config.yml": "a: b", ".x/a.png": png(1, 1)}
    )
    (folder / "images" / "link.png").symlink_to(tmp_path / "secret.png")
    site, result = built(folder, keep_going=True)
    assert [where(d) for d in coded(result, "DL312")] == [
        "![缺](/images/none.png)",
        "![文](/_config.yml)",
        "![隐](/.x/a.png)",
    ]
    assert [where(d) for d in coded(result, "DL313")] == [
        "![外](../../secret.png)",
        "![链](/images/link.png)",
    ]
    assert [file.name for file in (site / "files").rglob("*") if file.is_file()] == ["net.png"]
    assert "缺" in Text(site / "zh" / "articles" / "z" / "index.html").words
    check_site(site)


def test_remote_pictures_are_shown_unless_the_site_wants_links(tmp_path: Path) -> None:
    post = {
        "_posts/2022-05-03-z.md": "---\ntitle: z\nlang: zh\n---\n![远](https://pic.example.com/a.png) [![x](http://p.example/b.png)](/about)\n"
    }
    site, _ = built(blog(tmp_path / "1" / "blog", {**post, "dlmap.toml": "remote_images = false\n"}))
    page = (site / "zh" / "articles" / "z" / "index.html").read_text("utf-8")
    assert '<a href="https://pic.example.com/a.png" class="external" rel="noopener">远</a>' in page
    assert "<img" not in page
    assert "img-src 'self' data:;" in page
    check_site(site)
    site, _ = built(blog(tmp_path / "2" / "blog", post))
    page = (site / "zh" / "articles" / "z" / "index.html").read_text("utf-8")
    assert (
        '<img src="https://pic.example.com/a.png" alt="远" referrerpolicy="no-referrer" loading="lazy">'
        in page
    )
    assert "img-src 'self' data: https:;" in page
    assert "http://p.example" not in page, "only what is fetched safely"
    other = (site / "zh" / "articles" / "vae" / "index.html").read_text("utf-8")
    assert "img-src 'self' data:;" in other
    check_site(site, "--allow-remote-media")


def test_a_file_to_download_is_published(tmp_path: Path) -> None:
    more = {
        "_posts/2022-05-03-z.md": "---\ntitle: z\nlang: zh\n---\n[论文](/pdf/a.pdf)\n",
        "pdf/a.pdf": b"%PDF",
    }
    site, result = built(blog(tmp_path / "blog", more))
    assert "../../../files/pdf/a.pdf" in Text(site / "zh" / "articles" / "z" / "index.html").links
    assert (site / "files" / "pdf" / "a.pdf").read_bytes() == b"%PDF"
    assert not result.diagnostics


def test_lists_by_year_and_by_tag(tmp_path: Path) -> None:
    more = {"_posts/undated.md": "---\ntitle: 无日期\ntags: [深度学习]\n---\n中文\n"}
    site, result = built(blog(tmp_path / "blog", more))
    page = read_html(site / "zh" / "articles" / "index.html")
    assert attributes(page, "section.year", "id") == ["year-2022", "year-2021", "year-none"]
    links = attributes(page, "section.year li > a", "href")
    assert links == ["flow/", "vae/", "../../en/articles/short-note/", "undated/"]
    assert coded(result, "DL323")[0].file == "_posts/undated.md"
    tags = attributes(read_html(site / "zh" / "articles" / "tags" / "index.html"), "[id^=tag-]", "id")
    assert tags == ["tag-notes", "tag-shen-du-xue-xi", "tag-sheng-cheng-mo-xing"]
    assert "../tags/#tag-sheng-cheng-mo-xing" in Text(site / "zh" / "articles" / "vae" / "index.html").links


@pytest.mark.parametrize("base_url", ["", "https://example.org/repo/"])
def test_the_feed_is_valid_and_depends_on_nothing_but_the_articles(base_url: str, tmp_path: Path) -> None:
    more = {
        "_posts/2023-01-01-e.md": '---\ntitle: "a <b> & ]]>"\n---\n中文\n',
        "_posts/2020-01-01-\1.md": "中文\n",
    }
    folder = blog(tmp_path / "blog", more)
    site, _ = built(folder, base_url=base_url)
    before = tree_hash(site)
    for lang in ("zh", "en"):
        feed = ET.fromstring((site / lang / "articles" / "atom.xml").read_bytes())  # noqa: S314 - made here
        assert feed.tag == f"{ATOM}feed"
        for node in (feed, *feed.findall(f"{ATOM}entry")):
            for wanted in ("id", "title", "updated"):
                assert len(node.findall(f"{ATOM}{wanted}")) == 1
            assert datetime.datetime.fromisoformat(node.findtext(f"{ATOM}updated") or "").tzinfo
            assert re.match(r"urn:uuid:|https://", node.findtext(f"{ATOM}id") or "")
            assert node.find(f"{ATOM}link[@rel='alternate']") is not None
        assert feed.findtext(f"{ATOM}author/{ATOM}name") == "某人"
        entries = feed.findall(f"{ATOM}entry")
        assert [entry.findtext(f"{ATOM}published") for entry in entries] == [
            f"{day}T00:00:00Z"
            for day in ("2023-01-01", "2022-05-01", "2022-04-01", "2021-01-01", "2020-01-01")
        ]
        titles = [entry.findtext(f"{ATOM}title") for entry in entries]
        assert (titles[0], titles[-1]) == ("a <b> & ]]>", "\ufffd")
        ids = [node.text for node in feed.iter(f"{ATOM}id")]
        assert len(set(ids)) == len(ids) == 6
    page = (site / "zh" / "articles" / "vae" / "index.html").read_text("utf-8")
    assert re.search(
        r'<link rel="alternate" type="application/atom\+xml" title="[^"]+" href="../atom.xml">', page
    )
    again, _ = built(folder, base_url=base_url)
    assert tree_hash(again) == before


def test_a_relative_link_leads_from_where_it_stands(tmp_path: Path) -> None:
    posts = {
        f"_posts/{year}-01-01-{name}.md": f"---\ntitle: {name} {year}\nlang: zh\n---\n[zu](http.html)\n"
        for year in (2021, 2022)
        for name in ("a", "http")
    }
    site, _ = built(blog(tmp_path / "blog", posts))
    pages = {
        file.parent.name: file.read_text("utf-8") for file in (site / "zh" / "articles").glob("*/index.html")
    }
    assert 'href="../http/"' in pages["a"]
    assert 'href="../http-2022-01-01/"' in pages["a-2022-01-01"]


def test_drafts_are_left_out_and_included_on_demand(tmp_path: Path) -> None:
    more = {
        "_posts/2023-01-01-d.md": "---\ntitle: d\nlang: zh\ndraft: true\n---\n$\\oops$\n",
        "_posts/2023-01-02-z.md": "---\ntitle: z\nlang: zh\n---\n[d](/2023/01/01/d.html)\n",
    }
    folder = blog(tmp_path / "blog", more)
    site, result = built(folder)
    assert not (site / "zh" / "articles" / "d").exists()
    assert [d.code for d in result.diagnostics] == ["DL311"]
    assert "leads to a draft" in result.diagnostics[0].message
    site, result = built(folder, drafts=True, keep_going=True)
    assert (site / "zh" / "articles" / "d").exists()
    assert [d.code for d in result.diagnostics] == ["DL401"]


def test_style_sheets_are_linked_where_they_are_needed(tmp_path: Path) -> None:
    more = {"_posts/2023-01-02-z.md": "---\ntitle: z\nlang: zh\n---\n```python\nx = 1\n```\n"}
    site, _ = built(blog(tmp_path / "blog", more))
    code, plain, index = (
        (site / name / "index.html").read_text("utf-8")
        for name in ("zh/articles/z", "en/articles/short-note", "zh/articles")
    )
    assert "assets/code.css" in code
    assert "katex" not in code
    assert "assets/code.css" not in plain
    assert "assets/article.css" in plain
    assert "assets/article.css" not in index


def test_a_folder_of_articles_can_be_named(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "site",
        {"texts/2022-04-01-vae.md": VAE, "dlmap.toml": 'articles = "texts"\n', "images/net.png": png(1, 1)},
    )
    assert built(folder)[1].articles == 1
    folder = write(
        tmp_path / "usual", {"content/articles/2022-05-01-flow.md": FLOW, "_posts/2022-04-01-vae.md": VAE}
    )
    assert built(folder)[1].articles == 1, "one folder, and the usual place comes first"
