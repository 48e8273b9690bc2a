"""Keeps what was once made of some content, in a file of the site: a build need not make it again."""

from dlmap.store.keys import Key, Kind
from dlmap.store.store import Store

__all__ = ["Key", "Kind", "Store"]
