r"""Rewrites the tokens of one formula: macros are expanded, commands handed to what knows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from dlmap.markdown.tex.macros import Macros
from dlmap.markdown.tex.tokens import TokenStack, tokenize

MAX_EXPANSIONS = 1_000
"""Of macros in one formula: KaTeX has the same limit."""
MAX_DEPTH = 60
"""Of groups in one another that are rewritten; deeper ones are left to KaTeX."""
MAX_TOKENS = 60_000

FULL_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    "。": r"\text{。}",
    "、": r"\text{、}",
    "％": r"\%",
    "＃": r"\#",
    "＆": r"\&",
    "＄": r"\$",
    "｛": r"\{",
    "｝": r"\}",
    "＼": r"\backslash ",
    "～": r"\sim ",
    "＾": "^",
    "＿": "_",
    "\u3000": r"\quad ",
    "\u00a0": "~",
    "\u2212": "-",
    "\u200b": "",
    "\ufeff": "",
}
FULL_WIDTH_SIGN = re.compile("[" + "".join(map(re.escape, FULL_WIDTH)) + "]")

_TAKES_ARGUMENT = frozenset(
    {
        *("^", "_", r"\frac", r"\dfrac", r"\tfrac", r"\cfrac", r"\sqrt", r"\hat", r"\widehat", r"\bar"),
        *(r"\tilde", r"\widetilde", r"\vec", r"\dot", r"\ddot", r"\overline", r"\underline", r"\mathbf"),
        *(r"\mathrm", r"\mathcal", r"\mathbb", r"\boldsymbol", r"\bm", r"\binom", r"\operatorname"),
    }
)
"""Behind these an expansion stays one argument."""


@dataclass(slots=True)
class Labels:
    """The tags and labels of one formula, row by row."""

    tags: dict[int, str] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    """Label to row."""
    row: int = 0


class Translator:
    """Translates one formula; `handlers` say what becomes of the commands that KaTeX reads otherwise."""

    def __init__(
        self, macros: Macros, handlers: Mapping[str, Handler], *, display: bool, mathjax: bool
    ) -> None:
        self.macros = macros
        self.handlers = handlers
        self.display = display
        self.mathjax = mathjax
        self.labels = Labels()
        self.notes: list[str] = []
        """What is wrong with definitions, and what was left out."""
        self.defines = False
        self.references = False
        self.is_endless = False
        self._expansions = 0
        self._pushed = 0
        """The tokens of all expansions."""
        self.depth = 0
        self.environments = 0
        self.in_ams = False
        self.loose_tags: list[str] = []

    def translate(self, tex: str) -> str:
        tokens = tokenize(tex)
        if len(tokens) > MAX_TOKENS:
            return tex
        translated = self.rewrite(tokens)
        if self.is_endless:
            return tex
        return translated + "".join(self.loose_tags)

    def rewrite(self, tokens: Iterable[str]) -> str:
        """Tokens of a formula, or of a part of it, as KaTeX reads them."""
        stack = TokenStack(tokens)
        if self.depth >= MAX_DEPTH:
            return "".join(tokens)
        self.depth += 1
        out: list[str] = []
        previous = ""
        while stack:
            token = stack.pop()
            if token in self.macros.by_name:
                self._expand(token, stack, previous)
                continue
            handler = self.handlers.get(token)
            made = handler(self, token, stack) if handler else self._plain(token)
            # A letter right behind a command that took the place of another would become part of its name.
            if made and made[0].isalpha() and out and out[-1][-1:].isalpha() and _ends_with_command(out[-1]):
                made = f" {made}"
            if made:
                out.append(made)
            if not token.isspace():
                previous = token
        self.depth -= 1
        return "".join(out)

    def _plain(self, token: str) -> str:
        return FULL_WIDTH.get(token, token)

    def _expand(self, name: str, stack: TokenStack, previous: str) -> None:
        macro = self.macros.by_name[name]
        self._expansions += 1
        self._pushed += len(macro.body)
        if self._expansions > MAX_EXPANSIONS or max(len(stack), self._pushed) > MAX_TOKENS:
            self.note(f"`{name}` is expanded too often; does it use itself?")
            self.is_endless = True
            stack.clear()
            return
        expansion = macro.expand(stack)
        is_name = not macro.parameters and expansion[:1] and expansion[0] in _TAKES_ARGUMENT
        if len(expansion) > 1 and (previous in _TAKES_ARGUMENT or is_name):
            expansion = ["{", *expansion, "}"]
        stack.push(expansion)

    def argument(self, stack: TokenStack) -> str:
        return self.rewrite(stack.argument())

    def note(self, message: str) -> None:
        if message not in self.notes:
            self.notes.append(message)


Handler = Callable[[Translator, str, TokenStack], str]
"""What a command becomes; it reads its arguments off the stack."""


def _ends_with_command(text: str) -> bool:
    return re.search(r"\\[A-Za-z]+\Z", text) is not None
