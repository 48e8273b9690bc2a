"""A site's own look: any file of the theme replaced or extended, its own styles, its own colours; and the example."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright import sync_api

from dlmap import build
from dlmap.cli import main
from support.axe import failures
from support.checkout import ROOT
from support.npm import npm_file
from support.program import run
from support.site_check import check_site
from support.static_host import hosted
from support.web_page import attributes, read_html

OUTLINE = "# 视觉 (Vision)\n\n## 骨干 (Backbones)\n\n### 卷积 (Convolution)\n\n包括**ResNet**，$x$。\n"
EXAMPLE = ROOT / "examples" / "sorting"
COLOURS = ("paper", "tint", "ink", "soft", "line", "accent")
"""The public contract of docs/theming.md."""


def write_files(site: Path, files: dict[str, str]) -> None:
    for name, text in {"content/outline.zh.md": OUTLINE, **files}.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, "utf-8")


def made(folder: Path, files: dict[str, str]) -> Path:
    """The published folder of a small site with these files."""
    write_files(folder / "site", files)
    assert build(folder / "site", folder / "published").published
    return folder / "published"


@pytest.mark.parametrize(
    "escape",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ '{0.__class__}'.format(1) }}",
        "{{ self.__init__.__globals__ }}",
        "{{ lipsum.__globals__['os'].system('id') }}",
        "{{ url.__globals__ }}",
        "{{ words.__self__.__init__ }}",
        "{{ t.args }}",
        "{{ t.func }}",
    ],
)
def test_a_template_cannot_leave_the_sandbox(tmp_path: Path, escape: str) -> None:
    source = tmp_path / "site"
    write_files(source, {"templates/_footer.html": f"<footer>\n{escape}\n</footer>\n"})
    done = run("build", "site", "-o", "published", cwd=tmp_path)
    assert done.returncode == 1
    assert "templates/_footer.html:2: " in done.stderr
    assert "is unsafe" in done.stderr
    assert not (tmp_path / "published").exists()


def test_templates_that_are_trusted_run_outside_the_sandbox(tmp_path: Path) -> None:
    footer = "<footer>{{ ''.__class__.__name__ }}</footer>\n"
    site = made(tmp_path, {"templates/_footer.html": footer, "dlmap.toml": "trusted_templates = true\n"})
    assert "<footer>str</footer>" in (site / "zh" / "index.html").read_text("utf-8")


REPLACED = {
    "static/site.css": "assets/site.css",
    "static/copy.js": "assets/copy.js",
    "static/favicon.svg": "assets/favicon.svg",
    "static/icons/192.png": "assets/icons/192.png",
    "templates/method.html": "zh/resnet/index.html",
    "templates/_footer.html": "zh/index.html",
    "templates/redirect.html": "old/index.html",
    "templates/sw.js": "sw.js",
    "templates/404.html": "404.html",
}


def test_any_file_is_replaced_by_one_at_the_same_path(tmp_path: Path) -> None:
    files = {name: f"mine: {name}" for name in REPLACED}
    published = made(tmp_path, {**files, "dlmap.toml": '[redirects]\n"/old/" = "/zh/"\n'})
    shown = {name: (published / path).read_text("utf-8") for name, path in REPLACED.items()}
    assert [name for name, text in shown.items() if f"mine: {name}" not in text] == []


def test_words_are_replaced_one_by_one(tmp_path: Path) -> None:
    published = made(tmp_path, {"templates/strings/zh.toml": 'methods = "算法"\n'})
    html = (published / "zh" / "index.html").read_text("utf-8")
    assert ">算法</a>" in html
    assert ">地图</a>" in html, "what the site does not say, the theme says"


def test_a_template_extends_the_one_it_replaces(tmp_path: Path) -> None:
    files = {
        "templates/base.html": '{% extends "default/base.html" %}\n'
        '{% block footer %}<p id="mine">{{ site.title[lang] }}</p>{{ super() }}{% endblock %}\n',
        "templates/family.html": '{% extends "default/family.html" %}\n'
        "{% block after_body %}{{ super() }}<p>after {{ view.ref.id }}</p>{% endblock %}\n",
    }
    published = made(tmp_path, files)
    html = (published / "zh" / "convolution" / "index.html").read_text("utf-8")
    assert "<p>after convolution</p>" in html
    assert html.index('id="mine"') < html.index('<footer class="foot"')
    assert 'id="mine"' in (published / "404.html").read_text("utf-8")


def test_every_documented_block_can_be_filled(tmp_path: Path) -> None:
    table = (ROOT / "docs" / "theming.md").read_text("utf-8").partition("| Block |")[2].partition("\n\n")[0]
    blocks = re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE)
    assert set(blocks) == set(
        re.findall(r"{% block (\w+) %}", (ROOT / "templates" / "base.html").read_text("utf-8"))
    )
    filled = "".join(f"{{% block {block} %}}my-{block}{{% endblock %}}" for block in blocks)
    published = made(tmp_path, {"templates/404.html": '{% extends "default/base.html" %}' + filled})
    html = (published / "404.html").read_text("utf-8")
    assert [block for block in blocks if f"my-{block}" not in html] == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("_footer.html", "a\n{{ nothing.at }}\n", "templates/_footer.html:2: UndefinedError"),
        (
            "_footer.html",
            "a\n{{ t('nothing') }}\n",
            "templates/strings/zh.toml: there are no words for `nothing`",
        ),
        (
            "strings/zh.toml",
            'n_methods = "{m} 个"\n',
            "templates/strings/zh.toml: `n_methods` cannot be filled in",
        ),
        ("strings/zh.toml", "home = 1\n", "templates/strings/zh.toml: `home` must be text"),
        ("_bar.html", "x", "templates/_bar.html: this template is called `_navbar.html` now"),
        (
            "404.html",
            "{% include '_head.html' %}",
            "there is no template `_head.html`, which `404.html` includes; it is",
        ),
        ("_footer.html", "a\n\n{% if %}\n", "templates/_footer.html:3: TemplateSyntaxError"),
        ("base.html", '{% extends "defalt/base.html" %}\n', "there is no template `defalt/base.html`"),
        ("strings/zh.toml", 'home = "x\n', "templates/strings/zh.toml: "),
    ],
)
def test_a_broken_file_is_told_by_its_place(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    text: str,
    said: str,
) -> None:
    (tmp_path / "templates" / "strings").mkdir(parents=True)
    (tmp_path / "outline.zh.md").write_text(OUTLINE, "utf-8")
    (tmp_path / "templates" / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["dlmap", "build"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    told = capsys.readouterr().err
    assert f"error: {said}" in told
    assert "not a problem of your site" not in told


def test_words_that_one_language_lacks_are_told_with_file_key_and_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "templates" / "strings").mkdir(parents=True)
    zh, en = "# 部 (Part)\n\n## 类 (Type)\n\n文。\n", "# Part\n\n## Type\n\nText.\n"
    for lang, text in (("zh", zh), ("en", en)):
        (tmp_path / f"outline.{lang}.md").write_text(text, "utf-8")
    (tmp_path / "templates" / "strings" / "zh.toml").write_text('motto = "一图"\n', "utf-8")
    (tmp_path / "templates" / "_footer.html").write_text("<footer>\n{{ t('motto') }}</footer>\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["dlmap", "build"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    lines = capsys.readouterr().err.splitlines()
    at = next(index for index, line in enumerate(lines) if line.startswith("error: templates"))
    first, second = lines[at : at + 2]
    assert first.startswith("error: templates/strings/en.toml: there are no words for `motto`")
    assert "motto = '一图'" in first
    assert second == "  in templates/_footer.html:2"


def test_styles_of_the_site_come_last_on_every_page(tmp_path: Path) -> None:
    published = made(tmp_path, {"static/custom.css": "p { color: red }"})
    for file in published.rglob("*.html"):
        page = read_html(file)
        if page.css("meta[http-equiv=refresh]"):
            continue
        sheets = attributes(page, "link[rel=stylesheet]", "href")
        assert sheets[-1].endswith("assets/custom.css"), file
    (tmp_path / "site" / "static" / "custom.css").unlink()
    assert build(tmp_path / "site", published).published
    assert "custom.css" not in (published / "zh" / "index.html").read_text("utf-8")


def rgb(index: int, scheme: str) -> str:
    """A colour that only one property has in only one scheme."""
    return f"rgb({40 + index}, {index}, {120 if scheme == 'light' else 20})"


# Where a reader sees each of the six: an element, and the property of it.
SEEN = {
    "paper": ("html", "background-color"),
    "tint": (".note", "background-color"),
    "ink": ("html", "color"),
    "soft": (".kind", "color"),
    "line": (".bar", "border-bottom-color"),
    "accent": (".prose b a", "color"),
}


def test_each_of_the_six_colours_is_seen(tmp_path: Path, browser: sync_api.Browser) -> None:
    """In light and dark, whether the system or the reader has chosen it."""
    css = "".join(
        f"--{name}: light-dark({rgb(index, 'light')}, {rgb(index, 'dark')});"
        for index, name in enumerate(COLOURS)
    )
    sheet = f":root {{ {css} }}\n.note {{ background: var(--tint) }}\n"
    footer = '{% extends "default/base.html" %}{% block footer %}<p class="note">x</p>{% endblock %}'
    published = made(tmp_path, {"static/custom.css": sheet, "templates/base.html": footer})
    page = browser.new_page(service_workers="block")
    with hosted(published) as address:
        page.goto(address + "zh/convolution/")
        for system, chosen in (("light", ""), ("dark", ""), ("light", "dark"), ("dark", "light")):
            page.emulate_media(color_scheme="dark" if system == "dark" else "light")
            page.evaluate("chosen => document.documentElement.dataset.theme = chosen", chosen)
            seen = {
                name: page.locator(where).first.evaluate(f"e => getComputedStyle(e)['{what}']")
                for name, (where, what) in SEEN.items()
            }
            assert seen == {name: rgb(index, chosen or system) for index, name in enumerate(COLOURS)}
    page.close()


def test_the_documented_colours_are_those_of_the_style_sheet() -> None:
    documented = re.findall(
        r"^\| `--([a-z-]+)` \|", (ROOT / "docs" / "theming.md").read_text("utf-8"), re.MULTILINE
    )
    assert tuple(documented) == COLOURS
    css = (ROOT / "static" / "site.css").read_text("utf-8")
    for block in re.findall(r":where\(:root[^{]*\{([^}]*)\}", css):
        assert set(re.findall(r"--([a-z]+): #", block)) == set(COLOURS)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published folder of the example theme."""
    output = tmp_path_factory.mktemp("example") / "site"
    result = build(EXAMPLE, output, strict=True, cache=False)
    assert result.published, [(d.file, d.message) for d in result.diagnostics]
    return output


def test_the_example_has_no_defect(example: Path) -> None:
    check_site(example)
    assert "代价都按元素的个数" in (example / "zh" / "quicksort" / "index.html").read_text("utf-8")
    assert (example / "assets" / "favicon.svg").read_bytes() == (EXAMPLE / "static/favicon.svg").read_bytes()


def test_axe_finds_nothing_in_the_example(example: Path, browser: sync_api.Browser) -> None:
    """Contrast first of all: its colours are its own."""
    axe = npm_file("axe-core/axe.min.js").read_text("utf-8")
    page = browser.new_page(service_workers="block")
    found: list[str] = []
    with hosted(example) as address:
        for path in ("en/", "zh/exchange/", "en/about/"):
            page.goto(address + path)
            page.evaluate(axe)
            page.emulate_media(color_scheme="light")
            found += failures(page)
            page.emulate_media(color_scheme="dark")
            found += failures(page)
    page.close()
    assert found == []
