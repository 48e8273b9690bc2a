"""Rendering: templates, theme, Markdown to HTML."""

from dlmap.render.renderer import OutputFile, render_site
from dlmap.render.theme import Theme

__all__ = ["OutputFile", "Theme", "render_site"]
