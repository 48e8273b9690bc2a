"""The published folder: what a reader, a search engine and another program find in it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from itertools import pairwise
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from dlmap import build
from dlmap.markdown import formulas_of, parse_document
from dlmap.text import read_source
from support.checkout import BASE_URL, ROOT, SEED, require
from support.site_check import Text, check_site, check_site_under_a_path, tree_hash
from support.web_page import attributes, read_html, texts


def test_the_default_site_has_no_defect(default_site: Path) -> None:
    check_site(default_site)


def test_the_real_post_becomes_a_site_without_defect(seed_site: Path) -> None:
    check_site(seed_site)


def test_a_post_works_under_a_path_prefix(tmp_path: Path) -> None:
    require(SEED.is_file(), f"the post {SEED}")
    assert build(SEED, tmp_path / "site", base_url=BASE_URL).published
    check_site_under_a_path(tmp_path / "site")


def test_ids_of_an_author_and_of_the_page_never_clash(tmp_path: Path) -> None:
    """Whatever an author calls a section, its address holds, and no id occurs twice on any page."""
    own = [
        "main",
        "tree",
        "list",
        "top",
        "contents",
        "reading",
        "search",
        "preview",
        "tools",
        "fn-a",
        "fnref-a",
    ]
    bullets = "".join(
        f"- **第{n}类 ({name})**{{#{name}}}：说明。例如 **Net-{n}**。\n" for n, name in enumerate(own)
    )
    headings = "".join(f"## {name}\n\n说明[^a]。\n\n" for name in own) + "[^a]: 注。\n[^a!]: 又一注。\n"
    for name, text in {
        "content/outline.zh.md": f"# 部分\n\n## 类型\n\n### 家族 {{#family}}\n\n说明。\n\n{bullets}",
        "content/articles/2024-01-01-a.md": f"---\ntitle: 文\n---\n{headings}[^a!]\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert build(tmp_path, tmp_path / "site").published
    for file in (tmp_path / "site").rglob("*.html"):
        ids = [node.attributes["id"] for node in LexborHTMLParser(file.read_bytes()).css("[id]")]
        assert len(ids) == len(set(ids)), file
    family, article = (tmp_path / "site/zh" / path / "index.html" for path in ("family", "articles/a"))
    for page in (family, article):
        ids = {node.attributes["id"] for node in LexborHTMLParser(page.read_bytes()).css("[id]")}
        assert {"main", "tree", "list", "top", "contents", "reading", "search"} <= ids, page


def test_2e_same_input_same_bytes(seed_site: Path, tmp_path: Path) -> None:
    """Another folder, another hash seed, another time zone and locale."""
    program = f"from pathlib import Path; from dlmap import build; build(Path({str(SEED)!r}), Path('site'))"
    subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONHASHSEED": "7",
            "TZ": "Asia/Shanghai",
            "LC_ALL": "C",
            "PATH": "/usr/bin:/bin",
            "HOME": str(tmp_path),
        },
        check=True,
    )
    assert tree_hash(tmp_path / "site") == tree_hash(seed_site)


def test_every_formula_of_the_real_post_is_rendered(seed_site: Path) -> None:
    pages = [read_html(page) for page in (seed_site / "zh").rglob("index.html")]
    assert not any(page.css(".formula-error") for page in pages)
    source, _ = read_source(SEED, SEED.name)
    assert source is not None
    uses = list(formulas_of(parse_document(source)[0]))
    assert len(uses) == 49
    shown = {tex for page in pages for tex in texts(page, "annotation")}
    assert {use.tex for use in uses} - shown == set()
    vae = read_html(seed_site / "zh" / "variational-autoencoder" / "index.html")
    assert r"q_{\phi}(z|x)" in texts(vae, "annotation"), "one bar, not the two of \\|"
    generative = read_html(seed_site / "zh" / "generative-model" / "index.html")
    assert "~" in texts(generative, ".katex .text"), "the tilde of \\text{~} shows"


def test_a_method_page_says_what_is_known(default_site: Path) -> None:
    page = Text(default_site / "zh" / "vq-vae" / "index.html")
    for words in ("VQ-VAE", "2017", "Neural Discrete Representation Learning", "变分自编码器"):
        assert words in page.words
    assert "https://arxiv.org/abs/1711.00937" in page.links
    assert "../vq-vae-2/" in page.links, "what built on it"
    assert "../variational-autoencoder/" in page.links, "its place in the map"


def test_a_bold_name_links_to_its_page_and_back(seed_site: Path) -> None:
    family = Text(seed_site / "zh" / "variational-autoencoder" / "index.html")
    assert "../vq-vae/" in family.links
    series = Text(seed_site / "zh" / "lightweight" / "index.html")
    assert {"../mobilenet-v1/", "../mobilenet-v2/", "../mobilenet-v3/"} <= set(series.links)
    method = Text(seed_site / "zh" / "vq-vae" / "index.html")
    assert any(link.startswith("../variational-autoencoder/") for link in method.links)


def test_a_page_without_translation_shows_the_original_and_says_so(seed_site: Path) -> None:
    page = Text(seed_site / "en" / "variational-autoencoder" / "index.html")
    strings = tomllib.loads((ROOT / "templates" / "strings" / "en.toml").read_text("utf-8"))
    assert strings["not_translated"] in page.words
    assert "变分自编码器的优化目标" in page.words
    assert any(made.get("lang") == "zh" for _, made in page.attributes)


def test_every_page_stands_in_both_languages_and_names_its_twin(default_site: Path) -> None:
    zh = {file.relative_to(default_site / "zh") for file in (default_site / "zh").rglob("*.html")}
    en = {file.relative_to(default_site / "en") for file in (default_site / "en").rglob("*.html")}
    assert zh == en
    assert len(zh) > 1000
    page = read_html(default_site / "en" / "resnet" / "index.html")
    assert attributes(page, "html", "lang") == ["en"]
    assert attributes(page, "a[hreflang=zh-Hans][rel=alternate]", "href") == ["../../zh/resnet/"]
    assert not attributes(page, "link[rel=canonical], link[hreflang]", "href"), "nobody knows its address"
    assert not (default_site / "sitemap.xml").exists()


def test_the_root_chooses_without_scripts(default_site: Path) -> None:
    page = Text(default_site / "index.html")
    assert {"zh/", "en/"} <= set(page.links)


def test_pages_ask_nothing_of_other_hosts(default_site: Path) -> None:
    """Style sheets, scripts and fonts come from the site; KaTeX's only where a formula needs them."""
    for name, has_math in (("variational-autoencoder", True), ("methods", False)):
        page = Text(default_site / "en" / name / "index.html")
        loaded = [
            made.get("href") or made.get("src") or ""
            for tag, made in page.attributes
            if (tag == "link" and made.get("rel") in ("stylesheet", "icon", "preload")) or tag == "script"
        ]
        assert all(not url.startswith(("http", "//")) for url in loaded), loaded
        assert any("katex" in url for url in loaded) is has_math, name
    fonts = [file.suffix for file in (default_site / "assets" / "katex" / "fonts").iterdir()]
    assert set(fonts) == {".woff2"}


def test_headings_of_a_page_do_not_skip(default_site: Path) -> None:
    for page in ("zh", "zh/methods", "zh/variational-autoencoder", "en/object-detection", "en/resnet"):
        levels = [
            int(tag[1])
            for tag, _ in Text(default_site / page / "index.html").attributes
            if re.fullmatch("h[1-6]", tag)
        ]
        assert levels.count(1) == 1, page
        jumps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
        assert jumps == [], page


def test_interface_words_are_complete_and_used() -> None:
    tables = {
        lang: tomllib.loads((ROOT / "templates" / "strings" / f"{lang}.toml").read_text("utf-8"))
        for lang in ("zh", "en")
    }
    assert set(tables["zh"]) == set(tables["en"])
    for key, words in tables["zh"].items():
        fields = re.findall(r"\{(\w+)\}", words), re.findall(r"\{(\w+)\}", tables["en"][key])
        assert Counter(fields[0]) == Counter(fields[1]), key
    used: set[str] = set()
    prefixes: set[str] = set()
    for template in (ROOT / "templates").glob("*.*"):
        text = template.read_text("utf-8")
        used |= set(re.findall(r"\bt\('(\w+)'\s*[,)]", text))
        used |= set(re.findall(r"\bwords\([\w.]+, '(\w+)'\s*[,)]", text))
        prefixes |= set(re.findall(r"\bt\('(\w+_)' ~", text))
    unused = {
        key for key in tables["zh"] if key not in used and not key.startswith(tuple(prefixes or {"\0"}))
    }
    assert unused == set()
    assert used <= set(tables["zh"])


def test_open_data_counts_what_the_pages_show(default_site: Path) -> None:
    document = json.loads((default_site / "taxonomy.json").read_text("utf-8"))
    paged = [concept for concept in document["concepts"] if concept["kind"] != "approach"]
    for concept in paged:
        assert (default_site / "zh" / concept["id"] / "index.html").is_file()
    approach = next(concept for concept in document["concepts"] if concept["kind"] == "approach")
    path, _, fragment = approach["url"]["zh"].partition("#")
    assert f'id="{fragment}"' in (default_site / path.lstrip("/") / "index.html").read_text("utf-8")


def test_old_addresses_lead_on(tmp_path: Path) -> None:
    (tmp_path / "in" / "content").mkdir(parents=True)
    (tmp_path / "in" / "content" / "outline.md").write_text("# 部分\n\n文字。\n", "utf-8")
    (tmp_path / "in" / "dlmap.toml").write_text('[redirects]\n"/2020/01/02/old.html" = "/zh/"\n', "utf-8")
    assert build(tmp_path / "in", tmp_path / "out").published
    page = (tmp_path / "out" / "2020" / "01" / "02" / "old.html").read_text("utf-8")
    assert "url=../../../zh/" in page


def test_a_site_overrides_templates_and_static_files(tmp_path: Path) -> None:
    site = tmp_path / "in"
    (site / "templates").mkdir(parents=True)
    (site / "static").mkdir()
    (site / "outline.md").write_text("# 部分\n\n文字。\n", "utf-8")
    (site / "templates" / "_footer.html").write_text("<footer>我的网站</footer>", "utf-8")
    (site / "static" / "site.css").write_text("body{color:teal}", "utf-8")
    assert build(site, tmp_path / "out").published
    assert "我的网站" in (tmp_path / "out" / "zh" / "index.html").read_text("utf-8")
    assert (tmp_path / "out" / "assets" / "site.css").read_text("utf-8") == "body{color:teal}"
