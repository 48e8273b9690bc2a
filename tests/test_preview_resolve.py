"""Which file of a site a path names: as GitHub Pages finds it, and never one outside."""

from pathlib import Path

import pytest

from dlmap.preview import PreviewOptions
from dlmap.preview.resolver import Found, Moved, error_page, path_segments, resolve


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web").resolve() / "site"
    for name in (
        "index.html",
        "404.html",
        "robots.txt",
        "LICENSE",
        "zh/index.html",
        "zh/注意力 机制/index.html",
        "page.html",
        "both.html",
        "both/index.html",
        "bare/other.html",
    ):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name, encoding="utf-8")
    (folder / "inside").symlink_to("zh")
    (folder / "circle").symlink_to("circle")
    return folder


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", "index.html"),
        ("/index.html", "index.html"),
        ("/robots.txt", "robots.txt"),
        ("/LICENSE", "LICENSE"),
        ("/zh/", "zh/index.html"),
        ("/zh/index", "zh/index.html"),
        ("/page", "page.html"),
        ("/both", "both.html"),
        ("/both/", "both/index.html"),
        ("/inside/", "zh/index.html"),
        ("/zh/%E6%B3%A8%E6%84%8F%E5%8A%9B%20%E6%9C%BA%E5%88%B6/", "zh/注意力 机制/index.html"),
    ],
)
def test_finds_files(root: Path, path: str, expected: str) -> None:
    assert resolve(root, path.encode(), "/") == Found(root / expected)
    assert resolve(root, b"/repo" + path.encode(), "/repo/") == Found(root / expected)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/zh", "/zh/"),
        ("/bare", "/bare/"),
        (
            "/zh/%E6%B3%A8%E6%84%8F%E5%8A%9B%20%E6%9C%BA%E5%88%B6",
            "/zh/%E6%B3%A8%E6%84%8F%E5%8A%9B%20%E6%9C%BA%E5%88%B6/",
        ),
    ],
)
def test_sends_a_folder_to_its_slash(root: Path, path: str, expected: str) -> None:
    assert resolve(root, path.encode(), "/") == Moved(expected)
    assert resolve(root, b"/repo" + path.encode(), "/repo/") == Moved("/repo" + expected)


@pytest.mark.parametrize(
    "path", ["/bare/", "/page/", "/page.html/", "/robots.txt/x", "/none", "/circle", "/ZH/", ""]
)
def test_finds_nothing(root: Path, path: str) -> None:
    assert resolve(root, path.encode(), "/") is None


def test_base_path_without_its_slash_is_sent_to_it(root: Path) -> None:
    assert resolve(root, b"/repo", "/repo/") == Moved("/repo/")
    assert resolve(root, b"/", "/repo/") is None
    assert resolve(root, b"/repository/", "/repo/") is None


def test_base_path_may_be_percent_encoded(root: Path) -> None:
    assert resolve(root, b"/%E5%9B%BE/zh/", "/%E5%9B%BE/") == Found(root / "zh/index.html")
    assert resolve(root, b"/%e5%9b%be/zh", "/%E5%9B%BE/") == Moved("/%E5%9B%BE/zh/")
    assert resolve(root, b"/%e5%9b%be", "/%E5%9B%BE/") == Moved("/%E5%9B%BE/")


@pytest.mark.parametrize(
    "path",
    ["/a\\b", "/%5c", "/a%2Fb", "/a%00", "/%1f", "/%", "/%g0", "//zh/", "/zh//", "/c:/", "/.x", "/x./"],
)
def test_refuses_what_no_page_is_called(path: str) -> None:
    assert path_segments(path.encode(), "/") is None


def test_missing_site(tmp_path: Path) -> None:
    assert resolve(tmp_path / "none", b"/", "/") is None
    assert error_page(tmp_path / "none") is None


def test_site_may_be_a_link(root: Path, tmp_path: Path) -> None:
    link = tmp_path / "site"
    link.symlink_to(root)
    assert resolve(link, b"/zh/", "/") == Found(root / "zh/index.html")


@pytest.mark.parametrize("base_path", ["", "repo/", "/repo", "//", "/a b/", "/{x}/", "/图/", '/"/'])
def test_options_refuse_a_wrong_base_path(base_path: str) -> None:
    with pytest.raises(ValueError, match="base path"):
        PreviewOptions(site=Path("site"), watch=(), ignore=(), base_path=base_path)
