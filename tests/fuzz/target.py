"""What is done with a document in fuzzing: it is put into a site, which is understood and rendered as a build does."""

from __future__ import annotations

import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from dlmap.cache import Cache
from dlmap.config import ConfigError, SiteNotFoundError
from dlmap.load.discover import discover
from dlmap.load.site import Loader
from dlmap.render import RenderedSite, Templates
from dlmap.site import plan_site
from dlmap.site.page_types import reserved_ids
from dlmap.text import CATALOGUE, Severity
from dlmap.text.report import FORMATS
from dlmap.theme import Theme

PLACES = {
    "outline": "content/outline.zh.md",
    "translation": "content/outline.en.md",
    "article": "content/articles/post.md",
    "note": "content/notes/vgg.zh.md",
    "registry": "content/methods.yml",
    "translations": "content/translations.yml",
    "config": "dlmap.toml",
}
"""Where the document of each kind stands."""
AROUND = {
    "outline": "# 视觉 (Vision)\n\n## 骨干 (Backbones)\n\n### 卷积 (Convolution)\n\n滤波，如 **VGG**, **ResNet**。\n",
    "translation": "# Vision\n\n## Backbones\n\n### Convolution\n\nFilters, such as **VGG**, **ResNet**.\n",
    "registry": "vgg:\n  name: VGG\n  year: 2014\n",
    "config": "",
}
"""What stands in the others."""


class LinkTarget:
    """Takes one document after another; a context manager."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="dlmap-fuzz-")
        self._loader = Loader(Cache.open(None), reserved_ids=reserved_ids())

    def __enter__(self) -> Self:
        self._loader.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._loader.__exit__(kind, error, traceback)
        self._folder.cleanup()

    def take(self, kind: str, document: bytes, *, render: bool) -> str:
        """Understand a site with this document in it, and `render` its pages; says how it ended: `0`, `1` or `2`.

        Whatever else comes out, an exception or a diagnostic that speaks of no text, is a fault.
        """
        folder = Path(self._folder.name)
        for other, place in PLACES.items():
            file = folder / place
            file.parent.mkdir(parents=True, exist_ok=True)
            if other == kind:
                file.write_bytes(document)
            elif other in AROUND:
                file.write_text(AROUND[other], "utf-8")
            else:
                file.unlink(missing_ok=True)
        try:
            sources = discover(folder)
            made = self._loader.load(sources)
        except (ConfigError, SiteNotFoundError):
            return "2"
        for diagnostic in made.diagnostics:
            assert diagnostic.code in CATALOGUE
            assert diagnostic.message
            if diagnostic.source is not None and diagnostic.span is not None:
                assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(diagnostic.source.text)
        for form in FORMATS.values():
            form(made.diagnostics)
        if render and not made.is_empty:
            site = plan_site(made.taxonomy, made.config, made.articles)
            theme = Theme.for_site(sources.folder)
            for file in RenderedSite(site, Templates(theme), made.formulas.results).files({}, jobs=1):
                assert file.content is not None
        return "1" if any(found.severity is Severity.ERROR for found in made.diagnostics) else "0"
