"""The templates and words of a theme."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from pathlib import PurePath
from types import CodeType

from jinja2 import (
    BytecodeCache,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    select_autoescape,
)
from jinja2.bccache import Bucket
from jinja2.meta import find_referenced_templates
from jinja2.sandbox import ImmutableSandboxedEnvironment

import dlmap
from dlmap.markdown.commonmark import link as markdown_link
from dlmap.markdown.escapes import escaped
from dlmap.render.translations import Translations
from dlmap.site import TocSection
from dlmap.site.alphabet import by_letter
from dlmap.site.concept_data import SHARDS
from dlmap.taxonomy import Kind
from dlmap.theme import Theme, ThemeError

FORMER_NAMES = {
    "_bar.html": "_navbar.html",
    "_head.html": "_meta.html",
    "_rail.html": "_sidebar.html",
    "_reading.html": "_tool_templates.html",
    "cards.html": "flashcards.html",
}
"""Templates of earlier versions: a site's own file of such a name would be ignored in silence."""


class Templates:
    """The templates and words of a theme; those that were used once stay compiled until they change."""

    def __init__(
        self, theme: Theme, compiled: CompiledTemplates | None = None, *, trusted: bool = False
    ) -> None:
        """Raises `ThemeError` where the site has a template under a name that it no longer has.

        A site's own templates run in Jinja's sandbox, unless they are `trusted`.
        """
        _refuse_former_names(theme)
        self.theme = theme
        # So that a site's `base.html` can extend the one it takes the place of, and not itself.
        default = PrefixLoader({"default": FileSystemLoader(theme.default_templates)})
        is_sandboxed = theme.has_own_templates and not trusted
        make_environment = _Sandbox if is_sandboxed else Environment
        self.environment = make_environment(
            loader=ChoiceLoader([default, *map(FileSystemLoader, theme.template_folders)]),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=compiled,
        )
        self.environment.globals.update(
            version=dlmap.__version__, fact_shards=SHARDS, kinds=[*map(str, Kind)]
        )
        self.environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
        self.environment.tests["section"] = lambda piece: isinstance(piece, TocSection)
        self.environment.filters.update(
            by_letter=by_letter, md=escaped, md_label=partial(escaped, in_link=True)
        )
        self.environment.globals["md_link"] = markdown_link
        self._read = cache(self._read_anew)
        self.strings = cache(partial(Translations, theme))
        """The words of some languages."""

    def source(self, name: str) -> str:
        """The text of a template."""
        return self._source(name)[0]

    def _source(self, name: str) -> tuple[str, str | None]:
        loader = self.environment.loader
        assert loader is not None
        text, file, _ = loader.get_source(self.environment, name)
        return text, file

    def all_in(self, name: str) -> Iterator[tuple[str, str]]:
        """A template and all that it takes in, each with its text, in the order of their names.

        Raises `ThemeError` where one of them is not there, and jinja2's own errors for one that cannot be parsed.
        """
        texts: dict[str, str] = {}
        todo = {name}
        while todo:
            inner = todo.pop()
            try:
                texts[inner], used = self._read(inner)
            except TemplateNotFound:
                hint = f"; it is called `{FORMER_NAMES[inner]}` now" if inner in FORMER_NAMES else ""
                raise ThemeError(f"there is no template `{inner}`, which `{name}` includes{hint}") from None
            todo |= used - texts.keys()
        return ((inner, texts[inner]) for inner in sorted(texts))

    def _read_anew(self, name: str) -> tuple[str, frozenset[str]]:
        """The text of a template, and the names of those that it takes in."""
        text, file = self._source(name)
        used = set(find_referenced_templates(self.environment.parse(text, name, file)))
        # A name that is only known when the page is rendered may be that of any template.
        return text, frozenset(self.environment.list_templates() if None in used else filter(None, used))


def _refuse_former_names(theme: Theme) -> None:
    for folder in theme.template_folders[:-1]:
        for former, name in FORMER_NAMES.items():
            if (folder / former).is_file():
                raise ThemeError(f"{folder / former}: this template is called `{name}` now; rename the file")


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which also keeps templates from files and from what the functions of a page are made of."""

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:
        """Whether a template may read the attribute."""
        return not isinstance(obj, (PurePath, partial)) and super().is_safe_attribute(obj, attr, value)


class CompiledTemplates(BytecodeCache):
    """Keeps the last compiled form of each template in memory, for one environment after the other."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, bool], tuple[str, CodeType]] = {}
        """By Jinja's key, and whether the code is for the sandbox: that is other code."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of the template, if it was made of the same text."""
        checksum, code = self._kept.get((bucket.key, bucket.environment.sandboxed), ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of the template."""
        assert bucket.code is not None
        self._kept[bucket.key, bucket.environment.sandboxed] = bucket.checksum, bucket.code
