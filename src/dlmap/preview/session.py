"""Preview a site: load, plan and render it again after each change, as far as files have changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from dlmap.cache import Cache
from dlmap.config import ConfigError, SiteNotFoundError
from dlmap.load.discover import Sources, discover
from dlmap.load.site import LoadedSite, Loader
from dlmap.math import katex_assets
from dlmap.preview.api import PreviewOptions, RebuildResult
from dlmap.preview.runner import run_preview
from dlmap.render import CompiledTemplates, RenderedSite, Templates
from dlmap.site import Site, plan_site
from dlmap.site.page_types import reserved_ids
from dlmap.text.count import count
from dlmap.text.report import count_errors
from dlmap.theme import Theme, default_theme_root
from dlmap.up_to_date import BuildRequest, is_output


def preview_site(  # noqa: PLR0913 - one for each option of the command line
    path: Path,
    *,
    announce: Callable[[str], None],
    host: str = "127.0.0.1",
    port: int = 8000,
    base_url: str = "",
    jobs: int = 1,
    drafts: bool = False,
    open_browser: bool = False,
    is_terminal: bool = False,
) -> int:
    """Preview the site at `path` until Ctrl-C; returns the exit code.

    `announce` prints a line.  Raises `SiteNotFoundError` and `ConfigError`, and `ListenError` as `run_preview` does.
    """
    base_path = urlsplit(base_url).path or "/"
    sources = discover(path)
    theme = Theme.for_site(sources.folder)
    with (
        Cache.open(BuildRequest(path, None).cache_folder) as cache,
        Loader(cache, reserved_ids=reserved_ids(), jobs=jobs) as loader,
    ):
        session = PreviewSession(path, base_path, loader, theme, drafts=drafts)
        options = PreviewOptions(
            folder=sources.folder,
            watch=(*sources.watched, *theme.folders),
            # Pages, theme and libraries: a file elsewhere that a symbolic link leads to is not sent.
            roots=(sources.folder, default_theme_root() / "static", katex_assets().parent),
            is_output=is_output,
            host=host,
            port=port,
            base_path=base_path,
            editor=lambda: session.editor,
            open_browser=open_browser,
            is_terminal=is_terminal,
        )
        return run_preview(options, session.rebuild, announce=announce)


class PreviewSession:
    """Rebuilds a site after each change, reusing everything that did not change."""

    def __init__(
        self, path: Path, base_path: str, loader: Loader, theme: Theme, *, drafts: bool = False
    ) -> None:
        self._path = path
        # Only the path matters: pages link to each other relatively.
        self._base_url = f"http://localhost{base_path}"
        self._loader = loader
        self._theme = theme
        self._drafts = drafts
        self.editor = ""
        """The URL template of the author's editor, from the current configuration."""
        self._compiled = CompiledTemplates()
        self._templates: Templates | None = None
        """None if they have to be looked for again."""
        self._trusted = False
        self._text_files: frozenset[str] = frozenset()
        """Files that can be edited without changing the set of source files."""
        self._sources: Sources | None = None
        """None if the files have to be discovered again."""
        self._loaded: tuple[LoadedSite, Site] | None = None
        """The result of the last load; None if it failed."""

    def rebuild(self, changed: tuple[str, ...]) -> RebuildResult:
        """The site as it is now; a missing or misconfigured site is a failed result and no exception."""
        template_folders = _resolved(self._theme.template_folders)
        if any(_is_below(path, template_folders) for path in changed):
            # The last site keeps its own; a new template of the site may override one of the theme.
            self._templates = None
        # Symbolic links are excluded: one that leads out of the site has to be reported.
        theme_folders = _resolved(self._theme.folders)
        is_theme_only = all(
            _is_below(path, theme_folders) and not Path(path).is_symlink() for path in changed
        )
        if not is_theme_only or self._loaded is None:
            self._loaded = None
            result = self._load(frozenset(changed))
            if isinstance(result, RebuildResult):
                return result
            self._loaded = result
        loaded, site = self._loaded
        templates = self._current_templates(trusted=loaded.config.trusted_templates)
        rendered = RenderedSite(site, templates, loaded.formulas.results)
        return RebuildResult(True, rendered, loaded.diagnostics, count(len(site.pages), "page"))

    def _current_templates(self, *, trusted: bool) -> Templates:
        if self._templates is None or self._trusted != trusted:
            self._templates = Templates(self._theme, self._compiled, trusted=trusted)
            self._trusted = trusted
        return self._templates

    def _load(self, changed: frozenset[str]) -> tuple[LoadedSite, Site] | RebuildResult:
        """Load the changed files and plan the site; a result without a site if that is impossible."""
        if not all(path in self._text_files and _is_regular_file(path) for path in changed):
            self._sources = None
        try:
            self._sources = self._sources or self._discover()
            loaded = self._loader.load(self._sources, drafts=self._drafts)
            self._text_files = loaded.text_files
        except ConfigError as error:
            return RebuildResult(False, None, error.diagnostics, "the configuration cannot be used")
        except SiteNotFoundError as error:
            return RebuildResult(False, None, (), str(error))
        if errors := count_errors(loaded.diagnostics):
            return RebuildResult(False, None, loaded.diagnostics, count(errors, "error"))
        if loaded.is_empty:
            return RebuildResult(False, None, loaded.diagnostics, "there is nothing to show")
        return loaded, plan_site(loaded.taxonomy, loaded.config, loaded.articles, self._loader.cache)

    def _discover(self) -> Sources:
        sources = discover(self._path, self._base_url)
        self.editor = sources.config.editor
        # Browsers would keep the pages of a preview after it has ended.
        return replace(sources, config=replace(sources.config, offline=False))


def _is_regular_file(path: str) -> bool:
    return Path(path).is_file() and not Path(path).is_symlink()


def _resolved(folders: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(folder.resolve() for folder in folders)


def _is_below(path: str, folders: Iterable[Path]) -> bool:
    return any(map(Path(path).is_relative_to, folders))
