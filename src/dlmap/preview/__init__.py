"""The preview: serves the site from memory, understands it anew when its sources change, and tells the open pages.

It knows nothing of how a site is built: it takes paths to watch and a function that builds.
"""

from dlmap.preview.api import Edition, ListenError, PortBusy, PreviewOptions, Rebuild, RebuildResult
from dlmap.preview.runner import run_preview

__all__ = [
    "Edition",
    "ListenError",
    "PortBusy",
    "PreviewOptions",
    "Rebuild",
    "RebuildResult",
    "run_preview",
]
