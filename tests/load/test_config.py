"""`dlmap.toml`: every key, every mistake with its place, and a documentation that leaves nothing out."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlmap.config import Config, normal_base_url, read_config
from dlmap.text import Severity, SourceFile, Span

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "configuration.md"
KEYS = [each.name for each in fields(Config)]


def config_of(text: str) -> Config:
    config, diagnostics = read_config(SourceFile("dlmap.toml", text))
    assert [diagnostic.message for diagnostic in diagnostics] == []
    return config


def refused(text: str) -> list[str]:
    """`line:column CODE` of every mistake, with the words that are pointed at."""
    source = SourceFile("dlmap.toml", text)
    _, diagnostics = read_config(source)
    assert all(diagnostic.help for diagnostic in diagnostics)
    shown = []
    for diagnostic in diagnostics:
        assert diagnostic.span is not None
        line, column = source.position(diagnostic.span.start)
        words = text[slice(*diagnostic.span)].strip()
        shown.append(f"{line}:{column} {diagnostic.code} {words}".strip())
    return shown


def message_of(text: str) -> tuple[str, str]:
    _, [diagnostic] = read_config(SourceFile("dlmap.toml", text))
    return diagnostic.message, diagnostic.help


def test_nothing_has_to_be_said() -> None:
    config = config_of("")
    assert config == Config()
    assert config.base_path == "/"


def test_every_key_is_read() -> None:
    config = config_of(
        """\
title = "Map"
description = { zh = "图", en = "A map" }
languages = ["en", "zh"]
base_url = "https://you.github.io/map"
origin = "https://Blog.Example.org/posts/"
outline = "content/map.md"
flavor = "kramdown"
repository = "https://github.com/you/map/"
branch = "feature/x"
editor = "zed"

[redirects]
"/2020/03/06/CNN.html" = "/zh/cnn/"
"/about/" = "https://you.example.org/"

[check]
DL501 = "off"
DL302 = "error"
"""
    )
    assert config == Config(
        title={"": "Map"},
        description={"zh": "图", "en": "A map"},
        languages=("en", "zh"),
        base_url="https://you.github.io/map/",
        origin="blog.example.org",
        outline="content/map.md",
        flavor="kramdown",
        repository="https://github.com/you/map",
        branch="feature/x",
        editor="zed://file/{file}:{line}:{column}",
        redirects={"/2020/03/06/CNN.html": "/zh/cnn/", "/about/": "https://you.example.org/"},
        check={"DL501": Severity.OFF, "DL302": Severity.ERROR},
    )
    assert config.base_path == "/map/"


def test_documentation_has_every_key_and_no_other() -> None:
    assert re.findall(r"^### `(\w+)`$", DOCUMENTATION.read_text("utf-8"), re.MULTILINE) == KEYS


def test_every_key_is_documented_with_an_example_that_is_accepted() -> None:
    sections = re.split(r"^### `(\w+)`$", DOCUMENTATION.read_text("utf-8"), flags=re.MULTILINE)
    for key, text in zip(sections[1::2], sections[2::2], strict=True):
        examples = re.findall(r"```toml\n(.*?)```", text.split("\n## ")[0], re.DOTALL)
        assert examples, key
        for example in examples:
            assert getattr(config_of(example), key) != getattr(Config(), key)


def test_the_first_example_of_the_documentation_is_accepted() -> None:
    match = re.search(r"```toml\n(.*?)```", DOCUMENTATION.read_text("utf-8"), re.DOTALL)
    assert match
    assert config_of(match[1]).languages == ("zh", "en")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('title = "Map', "1:13 DL901"),
        ('title = "Map"\nlanguages = [', "2:14 DL901"),
        ("a = 1\na = 2\n", "2:6 DL901"),
        ("a = " + "[" * 2000, "1:1 DL901 a"),
        ("a = " + "9" * 5000, "1:1 DL901 a"),
        ("date = 2026-02-30", "1:8 DL901 2"),
        ("title = 'a\x00'", "1:11 DL901"),
    ],
)
def test_what_is_no_toml_is_refused_at_its_place(text: str, place: str) -> None:
    [shown] = refused(text)
    assert shown.split(" ")[:2] == place.split(" ")[:2]


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("langauges = []", "did you mean `languages`?"),
        ("[chekc]\nDL501 = 'off'", "did you mean `check`?"),
        ("baseurl = ''", "did you mean `base_url`?"),
        ("zzz = 1", f"known keys: {', '.join(sorted(KEYS))}"),
    ],
)
def test_an_unknown_key_gets_the_nearest_known_one(text: str, help: str) -> None:
    assert message_of(text)[1] == help


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("title = 1", "1:1 DL903 title"),
        ("title = {en = 1}", "1:10 DL903 en"),
        ("[title]\nzh = '图'\nen = 1", "3:1 DL903 en"),
        ("title.en = 1", "1:7 DL903 en"),
        ('[title]\n"fr" = "Carte"', '2:1 DL904 "fr"'),
        ("description = []", "1:1 DL903 description"),
        ("languages = 'en'", "1:1 DL903 languages"),
        ("languages = [1]", "1:1 DL903 languages"),
        ("languages = ['fr']", "1:1 DL904 languages"),
        ("languages = ['en', 'en']", "1:1 DL904 languages"),
        ("base_url = 1", "1:1 DL903 base_url"),
        ("base_url = 'map'", "1:1 DL904 base_url"),
        ("base_url = 'javascript:alert(1)'", "1:1 DL904 base_url"),
        ("base_url = 'https://['", "1:1 DL904 base_url"),
        ("base_url = 'https://a/../b'", "1:1 DL904 base_url"),
        ("origin = true", "1:1 DL903 origin"),
        ("origin = 'a b'", "1:1 DL904 origin"),
        ("outline = '../other.md'", "1:1 DL904 outline"),
        ("outline = '/etc/passwd.md'", "1:1 DL904 outline"),
        ("outline = 'C:\\map.md'", "1:1 DL904 outline"),
        ("outline = 'map.txt'", "1:1 DL904 outline"),
        ("outline = 1.5", "1:1 DL903 outline"),
        ("flavor = 'jekyll'", "1:1 DL904 flavor"),
        ("repository = 'you/map'", "1:1 DL904 repository"),
        ("branch = 'a b'", "1:1 DL904 branch"),
        ("branch = '../x'", "1:1 DL904 branch"),
        ("redirects = 1", "1:1 DL903 redirects"),
        ("[redirects]\n'/a/' = 1", "2:1 DL903 '/a/'"),
        ("[redirects]\n'a.html' = '/b/'", "2:1 DL904 'a.html'"),
        ("[redirects]\n'/' = '/b/'", "2:1 DL904 '/'"),
        ("[redirects]\n'/../a' = '/b/'", "2:1 DL904 '/../a'"),
        ("[redirects]\n'/a//b' = '/b/'", "2:1 DL904 '/a//b'"),
        ("[redirects]\n'/a?b' = '/b/'", "2:1 DL904 '/a?b'"),
        ("[redirects]\n'/a' = 'javascript:alert(1)'", "2:1 DL904 '/a'"),
        ("[redirects]\n'/a' = '//evil.example/'", "2:1 DL904 '/a'"),
        ("check = 'off'", "1:1 DL903 check"),
        ("[check]\nDL000 = 'off'", "2:1 DL904 DL000"),
        ("[check]\nDL501 = 'fatal'", "2:1 DL904 DL501"),
        ("[check]\nDL501 = false", "2:1 DL904 DL501"),
        ("check = {DL501 = 1}", "1:10 DL904 DL501"),
        ("title = 2026-01-31", "1:1 DL903 title"),
        ('title = "a\\u0001b"', "1:1 DL904 title"),
        ('[description]\nen = "a\\u009b"', "2:1 DL904 en"),
        ('[redirects]\n"/a\\u0001" = "/b/"', "1:2 DL904 redirects"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_at_its_key(text: str, shown: str) -> None:
    assert refused(text) == [shown]


def test_every_mistake_is_reported_in_the_order_of_the_file() -> None:
    assert refused("flavor = 1\ntitel = ''\n\n[check]\nX = 'off'\n") == [
        "1:1 DL903 flavor",
        "2:1 DL902 titel",
        "5:1 DL904 X",
    ]


def test_a_key_of_a_table_is_not_taken_for_one_of_the_file() -> None:
    assert refused("[check]\ntitle = 'off'\n") == ["2:1 DL904 title"]
    assert refused("# title = 1\n[title]\nen = 'title'\n\n[check]\nen = 'off'\n") == ["6:1 DL904 en"]


def test_the_message_says_what_is_there_and_the_help_what_to_write() -> None:
    assert message_of("languages = 'en'") == (
        "`languages` must be a list of languages, not text",
        'write languages = ["zh", "en"]',
    )
    assert message_of("title = {en = 7}") == ("`title.en` must be text, not a number", 'write en = "…"')


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://you.github.io", "https://you.github.io/"),
        ("https://you.github.io/map", "https://you.github.io/map/"),
        ("http://127.0.0.1:8000/map/", "http://127.0.0.1:8000/map/"),
        ("http://[::1]:8000/", "http://[::1]:8000/"),
        ("https://例え.jp/深 度/", "https://xn--r8jz45g.jp/%E6%B7%B1%20%E5%BA%A6/"),
        ("https://x/a%20b", "https://x/a%20b/"),
        ("", None),
        ("you.github.io", None),
        ("ftp://x/", None),
        ("https://", None),
        ("https://me:secret@x/", None),
        ("https://x/?q", None),
        ("https://x/#f", None),
        ("https://x/./y", None),
        ("https://x/a//b", None),
    ],
)
def test_base_addresses_get_one_form(url: str, normal: str | None) -> None:
    assert normal_base_url(url) == normal


@given(st.text(max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    _, diagnostics = read_config(SourceFile("dlmap.toml", text))
    for diagnostic in diagnostics:
        assert diagnostic.span is not None
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)


@given(st.text(max_size=40))
def test_no_address_makes_it_raise(url: str) -> None:
    normal = normal_base_url(f"https://{url}")
    assert normal is None or (normal.isascii() and normal_base_url(normal) == normal)


def test_a_domain_tells_where_the_site_stands() -> None:
    config, diagnostics = read_config(SourceFile("dlmap.toml", 'domain = "地图.example.org"'))
    assert diagnostics == ()
    assert (config.domain, config.base_url) == ("xn--wcs7d.example.org", "https://xn--wcs7d.example.org/")
    written = 'domain = "map.example.org"\nbase_url = "https://map.example.org/deep/"'
    assert read_config(SourceFile("dlmap.toml", written))[0].base_url == "https://map.example.org/deep/"


@pytest.mark.parametrize(
    "domain", ["https://map.example.org", "map", "a b.org", "-a.org", "10.0.0.1", "a..org"]
)
def test_what_is_no_host_name_is_refused(domain: str) -> None:
    _, diagnostics = read_config(SourceFile("dlmap.toml", f'domain = "{domain}"'))
    assert [(d.code, d.span) for d in diagnostics] == [("DL904", Span(0, 6))]


def test_domain_and_base_address_must_agree() -> None:
    text = 'domain = "map.example.org"\nbase_url = "https://other.example.org/"'
    _, diagnostics = read_config(SourceFile("dlmap.toml", text))
    assert [(d.code, d.position and d.position.line) for d in diagnostics] == [("DL904", 2)]
