"""Marks of other programs that readers would see as they are written: one warning for each kind in a file."""

from __future__ import annotations

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_KINDS = (
    ("an Obsidian link", re.compile(r"!?\[\[[^\[\]\n]+\]\]"), "write a Markdown link: `[words](file.md)`"),
    ("a container of VuePress or Pandoc", re.compile(r"^:::+", re.MULTILINE), "write a quote: `> [!NOTE]`"),
    (
        "an admonition of MkDocs",
        re.compile(r"^(?:!!!|\?\?\?\+?)[ \t]+\w", re.MULTILINE),
        "write a quote: `> [!NOTE]`",
    ),
    ("a citation of Pandoc", re.compile(r"\[@[\w:.-]+(?:[;,][^\]\n]*)?\]"), "write a link or a footnote"),
    ("a block id of Obsidian", re.compile(r"[ \t]\^[A-Za-z0-9-]+$", re.MULTILINE), "remove it"),
    ("a shortcode of Hugo", re.compile(r"\{\{[<%]"), "write in Markdown what it stands for"),
)
_DIAGRAMS = frozenset({"mermaid", "plantuml", "graphviz", "dot", "echarts", "flowchart"})
_TOC = re.compile(r"\s*(?:\[TOC\]|\[\[_?TOC_?\]\])\s*", re.IGNORECASE)


def raw_syntax(state: StateCore) -> None:
    """Report what looks like the syntax of another program; `[TOC]` goes, for the page has its own contents."""
    seen: set[str] = set()
    drop: set[int] = set()
    for index, token in enumerate(state.tokens):
        if token.type == "inline":
            if _TOC.fullmatch(token.content) and state.tokens[index - 1].type == "paragraph_open":
                drop |= {index - 1, index, index + 1}
            elif any(mark in token.content for mark in ("[[", ":::", "!!!", "???", "[@", "^", "{{")):
                _report_text(token, seen)
        elif token.type == "fence" and (words := token.info.split()) and words[0].lower() in _DIAGRAMS:
            kind = f"a {words[0].lower()} diagram"
            if kind not in seen:
                seen.add(kind)
                advice = "show it as a picture: `![text](diagram.svg)`"
                token.meta["problems"] = ("DL341", f"{kind} is shown as code: pages draw none", advice)
    if drop:
        state.tokens[:] = [token for index, token in enumerate(state.tokens) if index not in drop]


def _report_text(inline: Token, seen: set[str]) -> None:
    for child in inline.children or ():
        if child.type != "text":
            continue
        for kind, pattern, advice in _KINDS:
            if kind not in seen and (match := pattern.search(child.content)) is not None:
                seen.add(kind)
                message = f"`{match.group().strip()[:40]}` looks like {kind}; readers see it as it is written"
                child.meta["problems"] = ("DL341", message, advice)
                break
