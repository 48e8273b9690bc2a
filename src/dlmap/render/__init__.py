"""Rendering: templates, theme, Markdown to HTML."""

from dlmap.render.renderer import OutputFile, RenderedSite

__all__ = ["OutputFile", "RenderedSite"]
