"""Rendering: templates, theme, Markdown to HTML."""

from dlmap.render.compiled import CompiledTemplates
from dlmap.render.renderer import OutputFile, RenderedSite, Templates

__all__ = ["CompiledTemplates", "OutputFile", "RenderedSite", "Templates"]
