"""The preview: serves the site from memory, understands it anew when its sources change, and tells the open pages.

It knows nothing of how a site is built: it takes paths to watch and a function that builds.
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
