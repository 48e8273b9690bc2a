"""The Markdown form of every page, and the guides for language models."""
