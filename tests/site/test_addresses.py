"""Addresses: old ids lead on, the sitemap names every page, browsers can search the site."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as BrowserPage

from dlmap import build
from dlmap.config import Config
from dlmap.site import Page
from dlmap.site.model import PageHistory, alternates
from dlmap.site.page_types import SearchPage
from dlmap.site.seo import sitemap
from dlmap.site.seo.sitemap import sitemaps
from support.static_host import hosted
from support.web_page import attributes, read_html

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
BASE = "https://you.example/map/"
OUTLINE = """# Models {#models}

## Vision {#vision}

### Convolution {#cnn}

- **Residual connections**{#residual}: they skip layers, as in **ResNet**.
"""


def read_xml(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 - our own


def make(folder: Path, settings: str = "", base_url: str = BASE) -> Path:
    (folder / "content").mkdir()
    (folder / "content" / "outline.en.md").write_text(OUTLINE, "utf-8")
    (folder / "dlmap.toml").write_text(
        f'languages = ["en", "zh"]\ntitle = "A & B"\nbase_url = "{base_url}"\n{settings}', "utf-8"
    )
    assert build(folder, folder / "site", durable=False).published
    return folder / "site"


def test_old_ids_lead_to_what_they_mean_now(tmp_path: Path) -> None:
    site = make(tmp_path, '[aliases]\nconvnet = "convolution"\nconvolution = "cnn"\nskip = "cnn-residual"\n')
    for lang in ("zh", "en"):
        assert 'content="0; url=../cnn/"' in (site / lang / "convnet" / "index.html").read_text("utf-8")
        assert 'content="0; url=../cnn/#residual"' in (site / lang / "skip" / "index.html").read_text("utf-8")


def test_the_sitemap_names_every_page_in_every_language(tmp_path: Path) -> None:
    root = read_xml((make(tmp_path) / "sitemap.xml").read_bytes())
    entries = {entry.findtext("s:loc", "", NAMES): entry for entry in root.findall("s:url", NAMES)}
    assert f"{BASE}zh/cnn/" in entries
    assert [
        (link.get("hreflang"), link.get("href"))
        for link in entries[f"{BASE}en/cnn/"].findall("x:link", NAMES)
    ] == [("en", f"{BASE}en/cnn/"), ("zh-Hans", f"{BASE}zh/cnn/"), ("x-default", f"{BASE}en/cnn/")]
    assert f"Sitemap: {BASE}sitemap.xml" in (tmp_path / "site" / "robots.txt").read_text("utf-8")


def test_every_page_that_hreflang_names_names_it_back(tmp_path: Path) -> None:
    site = make(tmp_path)
    named: dict[str, dict[str, str]] = {}
    for file in site.rglob("*.html"):
        page = read_html(file)
        for address in attributes(page, "link[rel=canonical]", "href"):
            links = page.css("link[rel=alternate][hreflang]")
            named[address] = {
                link.attributes["hreflang"] or "": link.attributes["href"] or "" for link in links
            }
    assert named[f"{BASE}zh/cnn/"]["x-default"] == f"{BASE}en/cnn/"
    assert named[f"{BASE}en/"]["x-default"] == BASE
    assert named[BASE]["x-default"] == BASE
    for address, links in named.items():
        assert not links or address in links.values()
        for other in links.values():
            assert named[other] == links, (address, other)


def test_without_an_address_search_engines_are_told_none(tmp_path: Path) -> None:
    site = make(tmp_path, '[redirects]\n"/old.html" = "/zh/cnn/"\n', base_url="")
    assert not (site / "sitemap.xml").exists()
    assert "Sitemap" not in (site / "robots.txt").read_text("utf-8")
    for file in site.rglob("*.html"):
        assert not attributes(read_html(file), "link[rel=canonical], link[hreflang]", "href"), file


def test_old_addresses_keep_the_fragment(tmp_path: Path, browser: Browser) -> None:
    site = make(tmp_path, '[redirects]\n"/old.html" = "/en/cnn/"\n')
    with hosted(site) as address, browser.new_page() as opened:
        opened.goto(f"{address}old.html#residual", wait_until="commit")
        opened.wait_for_url("**/en/cnn/#residual")


def page(name: object, history: PageHistory | None = None) -> Page:
    return Page(
        path=f"en/{name}/",
        type=SearchPage,
        content=SearchPage,
        lang="en",
        alternates=() if history else alternates(f"{name}/", ("zh", "en")),
        history=history,
    )


def pages(number: int) -> list[Page]:
    return [page(each) for each in range(number)]


def test_a_large_sitemap_is_an_index_of_several() -> None:
    config = Config(base_url=BASE)
    assert list(sitemaps(pages(50_000), config)) == ["sitemap.xml"]
    files = sitemaps([*pages(50_000), page("last", PageHistory("2026-02-01", ()))], config)
    assert list(files) == ["sitemap.xml", "sitemap-1.xml", "sitemap-2.xml"]
    root = read_xml(files["sitemap.xml"]())
    assert [place.text for place in root.findall("s:sitemap/s:loc", NAMES)] == [
        f"{BASE}sitemap-1.xml",
        f"{BASE}sitemap-2.xml",
    ]
    assert root.findtext("s:sitemap[2]/s:lastmod", "", NAMES) == "2026-02-01"
    (last,) = read_xml(files["sitemap-2.xml"]()).findall("s:url", NAMES)
    assert last.findtext("s:loc", "", NAMES) == f"{BASE}en/last/"
    assert last.findtext("s:lastmod", "", NAMES) == "2026-02-01"


def test_no_sitemap_is_larger_than_the_format_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST_BYTES", 1_500_000)
    files = sitemaps(pages(10_001), Config(base_url=BASE))
    parts = [make() for path, make in files.items() if path != "sitemap.xml"]
    assert len(parts) == 3
    assert all(len(part) <= 1_500_000 for part in parts)
    assert sum(part.count(b"<url>") for part in parts) == 10_001


def test_a_search_from_outside_finds_at_once(page: BrowserPage, address: str) -> None:
    page.goto(f"{address}en/search/?q=resnet")
    assert page.locator("dialog[open] [role=option]").first.inner_text().startswith("ResNet")
    assert page.locator("dialog[open] input").input_value() == "resnet"


def test_the_old_address_of_the_post_leads_home(seed_site: Path) -> None:
    old = seed_site / "2020" / "01" / "02" / "DL-outline.html"
    assert 'content="0; url=../../../zh/"' in old.read_text("utf-8")
