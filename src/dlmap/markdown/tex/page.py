r"""The formulas of one page: macros hold for those behind their definition, labels for all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dlmap.markdown.tex.commands import HANDLERS, needs_translation
from dlmap.markdown.tex.macros import Macro, Macros
from dlmap.markdown.tex.translator import Translator

_MARKER = re.compile(r"\\dlmap(label|ref|eqref)\{([^{}]*)\}")
_LONE_REFERENCE = re.compile(r"\s*\\(eq)?ref\s*\{([^{}]*)\}\s*")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)")


@dataclass(frozen=True, slots=True)
class TranslatedFormula:
    """A formula in the words of KaTeX."""

    tex: str
    """Empty for a formula that only defines macros."""
    notes: tuple[str, ...] = ()
    """What was left out or could not be used, each a sentence without its full stop."""
    labels: tuple[str, ...] = ()
    is_open: bool = False
    """Whether it holds labels or references, which `PageFormulas.resolve` fills in."""


class PageFormulas:
    """Translates the formulas of a page, in their order."""

    def __init__(self, *, mathjax: bool, macros: Mapping[str, Macro] | None = None) -> None:
        self.macros = Macros(macros)
        self.mathjax = mathjax
        self.defines = False
        """Whether any formula defines a macro or a label."""
        self._tags: dict[str, str] = {}
        """Label to what is shown for it, in parentheses; empty until it gets a number."""
        self._own_tags: set[str] = set()
        """The labels of rows that their author has tagged."""
        self._numbered = False

    def read(self, tex: str, *, display: bool) -> TranslatedFormula:
        """Translate the next formula; labels and references stay open until `resolve`."""
        if not needs_translation(tex) and not self._uses_macros(tex):
            return TranslatedFormula(tex)
        translator = Translator(self.macros, HANDLERS, display=display, mathjax=self.mathjax)
        translated = translator.translate(tex).strip()
        names = translator.labels.names
        for name, row in names.items():
            if tag := translator.labels.tags.get(row, ""):
                self._own_tags.add(name)
            self._tags.setdefault(name, tag)
        self.defines |= translator.defines or bool(names)
        is_open = bool(names) or translator.references
        return TranslatedFormula(translated, tuple(translator.notes), tuple(names), is_open)

    def _uses_macros(self, tex: str) -> bool:
        return bool(self.macros.by_name) and any(
            command in self.macros.by_name for command in _COMMAND.findall(tex)
        )

    def tag(self, label: str) -> str | None:
        """What is shown for a label, such as `(1)`; None where no formula has it.  Ask when all formulas are read."""
        if not self._numbered:
            self._numbered = True
            used = set(self._tags.values())
            number = 0
            for name in [name for name, tag in self._tags.items() if not tag]:
                number += 1
                while f"({number})" in used:
                    number += 1
                self._tags[name] = f"({number})"
        return self._tags.get(label)

    def resolve(self, formula: TranslatedFormula, *, display: bool) -> TranslatedFormula:
        """Fill in the numbers of labels and references.  Call it when all formulas are read."""
        notes = [*formula.notes]
        has_tag = r"\tag*{" in formula.tex
        own_tags = self._own_tags

        def fill(match: re.Match[str]) -> str:
            nonlocal has_tag
            kind, name = match.groups()
            tag = self.tag(name)
            if kind == "label":
                if name in own_tags:
                    return ""
                if display and has_tag and r"\begin{" not in formula.tex:
                    return ""
                has_tag = True
                return f"\\tag*{{{tag}}}" if display else f"\\qquad\\text{{{tag}}}"
            if tag is None:
                notes.append(f"no formula of this page has the label `{name[:40]}`")
                return r"\text{(???)}"
            return f"\\text{{{tag if kind == 'eqref' else tag.removeprefix('(').removesuffix(')')}}}"

        return TranslatedFormula(_MARKER.sub(fill, formula.tex), tuple(notes), formula.labels)

    def reference(self, tex: str) -> tuple[str, str] | None:
        """The label and the words of a formula that is nothing but a reference to a formula of this page."""
        match = _LONE_REFERENCE.fullmatch(tex)
        tag = self.tag(match[2].strip()) if match else None
        if match is None or tag is None:
            return None
        return match[2].strip(), tag if match[1] else tag.removeprefix("(").removesuffix(")")
