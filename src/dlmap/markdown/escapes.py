"""What has to be written around text and emphasis so that any reader of CommonMark finds them again."""

from __future__ import annotations

import re
import unicodedata

HIDDEN = "\0"
"""Begins what is filled in later: as a neighbour of emphasis it may turn out to be anything."""

_SPECIAL = re.compile(
    r"""
    [\\`*$]
    | ~ (?=~) | (?<=~) ~
    | (?<![^\W_]) _ | _ (?![^\W_])     # inside a word it is a letter
    | < (?=[A-Za-z/!?])
    | & (?=\#?[A-Za-z0-9]+;)
    | \[ (?=\^)
    | \] (?=[(\[:])
    """,
    re.VERBOSE,
)
_BRACKET = re.compile(r"(?<!\\)[\[\]]")
_LINE_START = re.compile(
    r"""
    \# {1,6} (?=\s|$)
    | >
    | [-+] (?=\s|$)
    | = (?==*\s*$)
    | [|:-] (?=[\s|:-]*$)              # the second line of a table, or of a heading
    | ~ (?=~~)
    | \[ (?=[ xX]\]\s)
    """,
    re.VERBOSE,
)
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_LONE_TAG = re.compile(r"</?[A-Za-z][^>]*>\s*")
_ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def escaped(text: str, *, in_link: bool = False) -> str:
    """Text in which nothing is read as markup."""
    made = _SPECIAL.sub(r"\\\g<0>", text)
    return _BRACKET.sub(r"\\\g<0>", made) if in_link else made


def escaped_lines(text: str) -> str:
    """The lines of a paragraph, none of which begins another block."""
    # A line may be empty where a tag was dropped; a space that does not break is no empty line.
    lines = [line for line in (line.strip(" \t") for line in text.split("\n")) if line]
    if len(lines) > 1 and _LONE_TAG.fullmatch(lines[0]):
        # Alone in its line, it would begin a block of HTML.
        lines[:2] = [f"{lines[0]} {lines[1]}"]
    return "\n".join(map(_line, lines))


def _line(line: str) -> str:
    if _LINE_START.match(line):
        return f"\\{line}"
    return _NUMBERED.sub(r"\1\\\2", line, count=1) if _NUMBERED.match(line) else line


def may_stand(before: str, inner: str, after: str) -> bool:
    """Whether stars around `inner` are read as emphasis between these neighbours, by CommonMark's flanking rule.

    Chinese text has no spaces around what is emphasised, so that a star beside a bracket or a quotation mark often is
    not.
    """
    if not inner or "*" in (before[-1:], inner[0], inner[-1], after[:1]):
        return False
    return _flanks(before[-1:], inner[0]) and _flanks(after[:1], inner[-1])


def _flanks(outer: str, inner: str) -> bool:
    if inner.isspace():
        return False
    # Symbols count as punctuation in some versions of CommonMark and not in others: here they are what does not help.
    is_word = (
        inner != HIDDEN and inner not in _ASCII_PUNCTUATION and unicodedata.category(inner)[0] not in "PS"
    )
    return is_word or not outer or outer.isspace() or _is_punctuation(outer)


def _is_punctuation(char: str) -> bool:
    return char in _ASCII_PUNCTUATION or unicodedata.category(char)[0] == "P"
