"""Rendering: templates, theme, Markdown to HTML."""

from dlmap.render.renderer import OutputFile, RenderedSite
from dlmap.render.theme import Theme

__all__ = ["OutputFile", "RenderedSite", "Theme"]
