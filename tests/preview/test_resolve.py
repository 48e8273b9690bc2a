"""Which file of a site a path names, as GitHub Pages finds it."""

from pathlib import Path

import pytest

from dlmap.preview import PreviewOptions
from dlmap.preview.resolver import Redirect, path_segments, resolve

PATHS = {
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
}


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
        ("/zh/%E6%B3%A8%E6%84%8F%E5%8A%9B%20%E6%9C%BA%E5%88%B6/", "zh/注意力 机制/index.html"),
    ],
)
def test_finds_files(path: str, expected: str) -> None:
    assert resolve(PATHS, path.encode(), "/") == expected
    assert resolve(PATHS, b"/repo" + path.encode(), "/repo/") == expected


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
def test_sends_a_folder_to_its_slash(path: str, expected: str) -> None:
    assert resolve(PATHS, path.encode(), "/") == Redirect(expected)
    assert resolve(PATHS, b"/repo" + path.encode(), "/repo/") == Redirect("/repo" + expected)


@pytest.mark.parametrize("path", ["/bare/", "/page/", "/page.html/", "/robots.txt/x", "/none", "/ZH/", ""])
def test_finds_nothing(path: str) -> None:
    assert resolve(PATHS, path.encode(), "/") is None


def test_base_path_without_its_slash_is_sent_to_it() -> None:
    assert resolve(PATHS, b"/repo", "/repo/") == Redirect("/repo/")
    assert resolve(PATHS, b"/", "/repo/") is None
    assert resolve(PATHS, b"/repository/", "/repo/") is None


def test_base_path_may_be_percent_encoded() -> None:
    assert resolve(PATHS, b"/%E5%9B%BE/zh/", "/%E5%9B%BE/") == "zh/index.html"
    assert resolve(PATHS, b"/%e5%9b%be/zh", "/%E5%9B%BE/") == Redirect("/%E5%9B%BE/zh/")
    assert resolve(PATHS, b"/%e5%9b%be", "/%E5%9B%BE/") == Redirect("/%E5%9B%BE/")


@pytest.mark.parametrize(
    "path",
    ["/a\\b", "/%5c", "/a%2Fb", "/a%00", "/%1f", "/%", "/%g0", "//zh/", "/zh//", "/c:/", "/.x", "/x./"],
)
def test_refuses_what_no_page_is_called(path: str) -> None:
    assert path_segments(path.encode(), "/") is None


@pytest.mark.parametrize("base_path", ["", "repo/", "/repo", "//", "/a b/", "/{x}/", "/图/", '/"/'])
def test_options_refuse_a_wrong_base_path(base_path: str) -> None:
    with pytest.raises(ValueError, match="base path"):
        PreviewOptions(Path(), (), (), base_path=base_path)
