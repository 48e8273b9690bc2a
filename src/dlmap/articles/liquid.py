"""Jekyll's Liquid in a post: what is only a way to write Markdown is written so, the rest is dropped and reported."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dlmap.articles.rewrite import CODE, Replacement, RewrittenText, apply, enclosed
from dlmap.text import Diagnostic, SourceFile, Span

# Alternatives in the order in which they count at one place.  `{% x` and `{{ x` want a word, for TeX writes `{{` and
# `{%` too.
_TOKEN = re.compile(
    r"""
      (?P<raw>\{%-?[ ]*raw[ ]*-?%\})
    | ^(?P<indent>[ \t]*)(?P<highlight>\{%-?[ ]*highlight[ ]+(?P<language>[\w+#.-]*)[^%\n]*-?%\}[ \t]*\n?)
    | (?P<comment>\{%-?[ ]*comment[ ]*-?%\})
    | """
    + CODE
    + r"""
    | \{%-?[ ]*(?:post_url|link)[ ]+(?P<post>[^%\s]+)[ ]*-?%\}
    | \{\{-?[ ]*site\.(?:baseurl|url)[ ]*-?\}\}
    | \{\{-?[ ]*(?:"(?P<double>[^"\n]*)"|'(?P<single>[^'\n]*)')[ ]*\|[^{}\n]*\}\}
    | (?P<tag>\{%-?[ ]*+[a-z]\w*+(?:[^%{\n]|%(?!\})|\{(?!%))*+%\}|\{\{-?[ ]*(?:site|page|include|layout|content|post)\b[^{}\n]*\}\})
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_ENDS = {
    "raw": re.compile(r"\{%-?[ ]*endraw[ ]*-?%\}"),
    "highlight": re.compile(r"(?:^[ \t]*)?\{%-?[ ]*endhighlight[ ]*-?%\}", re.MULTILINE),
    "comment": re.compile(r"\{%-?[ ]*endcomment[ ]*-?%\}"),
}
# `{% include figure image_path="/images/x.png" caption="…" %}`: the picture that a theme would show.
_PARAMETER = re.compile(r"""(?<![\w-])([\w-]++)\s*+=\s*(?:"([^"]*)"|'([^']*)')""")
_PICTURE = re.compile(r"[^\s{}()]+\.(?:apng|avif|bmp|gif|jpe?g|png|svg|webp)", re.IGNORECASE)
_WORDS_OF_PICTURE = ("alt", "caption", "title", "description")
_RAW_MARKER = re.compile(
    r"(?:^[ \t]*\{%-?[ ]*(?:end)?raw[ ]*-?%\}[ \t]*\n)|\{%-?[ ]*(?:end)?raw[ ]*-?%\}", re.MULTILINE
)
_BACKTICKS = re.compile(r"^[ \t]*(`{3,})", re.MULTILINE)


def without_liquid(source: SourceFile) -> tuple[RewrittenText, tuple[Diagnostic, ...]]:
    """The text as it is meant, and one warning if anything in it was dropped."""
    text = source.text
    if "{%" not in text and "{{" not in text:
        return RewrittenText(text), ()
    edits: list[Replacement] = []
    dropped: list[Span] = []
    for match, end in enclosed(_TOKEN, _ENDS, text):
        tag = match["tag"] or ("" if end else match["raw"] or match["highlight"] or match["comment"])
        picture = _included_picture(tag or "")
        edits += [Replacement(*match.span(), picture)] if picture else _edits(match, end)
        if tag and not picture:
            dropped.append(Span(*match.span()))
    return apply(text, edits), _warning(source, dropped)


def _edits(match: re.Match[str], close: re.Match[str] | None) -> Iterator[Replacement]:
    start, end = match.span()
    if match["raw"] and close:
        yield Replacement(start, end, "")
        yield Replacement(*close.span(), "")
    elif match["highlight"] and close:
        yield from _as_fence(match, close)
    elif match["comment"] and close:
        yield Replacement(start, close.end(), "")
    elif match["fence"] or match["ticks"]:
        # Code is shown as it stands; only the markers that protect it from Liquid go.
        for marker in _RAW_MARKER.finditer(match.string, start, end):
            yield Replacement(*marker.span(), "")
    elif match["post"]:
        yield Replacement(start, end, f"{match['post'].removesuffix('.md').rsplit('/', 1)[-1]}.md")
    elif match["double"] or match["single"]:
        yield Replacement(start, end, match["double"] or match["single"])
    else:
        yield Replacement(start, end, "")


def _included_picture(tag: str) -> str:
    """The picture that an `include` names, in Markdown; empty where it names none."""
    if not re.match(r"\{%-?\s*include", tag):
        return ""
    says = {name: double or single for name, double, single in _PARAMETER.findall(tag)}
    address = next(filter(_PICTURE.fullmatch, says.values()), "")
    words = next((says[name] for name in _WORDS_OF_PICTURE if says.get(name)), "")
    return f"![{words.translate({91: None, 93: None})}]({address})" if address else ""


def _as_fence(match: re.Match[str], close: re.Match[str]) -> Iterator[Replacement]:
    """A highlighted block as a fence that is longer than any in it."""
    code = match.string[match.end() : close.start()]
    longest = max((len(found) for found in _BACKTICKS.findall(code)), default=2)
    indent, fence = match["indent"], "`" * (longest + 1)
    yield Replacement(*match.span(), f"{indent}{fence}{match['language']}\n")
    for marker in _RAW_MARKER.finditer(match.string, match.end(), close.start()):
        yield Replacement(*marker.span(), "")
    line_end = "" if not code or code.endswith("\n") else "\n"
    yield Replacement(*close.span(), f"{line_end}{indent}{fence}")


def _warning(source: SourceFile, dropped: list[Span]) -> tuple[Diagnostic, ...]:
    if not dropped:
        return ()
    first = dropped[0]
    words = " ".join(source.text[first.start : first.end].split())
    others = f", and {len(dropped) - 1} more in this file" if len(dropped) > 1 else ""
    return (
        Diagnostic(
            "DL322",
            f"`{words[:60]}` is Jekyll's and says nothing here: left out{others}",
            "write in Markdown what it stands for, or put it between `{% raw %}` and `{% endraw %}`",
            source,
            first,
        ),
    )
