"""dlmap turns a Markdown outline into a linked, searchable, bilingual static site.

`__all__` is the public interface, described in `docs/api.md`. Each name is imported on first use, so that the command line
starts without modules that it does not need.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dlmap.config import ConfigError, SiteNotFoundError
    from dlmap.load.site import OutlineResult
    from dlmap.math import EngineError
    from dlmap.pipeline import build, read_outline
    from dlmap.publish import OutputRefusedError
    from dlmap.result import BuildResult
    from dlmap.taxonomy import Concept, Kind, Taxonomy
    from dlmap.text import Diagnostic, Severity

__version__ = "0.1.0"

__all__ = [
    "BuildResult",
    "Concept",
    "ConfigError",
    "Diagnostic",
    "EngineError",
    "Kind",
    "OutlineResult",
    "OutputRefusedError",
    "Severity",
    "SiteNotFoundError",
    "Taxonomy",
    "build",
    "read_outline",
]

_MODULES = {
    "BuildResult": "dlmap.result",
    "Concept": "dlmap.taxonomy",
    "ConfigError": "dlmap.config",
    "Diagnostic": "dlmap.text",
    "EngineError": "dlmap.math",
    "Kind": "dlmap.taxonomy",
    "OutputRefusedError": "dlmap.publish",
    "OutlineResult": "dlmap.load.site",
    "Severity": "dlmap.text",
    "SiteNotFoundError": "dlmap.config",
    "Taxonomy": "dlmap.taxonomy",
    "build": "dlmap.pipeline",
    "read_outline": "dlmap.pipeline",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted((*globals(), *_MODULES))
