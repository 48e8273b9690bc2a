"""`dlmap export`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from dlmap.book import (
    BrowserFailedError,
    NoBrowserError,
    as_html,
    as_markdown,
    as_pdf,
    find_browser,
    markdown_files,
)
from dlmap.cache import Cache
from dlmap.cli.shared import (
    base_url_option,
    checked_base_url,
    count,
    jobs_option,
    reason,
    report,
    site_argument,
    usage_errors,
)
from dlmap.config import LANGUAGES
from dlmap.exports import FORMATS, ExportFormat, archive
from dlmap.load.discover import Sources, discover
from dlmap.load.site import Loader
from dlmap.publish import check_file, write_file
from dlmap.render import RenderedSite, Templates
from dlmap.site import plan_site
from dlmap.site.page_types import reserved_ids
from dlmap.text import Severity
from dlmap.theme import Theme
from dlmap.up_to_date import BuildRequest


@dataclass(frozen=True, slots=True)
class _Form:
    """How one format is made."""

    make: Callable[[RenderedSite, str], bytes]
    """Of the site in a language; empty where the format has all languages.  KeyError: the site has nothing of it."""
    name: str
    """The name of the file where the user gives none; `{lang}` stands for the language."""
    by_language: bool = False
    is_text: bool = True


def _published(form: ExportFormat, rendered: RenderedSite, lang: str) -> bytes:
    """The very bytes that the site has."""
    return rendered.site.data[form.file(lang)]()


def _zipped(rendered: RenderedSite, lang: str) -> bytes:
    return archive(markdown_files(rendered, lang))


def _printed(rendered: RenderedSite, lang: str) -> bytes:
    browser = find_browser()
    return as_pdf(as_html(rendered, lang), browser)


_FORMS: Mapping[str, _Form] = {
    **{
        form.name: _Form(
            partial(_published, form), form.path.rsplit("/", 1)[-1], form.by_language, form.is_text
        )
        for form in FORMATS
    },
    "markdown": _Form(as_markdown, "map.{lang}.md", by_language=True),
    "markdown-files": _Form(_zipped, "map.{lang}.zip", by_language=True, is_text=False),
    "html": _Form(as_html, "map.{lang}.html", by_language=True),
    "pdf": _Form(_printed, "map.{lang}.pdf", by_language=True, is_text=False),
}


@click.command(
    "export",
    epilog="""\b
    Examples:
      dlmap export --format json > taxonomy.json
      dlmap export --format opml --lang en -o map.opml
      dlmap export posts/DL-outline.md --format bibtex -o papers.bib
      dlmap export --format anki -o cards.apkg
      dlmap export --format pdf --lang zh -o map.pdf
    """,
)
@site_argument()
@click.option("-f", "--format", "name", type=click.Choice(list(_FORMS)), required=True, help="What to write.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="The file to write; without it, text goes to standard output.",
)
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    help="The language of formats that have one: "
    f"{', '.join(name for name, form in _FORMS.items() if form.by_language)}.  Default: the site's first one.",
)
@base_url_option()
@jobs_option()
def command(path: Path, name: str, output: Path | None, lang: str | None, base_url: str, jobs: int) -> None:
    """Write the map of the site at PATH in the format of another program."""
    form = _FORMS[name]
    if lang and not form.by_language:
        raise click.UsageError(f"{name} has all languages in one file; leave out --lang")
    with usage_errors():
        try:
            sources = discover(path, checked_base_url(base_url))
            if output and str(output) != "-":
                check_file(output, _all_sources(sources))
            content, lang = _content(sources, BuildRequest(path, None), form, lang, jobs)
            if output is None and not form.is_text:
                output = Path(form.name.replace("{lang}", lang))
                check_file(output, _all_sources(sources))
            if output is None or str(output) == "-":
                click.echo(content, nl=False)
                return
            write_file(content, output)
        except OSError as error:
            click.echo(f"error: {reason(error)}; nothing was written", err=True)
            raise click.exceptions.Exit(1) from None
    click.echo(f"{output}: {count(len(content), 'byte')}", err=True)


def _all_sources(sources: Sources) -> tuple[Path, ...]:
    """Everything that an export must not replace."""
    beside = [file for file in (sources.registry, sources.translations) if file]
    return (*sources.protected, *beside, *(file for _, _, file in sources.notes))


def _content(
    sources: Sources, order: BuildRequest, form: _Form, lang: str | None, jobs: int
) -> tuple[bytes, str]:
    """The export and its language.  Diagnostics are told; with errors there is none."""
    with (
        Cache.open(order.cache_folder) as cache,
        Loader(cache, reserved_ids=reserved_ids(), jobs=jobs) as loader,
    ):
        made = loader.load(sources)
        report(made.diagnostics)
        errors = sum(diagnostic.severity is Severity.ERROR for diagnostic in made.diagnostics)
        if errors:
            click.echo(f"nothing written: {count(errors, 'error')}", err=True)
            raise click.exceptions.Exit(1)
        languages = made.taxonomy.languages
        if lang and lang not in languages:
            raise click.UsageError(f"the site is not in {lang}; it has {', '.join(languages)}")
        lang = lang or languages[0]
        if made.is_empty:
            click.echo("nothing written: the outline names no concept", err=True)
            raise click.exceptions.Exit(1)
        site = plan_site(made.taxonomy, made.config, made.articles, cache)
        templates = Templates(Theme.for_site(sources.folder))
        try:
            return form.make(RenderedSite(site, templates, made.formulas.results), lang), lang
        except NoBrowserError as error:
            raise click.UsageError(str(error)) from None
        except BrowserFailedError as error:
            click.echo(f"nothing written: {error}", err=True)
            raise click.exceptions.Exit(1) from None
        except KeyError:
            click.echo("nothing written: the site has nothing to put into this format", err=True)
            raise click.exceptions.Exit(1) from None
