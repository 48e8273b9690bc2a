"""What other programs learn of a page: pictures where it is shared, facts for search engines, the manifest."""

from __future__ import annotations

import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser

from dlmap import build
from dlmap.social_cards import Card, draw_card
from support.blog import VAE, png, write
from support.static_host import hosted

BASE = "https://example.org/map/"
OUTLINE = {
    "zh": """\
---
title: 深度学习地图
description: 深度学习方法的分类
---
# 类型 {#types}
## 生成模型 {#generative}
### 变分自编码器 {#vae}
**变分自编码器(VAE)** 最大化 $\\log p(x)$ 的下界 </script>。
- 先验：如 **VQ-VAE**, **β-VAE**。
- 后验：如 **NVAE**。
""",
    "en": """\
---
title: A map of deep learning
description: The methods of deep learning, sorted
---
# Types {#types}
## Generative models {#generative}
### Variational autoencoder {#vae}
**Variational autoencoders (VAE)** maximise a bound.
- Prior: such as **VQ-VAE**, **β-VAE**.
- Posterior: such as **NVAE**.
""",
}
METHODS = """\
vq-vae:
  name: VQ-VAE
  expansion: Vector Quantised Variational Autoencoder
  year: 2017
  paper: {title: Neural Discrete Representation Learning, url: "https://arxiv.org/abs/1711.00937"}
  summary: {en: "Replaces codes by the nearest entry </script> & more.", zh: "以最近的码字代替编码。"}
"""


class Head(HTMLParser):
    """The metadata, links and facts in the head of a page."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: dict[str, list[dict[str, str]]] = {}
        self.facts: list[dict[str, Any]] = []
        self._in_facts = False
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = made.get("property") or made.get("name") or made.get("http-equiv") or ""
            self.meta[f"{name} {made['media']}" if "media" in made else name] = made.get("content", "")
        elif tag == "link":
            self.links.setdefault(made["rel"], []).append(made)
        self._in_facts = tag == "script" and made.get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self._in_facts:
            self.facts += json.loads(data)["@graph"]

    def handle_endtag(self, tag: str) -> None:
        self._in_facts &= tag != "script"

    def fact(self, kind: str) -> dict[str, Any]:
        return next(fact for fact in self.facts if fact["@type"] == kind)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(
        tmp_path_factory.mktemp("heads"),
        {
            **{f"content/outline.{lang}.md": text for lang, text in OUTLINE.items()},
            "content/methods.yml": METHODS,
            "content/articles/2022-04-01-vae.md": VAE,
            "images/net.png": png(64, 32),
        },
    )


@pytest.fixture(scope="module")
def site(source: Path) -> Path:
    """A site that knows its address."""
    result = build(source, source.parent / "site", base_url=BASE, keep_going=True)
    assert result.published
    return source.parent / "site"


def picture_of(site: Path, head: Head) -> Path:
    return site / head.meta["og:image"].removeprefix(BASE)


def test_a_shared_link_shows_what_the_page_is(site: Path) -> None:
    head = Head(site / "en" / "vq-vae" / "index.html")
    assert head.meta["og:title"] == "VQ-VAE"
    assert head.meta["og:url"] == f"{BASE}en/vq-vae/"
    assert head.meta["og:description"] == head.meta["description"]
    assert head.meta["og:site_name"] == "A map of deep learning"
    assert head.meta["og:locale"] == "en_US"
    assert head.meta["twitter:card"] == "summary_large_image"
    with Image.open(picture_of(site, head)) as picture:
        picture.load()
        assert picture.size == (int(head.meta["og:image:width"]), int(head.meta["og:image:height"]))


def test_every_page_has_a_picture_that_is_there_and_small(site: Path) -> None:
    pages = [*(site / "zh").rglob("index.html"), *(site / "en").rglob("index.html"), site / "index.html"]
    shown = (page for page in pages if 'http-equiv="refresh"' not in page.read_text("utf-8"))
    pictures = {picture_of(site, Head(page)) for page in shown}
    assert set((site / "cards").iterdir()) == pictures, "none is made that no page shows"
    assert max(file.stat().st_size for file in pictures) < 20_000


def test_an_article_is_shared_with_its_first_picture_that_is_large_enough(tmp_path: Path) -> None:
    pictures = {
        "images/icon.png": png(64, 32),
        "images/wide.png": png(640, 320),
        "images/next.png": png(300, 300),
    }
    text = "---\ntitle: {}\n---\n{}\n"
    shown = " ".join(f"![x](/{name})" for name in pictures)
    source = write(
        tmp_path / "source",
        {
            "content/articles/2022-01-01-with.md": text.format("With", shown),
            "content/articles/2022-01-02-without.md": text.format("Without", "![x](/images/icon.png)"),
            **pictures,
        },
    )
    assert build(source, tmp_path / "site", base_url=BASE, keep_going=True).published
    path = next((tmp_path / "site").rglob("articles/with/index.html"))
    meta = Head(path).meta
    assert meta["og:image"] == f"{BASE}files/images/wide.png"
    assert (meta["og:image:width"], meta["og:image:height"]) == ("640", "320")
    assert "wide.png" not in Head(path.parents[1] / "without" / "index.html").meta.get("og:image", "")


def test_both_languages_share_a_picture_and_it_stays_while_nothing_changes(
    site: Path, tmp_path: Path
) -> None:
    heads = [Head(site / lang / "vae" / "index.html") for lang in ("zh", "en")]
    assert heads[0].meta["og:image"] == heads[1].meta["og:image"]
    edited = tmp_path / "edited"
    write(
        edited,
        {
            **{f"content/outline.{lang}.md": text for lang, text in OUTLINE.items()},
            "content/methods.yml": METHODS.replace("2017", "2018"),
        },
    )
    assert build(edited, tmp_path / "site", base_url=BASE, keep_going=True).published
    before = {file.name: file.read_bytes() for file in (site / "cards").iterdir()}
    after = {file.name: file.read_bytes() for file in (tmp_path / "site" / "cards").iterdir()}
    assert {name.split(".")[0] for name in before.keys() ^ after.keys()} == {"vq-vae"}
    assert all(before[name] == after[name] for name in before.keys() & after.keys())


def test_a_site_without_an_address_has_no_pictures(source: Path, tmp_path: Path) -> None:
    assert build(source, tmp_path / "site", keep_going=True).published
    assert not (tmp_path / "site" / "cards").exists()
    head = Head(tmp_path / "site" / "zh" / "vae" / "index.html")
    assert not [name for name in head.meta if name.startswith(("og:", "twitter:"))]
    assert head.fact("DefinedTerm")["url"] == "/zh/vae/"


def _ink(card: Card) -> list[int]:
    with Image.open(io.BytesIO(draw_card(card))) as picture:
        return list(picture.convert("L").tobytes())


@pytest.mark.parametrize("label", ["变分自编码器", "β-VAE", "Nyströmformer", "Π-Model", "鲁棒性", "GPT-4"])
def test_every_letter_of_a_label_shows(label: str) -> None:
    """No two letters look alike: what a font lacks would show as the same box."""
    looks = {bytes(_ink(Card((char,), "", "", 0))) for char in dict.fromkeys(label)}
    assert len(looks) == len(dict.fromkeys(label))
    assert bytes(_ink(Card(("",), "", "", 0))) not in looks


def test_a_long_label_stays_on_its_picture() -> None:
    words = "Integer-arithmetic-only quantization of very deep convolutional neural networks, revisited"
    for label in (
        words,
        words.replace(" ", ""),
        "变分自编码器与流模型的联合训练方法" * 5,
        "a" * 500,
        "",
        "\n",
    ):
        card = Card((label, label), label, label, 120, "2024", (3, 40, 0, 7) * 6)
        with Image.open(io.BytesIO(draw_card(card))) as picture:
            picture.load()
            assert picture.size == (1200, 630)
            assert picture.crop((0, 0, 1200, 60)).getextrema() == (0, 0), "the margins stay empty"
            assert picture.crop((1150, 0, 1200, 630)).getextrema() == (0, 0)


def test_a_method_is_a_term_of_the_map_with_its_paper(site: Path) -> None:
    head = Head(site / "en" / "vq-vae" / "index.html")
    term = head.fact("DefinedTerm")
    assert term["name"] == "VQ-VAE"
    assert term["alternateName"] == ["Vector Quantised Variational Autoencoder"]
    assert (term["@id"], term["inDefinedTermSet"]["@id"]) == (f"{BASE}#vq-vae", f"{BASE}#map")
    assert term["description"] == "Replaces codes by the nearest entry </script> & more."
    assert term["subjectOf"] == {
        "@type": "ScholarlyArticle",
        "name": "Neural Discrete Representation Learning",
        "url": "https://arxiv.org/abs/1711.00937",
        "datePublished": "2017",
    }
    steps = head.fact("BreadcrumbList")["itemListElement"]
    names = [step["name"] for step in steps]
    assert names[:4] == ["A map of deep learning", "Types", "Generative models", "Variational autoencoder"]
    assert names[-1] == "VQ-VAE"
    assert [step["position"] for step in steps] == list(range(1, 7))
    assert steps[-1]["item"] == f"{BASE}en/vq-vae/"


def test_an_article_is_a_posting_with_author_and_day(site: Path) -> None:
    posting = Head(site / "zh" / "articles" / "vae" / "index.html").fact("BlogPosting")
    assert posting["headline"] == "变分自编码器(Variational Autoencoder)"
    assert posting["datePublished"] == "2022-04-01"
    assert posting["author"] == {"@type": "Person", "name": "某人"}
    assert posting["keywords"] == ["深度学习", "生成模型"]


def test_the_manifest_leads_home_and_its_icons_are_there(site: Path) -> None:
    for lang, name in (("zh", "深度学习地图"), ("en", "A map of deep learning")):
        (link,) = Head(site / lang / "vq-vae" / "index.html").links["manifest"]
        file = (site / lang / "vq-vae" / link["href"]).resolve()
        manifest = json.loads(file.read_text("utf-8"))
        assert manifest["name"] == name
        assert (file.parent / manifest["start_url"] / "index.html").is_file()
        for icon in manifest["icons"]:
            with Image.open(file.parent / icon["src"]) as picture:
                assert icon["sizes"] == f"{picture.width}x{picture.height}"


def test_the_head_names_icons_and_the_colours_of_both_themes(site: Path) -> None:
    head = Head(site / "zh" / "index.html")
    css = (site / "assets" / "site.css").read_text("utf-8")
    papers = re.findall(r"--paper: (#\w+)", css)
    assert head.meta["theme-color (prefers-color-scheme: light)"] == papers[0]
    assert head.meta["theme-color (prefers-color-scheme: dark)"] == papers[1]
    for rel in ("icon", "apple-touch-icon"):
        assert (site / "zh" / head.links[rel][0]["href"]).is_file()


def test_the_browser_reads_the_facts_and_objects_to_nothing(site: Path, browser: Browser) -> None:
    """Facts are no script: the policy of the page lets them be, and no text can end their element."""
    page = browser.new_page(color_scheme="light")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with hosted(site) as address:
        for path in ("zh/vae/", "en/vq-vae/", "zh/articles/vae/", "en/"):
            page.goto(address + path)
            graph = page.evaluate(
                "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)"
            )
            assert graph["@context"] == "https://schema.org"
        shown = "[...document.querySelectorAll('meta[name=theme-color]')].find(m => matchMedia(m.media).matches).content"
        light = page.evaluate(shown)
        page.locator(".theme-switch").click()
        assert page.evaluate(shown) != light, "the browser's frame follows the reader's choice"
    page.close()
    assert complaints == []
