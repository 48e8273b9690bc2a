"""Draws docs/architecture.svg from the import contract in pyproject.toml and the first line of each package.

Run it after a change of the contract: `python docs/draw_layers.py`.
"""

from __future__ import annotations

import ast
import tomllib
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DRAWING = ROOT / "docs" / "architecture.svg"
_WIDTH, _ROW, _GAP, _MARGIN = 960, 54, 8, 16
_LABEL = "The packages of dlmap in layers; each imports only from the layers below it"
_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1f2328 }
  .name { font-weight: 600; font-family: ui-monospace, monospace }
  .job { font-size: 11px; fill: #59636e }
  rect { fill: #f6f8fa; stroke: #d1d9e0 }
  path { stroke: #59636e; fill: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc } .job { fill: #9198a1 } rect { fill: #151b23; stroke: #3d444d } path { stroke: #9198a1 }
  }
"""


def layers() -> list[list[str]]:
    """The layers of the first contract from top to bottom, each a list of module names."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    return [row.split(" | ") for row in contracts["contracts"][0]["layers"]]


def job(name: str) -> str:
    """The first line of a module's docstring."""
    package = ROOT / "src" / "dlmap" / name
    module = package.with_suffix(".py")
    file = module if module.is_file() else package / "__init__.py"
    docstring = ast.get_docstring(ast.parse(file.read_text("utf-8"))) or ""
    return docstring.split("\n", 1)[0].rstrip(".")


def drawing() -> str:
    """The picture as SVG: one row a layer; a module imports only from rows below its own."""
    rows = layers()
    height = 2 * _MARGIN + len(rows) * (_ROW + _GAP) - _GAP
    boxes = [box for index, row in enumerate(rows) for box in _boxes(row, _MARGIN + index * (_ROW + _GAP))]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{_LABEL}">',
            f"<style>{_STYLE}</style>",
            f'<path d="M10 {_MARGIN} V{height - _MARGIN} m-4 -8 l4 8 l4 -8"/>',
            *boxes,
            "</svg>\n",
        ]
    )


def _boxes(row: list[str], top: int) -> list[str]:
    left, room = 2 * _MARGIN, _WIDTH - 3 * _MARGIN
    width = (room - _GAP * (len(row) - 1)) / len(row)
    letters = int((width - 20) / 6)
    return [
        f'<rect x="{x:.0f}" y="{top}" width="{width:.0f}" height="{_ROW}" rx="6"/>'
        f'<text class="name" x="{x + 10:.0f}" y="{top + 22}">{escape(name)}</text>'
        f'<text class="job" x="{x + 10:.0f}" y="{top + 40}">{escape(_shortened(job(name), letters))}</text>'
        for index, name in enumerate(row)
        for x in [left + index * (width + _GAP)]
    ]


def _shortened(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"


if __name__ == "__main__":
    DRAWING.write_text(drawing(), "utf-8")
