"""Search: the index that is made at build, and the engine that answers in the browser (`browser/`)."""

from dlmap.search.index import Passages, SearchEntry, engine_script, names_file, texts_file

__all__ = ["Passages", "SearchEntry", "engine_script", "names_file", "texts_file"]
