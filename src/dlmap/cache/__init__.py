"""Keeps what was once made of some content, in a file of the site: a build need not make it again."""

from dlmap.cache.codec import Codec
from dlmap.cache.keys import CacheNamespace, Key
from dlmap.cache.store import Store
from dlmap.cache.version import code_fingerprint, program

__all__ = ["CacheNamespace", "Codec", "Key", "Store", "code_fingerprint", "program"]
