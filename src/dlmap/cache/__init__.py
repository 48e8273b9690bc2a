"""Keeps what was once made of some content, in a file of the site: a build need not make it again."""

from dlmap.cache.codec import Values
from dlmap.cache.keys import Key, Kind
from dlmap.cache.store import Store
from dlmap.cache.version import code_fingerprint, program

__all__ = ["Key", "Kind", "Store", "Values", "code_fingerprint", "program"]
