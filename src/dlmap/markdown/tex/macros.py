r"""Macros that formulas define for the rest of their page: `\newcommand`, `\def`, `\let`, `\DeclareMathOperator`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dlmap.markdown.tex.tokens import TokenStack, tokenize

MAX_MACROS = 1_000
"""On one page."""
DEFINITIONS = frozenset(
    {
        *(
            r"\newcommand",
            r"\renewcommand",
            r"\providecommand",
            r"\def",
            r"\gdef",
            r"\edef",
            r"\xdef",
            r"\let",
        ),
        *(r"\DeclareMathOperator", r"\DeclarePairedDelimiter", r"\newenvironment", r"\renewenvironment"),
    }
)
_PARAMETER = re.compile(r"#([1-9])")


@dataclass(frozen=True, slots=True)
class Macro:
    """A command and what it stands for."""

    body: tuple[str, ...]
    parameters: int = 0
    default: tuple[str, ...] | None = None
    """What the first parameter is where it is not given in brackets; None: it must be given."""

    def expand(self, stack: TokenStack) -> list[str]:
        """The body with the arguments that are read off the stack."""
        arguments: list[list[str]] = []
        if self.default is not None:
            given = stack.option()
            arguments.append([*self.default] if given is None else given)
        while len(arguments) < self.parameters:
            arguments.append(stack.argument())
        tokens: list[str] = []
        body = iter(self.body)
        for token in body:
            if token != "#":
                tokens.append(token)
                continue
            number = next(body, "")
            if number.isdecimal() and 0 < int(number) <= len(arguments):
                tokens += arguments[int(number) - 1]
        return tokens


class Macros:
    """The macros of one page."""

    def __init__(self, macros: Mapping[str, Macro] | None = None) -> None:
        self.by_name = dict(macros or {})

    def define(self, command: str, stack: TokenStack) -> str:
        """Read the definition that follows a command of `DEFINITIONS`; returns what is wrong with it, or nothing."""
        if len(self.by_name) >= MAX_MACROS:
            self._read(command, stack)
            return f"the page defines more than {MAX_MACROS:,} macros; `{command}` is ignored"
        defined = self._read(command, stack)
        if defined is None:
            return f"`{command}` defines nothing that dlmap can use"
        name, macro = defined
        self.by_name[name] = macro
        return ""

    def _read(self, command: str, stack: TokenStack) -> tuple[str, Macro] | None:
        if command in (r"\def", r"\gdef", r"\edef", r"\xdef"):
            return _read_def(stack)
        if command == r"\let":
            return self._read_let(stack)
        if command.endswith("environment"):
            for _ in range(3):
                stack.argument()
            return None
        return self._read_named(command, stack)

    def _read_named(self, command: str, stack: TokenStack) -> tuple[str, Macro] | None:
        if stack.peek() == "*":
            stack.skip_space()
            stack.pop()
        name = "".join(stack.argument()).strip()
        if command == r"\DeclareMathOperator":
            return _named(name, Macro((r"\operatorname", "{", *stack.argument(), "}")))
        if command == r"\DeclarePairedDelimiter":
            left, right = stack.argument(), stack.argument()
            return _named(name, Macro((r"\left", *left, "#", "1", r"\right", *right), 1))
        count = "".join(stack.option() or [])
        default = stack.option()
        body = tuple(stack.argument())
        if not count:
            return _named(name, Macro(body))
        if not count.isdecimal() or len(count) > 1:
            return None
        return _named(name, Macro(body, int(count), None if default is None else tuple(default)))

    def _read_let(self, stack: TokenStack) -> tuple[str, Macro] | None:
        name = "".join(stack.argument())
        if stack.peek() == "=":
            stack.skip_space()
            stack.pop()
        meaning = stack.argument()
        if len(meaning) == 1 and meaning[0] in self.by_name:
            return _named(name, self.by_name[meaning[0]])
        return _named(name, Macro(tuple(meaning)))


def _read_def(stack: TokenStack) -> tuple[str, Macro] | None:
    stack.skip_space()
    name = stack.pop() if stack else ""
    parameters: list[str] = []
    while stack and stack.peek() != "{":
        parameters.append(stack.pop())
    body = tuple(stack.argument())
    written = "".join(parameters).strip()
    count = len(_PARAMETER.findall(written))
    if _PARAMETER.sub("", written):
        return None  # delimited parameters
    return _named(name, Macro(body, count))


def _named(name: str, macro: Macro) -> tuple[str, Macro] | None:
    return (name, macro) if len(name) > 1 and name[0] == "\\" else None


def read_macros(definitions: Mapping[str, str]) -> Mapping[str, Macro]:
    r"""Macros as KaTeX's option has them: `\KL` to `D_{KL}(#1\|#2)`, the number of parameters told by the body."""
    macros: dict[str, Macro] = {}
    for name, body in definitions.items():
        count = max(map(int, _PARAMETER.findall(body)), default=0)
        macros[name if name.startswith("\\") else f"\\{name}"] = Macro(tuple(tokenize(body)), count)
    return macros
