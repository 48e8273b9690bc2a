"""Splits TeX into tokens, and reads arguments off a stack of them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_TOKEN = re.compile(r"\\[A-Za-z@]+|\\.|\n\s*|[^\S\n]+|\\|[^\\\s]", re.DOTALL)
_DIMENSION = re.compile(r"[+-]?\d*\.?\d+\s*(?:em|ex|pt|pc|px|mu|in|cm|mm)")


def tokenize(tex: str) -> list[str]:
    """Control sequences, runs of white space and single characters; a line break begins a run."""
    return _TOKEN.findall(tex)


class TokenStack:
    """The tokens that are still to be read; a macro pushes its expansion back."""

    def __init__(self, tokens: Iterable[str]) -> None:
        self._stack = [*tokens][::-1]

    def __bool__(self) -> bool:
        return bool(self._stack)

    def __len__(self) -> int:
        return len(self._stack)

    def pop(self) -> str:
        return self._stack.pop()

    def push(self, tokens: Iterable[str]) -> None:
        """Put tokens in front of the rest."""
        self._stack += [*tokens][::-1]

    def clear(self) -> None:
        self._stack.clear()

    def peek(self) -> str:
        """The next token that is no white space; empty at the end."""
        return next((token for token in reversed(self._stack) if not token.isspace()), "")

    def skip_space(self) -> None:
        while self._stack and self._stack[-1].isspace():
            self._stack.pop()

    def argument(self) -> list[str]:
        """The tokens of the next group without its braces, or the next token alone."""
        self.skip_space()
        if not self._stack:
            return []
        first = self.pop()
        return self.group() if first == "{" else [first]

    def group(self) -> list[str]:
        """The tokens up to the brace that closes a group which is open already."""
        tokens: list[str] = []
        depth = 1
        while self._stack:
            token = self.pop()
            depth += (token == "{") - (token == "}")
            if depth == 0:
                break
            tokens.append(token)
        return tokens

    def rest_of_group(self) -> list[str]:
        """What is left of the group that is being read; its closing brace stays."""
        tokens: list[str] = []
        depth = 0
        while self._stack:
            depth += (self._stack[-1] == "{") - (self._stack[-1] == "}")
            if depth < 0 or (depth == 0 and self._stack[-1] in ("&", "\\\\", r"\end", r"\right", r"\cr")):
                break
            tokens.append(self.pop())
        return tokens

    def option(self) -> list[str] | None:
        """The tokens between square brackets, if they come next."""
        if self.peek() != "[":
            return None
        self.skip_space()
        self.pop()
        tokens: list[str] = []
        depth = 0
        while self._stack:
            token = self.pop()
            depth += (token == "{") - (token == "}")
            if token == "]" and depth == 0:
                break
            tokens.append(token)
        return tokens

    def dimension(self) -> str:
        """A length such as `2pt`, if one comes next; in braces or not."""
        if self.peek() == "{":
            return "".join(self.argument())
        self.skip_space()
        text = "".join(reversed(self._stack[-12:]))
        match = _DIMENSION.match(text)
        if match is None:
            return ""
        left = len(match.group())
        while left > 0:
            left -= len(self._stack.pop())
        return match.group()

    def until(self, end: str) -> list[str] | None:
        """The tokens before the next `end` outside braces, which is taken too; None where there is none."""
        depth = 0
        for index in range(len(self._stack) - 1, -1, -1):
            token = self._stack[index]
            depth += (token == "{") - (token == "}")
            if depth < 0:
                return None
            if depth == 0 and token == end:
                tokens = self._stack[index + 1 :][::-1]
                del self._stack[index:]
                return tokens
        return None
