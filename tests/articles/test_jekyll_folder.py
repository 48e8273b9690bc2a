"""A Jekyll folder without `dlmap.toml` becomes a map, and nothing is left behind in its repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from dlmap import build
from support.program import run
from support.web_page import attributes, read_html

NAMES = ("vae", "gan", "flow", "diffusion")
LINKS = "\n\n".join(
    f"### {name.upper()}\n\nThe **{name.upper()}Net** ([post](/2022/01/0{day}/{name}.html))."
    for day, name in enumerate(NAMES, 1)
)
CONFIG = "title: My blog\nurl: https://you.example\nbaseurl: /notes\npermalink: pretty\n"


def blog(folder: Path, config: str | None = CONFIG, outline: str = LINKS) -> Path:
    posts = folder / "_posts"
    (posts / "old").mkdir(parents=True)
    for day, name in enumerate(NAMES, 1):
        text = f"---\ntitle: On {name}\n---\n\nSee [the next](/2022/01/01/vae.html).\n"
        (posts / "old" / f"2022-01-0{day}-{name}.md").write_text(text, "utf-8")
    (posts / "2021-01-01-overview.md").write_text(f"# Models\n\n## Generative\n\n{outline}\n", "utf-8")
    if config is not None:
        (folder / "_config.yml").write_text(config, "utf-8")
    return folder


def test_the_post_that_links_to_the_others_is_the_outline(tmp_path: Path) -> None:
    done = run("build", cwd=blog(tmp_path))
    assert done.returncode == 0, done.stderr
    assert "hint: _posts/2021-01-01-overview.md is the outline: it links to 4 other posts" in done.stderr
    assert 'write outline = "_posts/NAME.md" into dlmap.toml' in done.stderr
    site = tmp_path / ".dlmap" / "site"
    home = read_html(site / "en" / "index.html")
    assert attributes(home, "link[rel=canonical]", "href") == ["https://you.example/notes/en/"]
    assert "My blog" in home.text()
    assert (site / "en" / "map" / "index.html").is_file()
    assert (site / "en" / "articles" / "gan" / "index.html").is_file()
    for old in ("2022/01/02/gan/index.html", "2022/01/02/gan.html", "2021/01/01/overview/index.html"):
        assert (site / old).is_file(), old


def test_git_sees_nothing_of_a_build_in_a_blog(tmp_path: Path) -> None:
    folder = blog(tmp_path)
    before = {file.name for file in folder.iterdir()}
    subprocess.run(["git", "init", "-q", folder], check=True)
    subprocess.run(["git", "-C", folder, "add", "-A"], check=True)
    assert run("build", cwd=folder).returncode == 0
    status = subprocess.run(
        ["git", "-C", folder, "status", "--short"], check=True, capture_output=True, text=True
    )
    assert not [line for line in status.stdout.splitlines() if not line.startswith("A ")]
    assert {file.name for file in folder.iterdir()} == before | {".git", ".dlmap"}


def test_a_changed_permalink_is_noticed(tmp_path: Path) -> None:
    folder = blog(tmp_path / "blog")
    site = tmp_path / "site"
    assert build(folder, site).published
    assert (site / "2022/01/02/gan/index.html").is_file()
    (folder / "_config.yml").write_text(CONFIG.replace("pretty", "/:title.html"), "utf-8")
    done = run("build", "-o", str(site), cwd=folder)
    assert done.returncode == 0, done.stderr
    assert (site / "gan.html").is_file()
    assert not (site / "2022/01/02/gan/index.html").exists()


@pytest.mark.parametrize("config", [None, "title: [", "- a list\n", "url: 'no address'\nbaseurl: ///\n"])
def test_a_blog_without_usable_settings_is_a_map_without_an_address(
    config: str | None, tmp_path: Path
) -> None:
    result = build(blog(tmp_path / "blog", config), tmp_path / "site")
    assert result.published
    assert result.concepts
    assert any("base_url" in hint for hint in result.hints)


def test_posts_that_link_to_few_others_are_no_outline(tmp_path: Path) -> None:
    result = build(blog(tmp_path / "blog", outline=LINKS.partition("### FLOW")[0]), tmp_path / "site")
    assert (result.articles, result.concepts) == (5, 0)


def test_settings_of_dlmap_come_first(tmp_path: Path) -> None:
    folder = blog(tmp_path / "blog")
    (folder / "dlmap.toml").write_text('outline = "_posts/2021-01-01-overview.md"\n', "utf-8")
    done = run("build", cwd=folder)
    assert "is the outline" not in done.stderr
    assert (folder / "site" / "en" / "map" / "index.html").is_file()
