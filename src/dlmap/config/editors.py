"""The URLs with which editors open a file at a line and column."""

from __future__ import annotations

import re

EDITORS = {
    "cursor": "cursor://file/{file}:{line}:{column}",
    "idea": "idea://open?file={file}&line={line}&column={column}",
    "pycharm": "pycharm://open?file={file}&line={line}&column={column}",
    "sublime": "subl://open?url=file://{file}&line={line}&column={column}",
    "textmate": "txmt://open?url=file://{file}&line={line}&column={column}",
    "vscode": "vscode://file/{file}:{line}:{column}",
    "vscodium": "vscodium://file/{file}:{line}:{column}",
    "webstorm": "webstorm://open?file={file}&line={line}&column={column}",
    "windsurf": "windsurf://file/{file}:{line}:{column}",
    "zed": "zed://file/{file}:{line}:{column}",
}
# Browsers handle the excluded schemes themselves: a link in the overlay opens a program, and never runs or fetches.
_EDITOR_URL = re.compile(
    r"(?!(?:https?|ftp|file|data|blob|about|javascript|vbscript|view-source|wss?|chrome):)"
    r"[a-z][a-z0-9+.-]*://(?:[^\s{}]|\{(?:file|line|column)\})+"
)


def editor_url_template(name: str) -> str | None:
    """The URL template of an editor, by the name of the editor or as the template itself; None if it is neither."""
    template = EDITORS.get(name, name)
    return template if "{file}" in template and _EDITOR_URL.fullmatch(template) else None
