"""The style sheets of the book as one text, with the fonts that its formulas are set in."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator

from dlmap.math import katex_assets

_FACE = re.compile(r"@font-face\{[^}]*\}")
_FAMILY = re.compile(r"\"?(KaTeX_[A-Za-z0-9]+)")
_FILE = re.compile(r"url\(fonts/(KaTeX_([A-Za-z0-9]+)-([A-Za-z]+)\.woff2)\)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CLASSES = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_CLASS_ATTRIBUTE = re.compile(r"class=\"([^\"]*)\"")


def formula_styles(html: str) -> str:
    """KaTeX's style sheet with those of its fonts, as data, that the formulas of a page are set in."""
    sheet = (katex_assets() / "katex.min.css").read_text("utf-8")
    used = {name for names in _CLASS_ATTRIBUTE.findall(html) for name in names.split()}
    wanted = frozenset(_faces(_FACE.sub("", sheet), used))

    def face(match: re.Match[str]) -> str:
        file = _FILE.search(match.group())
        if file is None or (file.group(2), file.group(3)) not in wanted:
            return ""
        font = (katex_assets() / "fonts" / file.group(1)).read_bytes()
        return match.group().replace(file.group(), f"url(data:font/woff2;base64,{b64encode(font).decode()})")

    return _FACE.sub(face, sheet)


def _faces(rules: str, used: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The family and the style of each font that a rule asks for whose classes are all used.

    A rule may ask for a weight or a slant alone: then it is that of any family.
    """
    known = frozenset(used)
    families: set[str] = set()
    styles = {"Regular"}
    for selectors, body in _RULE.findall(rules):
        if not any(known.issuperset(_CLASSES.findall(selector)) for selector in selectors.split(",")):
            continue
        families.update(name.removeprefix("KaTeX_") for name in _FAMILY.findall(body))
        is_bold = re.search(r"font-weight:(700|bold)", body)
        is_slanted = re.search(r"font-style:italic|font:[^;]*italic", body)
        styles.add(f"{'Bold' if is_bold else ''}{'Italic' if is_slanted else ''}" or "Regular")
    for family in families:
        for style in styles:
            yield family, style
