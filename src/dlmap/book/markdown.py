"""The map as Markdown: the files that stand beside the pages, or one that holds all concepts."""

from __future__ import annotations

from collections.abc import Iterator

from dlmap.render import RenderedSite


def as_markdown(rendered: RenderedSite, lang: str) -> bytes:
    """The text of all concepts in one language; links lead from the root of the site, or to its address if it has one."""
    return rendered.whole_text(lang)


def markdown_files(rendered: RenderedSite, lang: str) -> Iterator[tuple[str, bytes]]:
    """Every page in one language as Markdown, by its site path; links between them are relative."""
    for page in rendered.site.pages:
        if page.markdown_path and page.lang == lang:
            content = rendered.content(page.markdown_path)
            assert isinstance(content, bytes)
            yield page.markdown_path, content
