"""Rendering: templates, theme, Markdown to HTML."""

from dlmap.render.site import RenderedSite
from dlmap.render.templates import CompiledTemplates, Templates

__all__ = ["CompiledTemplates", "RenderedSite", "Templates"]
