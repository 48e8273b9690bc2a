"""The Markdown of pages before it has a place, by what the pages are made of: `llms-full.txt` needs that of them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from dlmap.cache import CacheNamespace, Key, Store

_KIND = CacheNamespace("draft")
"""A fingerprint holds everything that a draft depends on: see `render.fingerprint`."""


class Drafts:
    """Those that this build has made, and those that the store has of earlier ones."""

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self._made: dict[str, str] = {}

    def add(self, fingerprint: str, draft: str) -> None:
        """Take up the draft of a page that is made of `fingerprint`."""
        self._made[fingerprint] = draft

    def of(self, makers: Mapping[str, Callable[[], str]]) -> Iterator[str]:
        """The draft of each fingerprint, made where it is not known."""
        wanted: dict[Key, str] = {(mark.encode(),): mark for mark in makers if mark not in self._made}
        stored = self._store.get_many(_KIND, wanted) if self._store else {}
        found = {wanted[key]: draft.decode() for key, draft in stored.items()}
        for mark, make in makers.items():
            if mark in found:
                yield found[mark]
                continue
            if mark not in self._made:
                self.add(mark, make())
            yield self._made[mark]

    def keep(self) -> None:
        """Leave what was made to later builds."""
        if self._store:
            self._store.put_many(
                _KIND, {(mark.encode(),): draft.encode() for mark, draft in self._made.items()}
            )
