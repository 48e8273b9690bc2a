"""Rendering: templates, theme, Markdown to HTML."""

from dlmap.render.renderer import OutputFile, RenderedSite, Templates

__all__ = ["OutputFile", "RenderedSite", "Templates"]
