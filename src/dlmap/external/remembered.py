"""The answers of earlier look-ups, which need not be asked for again for a while."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from dlmap.cache import CacheNamespace, Key, Store
from dlmap.external.answer import LinkResult, LinkStatus

_KIND = CacheNamespace("link")
_LASTING = (LinkStatus.FINE, LinkStatus.MOVED, LinkStatus.REFUSED)
"""What is broken may have been mended meanwhile, so it is asked for again each time."""


def recall(pages: Iterable[str], store: Store, *, since: float, allow_private: bool) -> dict[str, LinkResult]:
    """The answers that were given after the moment `since`, in seconds of the epoch."""
    keys = {_key(page, allow_private=allow_private): page for page in pages}
    found = {keys[key]: _read(value) for key, value in store.get_many(_KIND, keys).items()}
    return {page: answer for page, (moment, answer) in found.items() if moment >= since}


def remember(answers: Mapping[str, LinkResult], store: Store, *, now: float, allow_private: bool) -> None:
    """Note what was answered just now."""
    store.put_many(
        _KIND,
        {
            _key(page, allow_private=allow_private): json.dumps([now, *answer]).encode()
            for page, answer in answers.items()
            if answer.finding in _LASTING
        },
    )


def _read(value: bytes) -> tuple[float, LinkResult]:
    moment, finding, words, moved_to = json.loads(value)
    return moment, LinkResult(LinkStatus(finding), words, moved_to)


def _key(page: str, *, allow_private: bool) -> Key:
    return (b"any" if allow_private else b"public", page.encode("utf-8", "surrogatepass"))
