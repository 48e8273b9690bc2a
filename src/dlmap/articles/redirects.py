"""The addresses at which a blog has shown its posts, as pages that lead to the new ones."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from urllib.parse import unquote

from dlmap.articles.model import ArticleText, bare_source
from dlmap.articles.translations import Article
from dlmap.config import is_site_path
from dlmap.text import Diagnostic, Span

_OWN_FOLDERS = frozenset({"assets", "files"})
_OWN_FILES = frozenset(
    {
        *("", "index.html", "404.html", ".nojekyll", "CNAME", "robots.txt", "search.json", "sitemap.xml"),
        *("taxonomy.json", "taxonomy.jsonld", "taxonomy.ttl"),
    }
)
# A preview comes to the same addresses after every edit.
_REMEMBERED = 1 << 15


def old_addresses(
    entries: Sequence[Article], languages: Sequence[str], outlines: Iterable[str] = ()
) -> tuple[Mapping[str, str], tuple[Diagnostic, ...]]:
    """Site path of each old address to the path of the entry it leads to; what cannot be one is reported.

    The addresses of the outline lead to the home page, whose path is empty.
    """
    made: dict[str, str] = {}
    plan = _Plan({*languages, *_OWN_FOLDERS})
    diagnostics: list[Diagnostic] = []
    for address in outlines:
        if plan.add(path := _path(address)):
            made[path] = ""
    for entry in reversed(entries):  # what was there first keeps its address
        for text in entry.texts.values():
            for path in dict.fromkeys(map(_path, text.addresses)):
                if made.get(path) == entry.path:
                    continue
                if plan.add(path):
                    made[path] = entry.path
                else:
                    diagnostics.append(_refused(path, text))
    return made, tuple(diagnostics)


class _Plan:
    """The files that are to be written, none of which may be a folder too."""

    def __init__(self, own: set[str]) -> None:
        self.own = own
        self.files: set[str] = set()
        self.folders = set(own)

    def add(self, path: str) -> bool:
        """Whether the path is free; then it is so no longer."""
        file = f"{path}index.html" if path.endswith("/") else path
        above = _folders(file)
        if not _is_usable(file) or file in self.files or file in self.folders:
            return False
        if not self.files.isdisjoint(above) or not self.own.isdisjoint(above):
            return False
        self.files.add(file)
        self.folders |= above
        return True


def _refused(path: str, text: ArticleText) -> Diagnostic:
    return Diagnostic(
        "DL324",
        f"nothing can be redirected from `/{path[:80]}`: it is not an address, or is in use",
        "write another `permalink` or alias",
        bare_source(text),
        Span(0, 0),
    )


@lru_cache(_REMEMBERED)
def _path(address: str) -> str:
    """A site path: Jekyll writes `/about` into `about.html`."""
    path = f"/{unquote(address).lstrip('/')}"
    path = f"{path.removesuffix('/index.html')}/"[1:] if path.endswith("/index.html") else path[1:]
    return path if not path or path.endswith("/") or "." in posixpath.basename(path) else f"{path}.html"


@lru_cache(_REMEMBERED)
def _folders(file: str) -> frozenset[str]:
    steps = file.split("/")[:-1]
    return frozenset("/".join(steps[:depth]) for depth in range(1, len(steps) + 1))


@lru_cache(_REMEMBERED)
def _is_usable(file: str) -> bool:
    return file not in _OWN_FILES and is_site_path(f"/{file}")
