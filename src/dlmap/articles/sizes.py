"""How large an author wants a picture: attributes, styles, and the zoom of Typora."""

from __future__ import annotations

import re
from collections.abc import Mapping

_LENGTH = re.compile(r"\s*(\d{1,5}(?:\.\d+)?)\s*(px|%)?\s*")
_STYLE = re.compile(
    r"(?:^|;)\s*(width|height|max-width|zoom)\s*:\s*([\d.]+(?:px|%)?)\s*(?=;|!|$)", re.IGNORECASE
)
_MAX_ZOOM = 4.0


def written_size(attributes: Mapping[str, object]) -> tuple[str, str]:
    """Width and height that the attributes of a picture ask for; `("zoom", "50%")` where they ask for that.

    `300` are pixels; what is neither pixels nor a percentage is left out.
    """
    style = {name.lower(): value for name, value in _STYLE.findall(str(attributes.get("style", "")))}
    if "zoom" in style:
        return "zoom", style["zoom"]
    width = _length(style.get("width") or style.get("max-width") or str(attributes.get("width", "")))
    height = _length(style.get("height") or str(attributes.get("height", "")))
    return width, height


def _length(written: str) -> str:
    match = _LENGTH.fullmatch(written)
    if match is None or float(match[1]) == 0:
        return ""
    return f"{match[1]}%" if match[2] == "%" else str(round(float(match[1])))


def size_attributes(size: tuple[str, str], width: int, height: int) -> str:
    """Attributes for an element of the wanted size; its own `width` and `height` are 0 where they are not known."""
    wide, high = size
    if wide == "zoom":
        factor = min(_MAX_ZOOM, float(high.rstrip("%px")) / (100 if high.endswith("%") else 1))
        if not width or not factor:
            return f' style="zoom:{factor:g}"' if factor else ""
        return f' width="{max(1, round(width * factor))}" height="{max(1, round(height * factor))}"'
    percent = [
        f"{name}:{value}" for name, value in (("width", wide), ("height", high)) if value.endswith("%")
    ]
    style = f' style="{";".join(percent)}"' if percent else ""
    if percent or not (wide or high):
        return (f' width="{width}" height="{height}"' if width and height else "") + style
    if wide and not high and width:
        high = str(max(1, round(height * int(wide) / width)))
    elif high and not wide and height:
        wide = str(max(1, round(width * int(high) / height)))
    return (f' width="{wide}"' if wide else "") + (f' height="{high}"' if high else "")
