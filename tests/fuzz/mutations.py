"""Documents made of others: cut, repeated, spliced, with what is special to the dialect put in anywhere."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
_FENCE = re.compile(r"^(`{3,})(markdown|yaml|toml) (\S+)\n(.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL)
_KINDS = (
    (re.compile(r"content/outline\.zh\.md"), "outline"),
    (re.compile(r"content/outline\.en\.md"), "translation"),
    (re.compile(r"content/articles/"), "article"),
    (re.compile(r"content/notes/"), "note"),
    (re.compile(r"content/methods\.yml"), "registry"),
    (re.compile(r"content/translations\.yml"), "translations"),
    (re.compile(r"dlmap\.toml"), "config"),
)
SPECIAL = (
    *(
        "**",
        "*",
        "_",
        "__",
        "$",
        "$$",
        "`",
        "```",
        "|",
        "\\",
        "\\|",
        "{#id}",
        "{.method}",
        "{:",
        "}",
        "[",
        "]",
        "](",
        "()",
        "[^1]",
    ),
    *(
        "[^1]: ",
        "![",
        "<",
        ">",
        "<font color=red>",
        "</font>",
        "<!--",
        "-->",
        "<br>",
        "&#0;",
        "&#xD800;",
        "&amp;",
        "# ",
        "## ",
    ),
    *(
        "### ",
        "#### ",
        "- ",
        "1. ",
        "> ",
        "\t",
        "    ",
        "\n",
        "\n\n",
        "---\n",
        "...\n",
        "⚪",
        "(1)",
        "（",
        "）",
        "：",
        "、",
        "，",
        "。",
    ),
    *(
        "如",
        "例如",
        "包括",
        "等",
        "评估指标",
        "such as ",
        "e.g., ",
        "V1,2,3",
        "1-4",
        "under/over-",
        "\u200b",
        "\u202e",
        "\ufeff",
    ),
    *(
        "\u0301",
        "𠮷",
        "😀",
        "İ",
        "ß",
        "\r",
        "\r\n",
        "\x0b",
        "\x0c",
        "\x1b",
        "\u2028",
        "\x85",
        "\\frac{",
        "\\def\\a{\\a\\a}\\a",
    ),
    *(
        "\\href{javascript:x}{y}",
        "javascript:",
        "https://",
        "//",
        "../",
        "%00",
        "?",
        ": ",
        "'",
        '"',
        "!!python/object:x",
        "&a",
        "*a",
    ),
    *(
        "<<: ",
        "[[",
        "]]",
        "{",
        "}}",
        "{%",
        "{{",
        "= ",
        "lang: zh\n",
        "title: ",
        "layout: post\n",
        "~",
        "^",
        "0",
        "-1",
        "1e999",
    ),
)


def corpus() -> tuple[tuple[str, str], ...]:
    """Kind and text of the documents to begin with: all examples that the tests have, and what fuzzing has found."""
    found: list[tuple[str, str]] = []
    for case in sorted((TESTS / "checks").glob("*.md")):
        for match in _FENCE.finditer(case.read_text("utf-8")):
            found += [(kind, match[4]) for pattern, kind in _KINDS if pattern.match(match[3])]
    for case in sorted((TESTS / "quirks").glob("*.md")):
        for given in re.findall(r"^\.\n(.*?)^\.\n", case.read_text("utf-8"), re.MULTILINE | re.DOTALL):
            found.append(("outline", f"# 部 (Part)\n\n## 类 (Type)\n\n### 族 (Family)\n\n{given}"))
            found.append(("article", f"---\ntitle: x\nlayout: post\ndate: 2024-01-01\n---\n\n{given}"))
    for file in sorted((TESTS / "fuzz" / "corpus").iterdir()):
        kind, _, _ = file.name.partition("-")
        found.append((kind, file.read_bytes().decode("utf-8", "surrogateescape")))
    return tuple((kind, text) for kind, text in found if len(text) < 20_000)


def mutants(number: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """So many kinds and documents; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    documents = corpus()
    for _ in range(number):
        kind, text = chance.choice(documents)
        for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
            text = _mutated(text, documents, chance)
        data = text.encode("utf-8", "surrogateescape" if chance.random() < 0.9 else "replace")
        if chance.random() < 0.05 and data:
            at = chance.randrange(len(data))
            data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        yield kind, data[:200_000]


def _mutated(text: str, documents: tuple[tuple[str, str], ...], chance: random.Random) -> str:
    start, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
    before, piece, after = (
        text[:start],
        text[start : min(end, start + chance.choice((1, 10, 200)))],
        text[start:],
    )
    match chance.randrange(7):
        case 0:
            after = after[len(piece) :]
        case 1:
            before += chance.choice(SPECIAL)
        case 2:
            before += chance.choice(SPECIAL) * chance.choice((2, 7, 120))
        case 3:
            before += piece * chance.choice((2, 5, 40))
        case 4:
            _, other = chance.choice(documents)
            before += other[chance.randrange(len(other) + 1) :][:500]
        case 5:
            lines = text.splitlines(keepends=True)
            chance.shuffle(lines)
            before, after = "", "".join(lines)
        case _:
            before += "".join(chance.choice(SPECIAL) for _ in range(6))
    return before + after
