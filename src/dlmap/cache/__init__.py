"""Caches what was once computed from some content: memory over an SQLite file in the site's folder."""

from dlmap.cache.codec import BYTES, TEXT, Codec, Column, record_codec
from dlmap.cache.keys import Key
from dlmap.cache.tasks import Cache, Task
from dlmap.cache.version import program_version

__all__ = ["BYTES", "TEXT", "Cache", "Codec", "Column", "Key", "Task", "program_version", "record_codec"]
