"""dlmap turns a Markdown outline into a linked, searchable, bilingual static site."""

__version__ = "0.1.0"
