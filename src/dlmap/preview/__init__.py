"""The preview server: serves the site from memory, rebuilds it when a source changes, and updates the open pages.

`session.py` builds the site; everything else works with any function that returns a `RebuildResult`.
"""

from dlmap.preview.api import ListenError, PortBusyError, PreviewOptions, Rebuild, RebuildResult, SiteView
from dlmap.preview.runner import run_preview

__all__ = [
    "ListenError",
    "PortBusyError",
    "PreviewOptions",
    "Rebuild",
    "RebuildResult",
    "SiteView",
    "run_preview",
]
