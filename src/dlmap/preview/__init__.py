"""The preview: serves a built site, rebuilds it when its sources change, and tells the open pages.

It knows nothing of how a site is built: it takes a folder to serve, paths to watch, and a function that builds.
"""

from dlmap.preview.contract import ListenError, PortBusy, PreviewOptions, Rebuild, RebuildResult
from dlmap.preview.runner import run_preview

__all__ = [
    "ListenError",
    "PortBusy",
    "PreviewOptions",
    "Rebuild",
    "RebuildResult",
    "run_preview",
]
