"""Rendering: templates, theme, Markdown to HTML."""

from dlmap.render.site import RenderedSite, Templates
from dlmap.render.templates import CompiledTemplates

__all__ = ["CompiledTemplates", "RenderedSite", "Templates"]
