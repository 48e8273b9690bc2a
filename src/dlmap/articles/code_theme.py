"""The style sheet of coloured code, from two styles of Pygments: `python -m dlmap.articles.code_theme > static/code.css`."""

from __future__ import annotations

import sys

from pygments.styles import get_style_by_name
from pygments.token import STANDARD_TYPES, Error, Whitespace

LIGHT, DARK = "default", "one-dark"
_HEAD = f"""\
/* Colours of code by the class names of Pygments: its styles `{LIGHT}` on light pages and `{DARK}` on dark ones.
   Written by python -m dlmap.articles.code_theme, linked by pages with code only. */
"""


def style_sheet() -> str:
    """One rule for each look, for all the kinds of words that have it."""
    light, dark = get_style_by_name(LIGHT), get_style_by_name(DARK)
    rules: dict[str, list[str]] = {}
    for kind, name in STANDARD_TYPES.items():
        # A space has no colour, and what a lexer cannot read is no error of the author.
        if not name or kind in (Error, Whitespace):
            continue
        by_day, by_night = light.style_for_token(kind), dark.style_for_token(kind)
        look = ""
        if by_day["color"] or by_night["color"]:
            colours = (f"#{style['color']}" if style["color"] else "inherit" for style in (by_day, by_night))
            pair = [colour if colour != "inherit" else "currentColor" for colour in colours]
            look += f" color: light-dark({pair[0]}, {pair[1]});"
        look += " font-weight: 600;" if by_day["bold"] else ""
        look += " font-style: italic;" if by_day["italic"] else ""
        if look:
            rules.setdefault(look, []).append(f".code .{name}")
    return _HEAD + "".join(f"{', '.join(names)} {{{look} }}\n" for look, names in rules.items())


if __name__ == "__main__":
    sys.stdout.write(style_sheet())
