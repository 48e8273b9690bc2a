"""Keeps what was once made of some content, in a file of the site: a build need not make it again."""

from dlmap.store.code import code_fingerprint, program
from dlmap.store.keys import Key, Kind
from dlmap.store.store import Store
from dlmap.store.values import Values

__all__ = ["Key", "Kind", "Store", "Values", "code_fingerprint", "program"]
