"""Check the links to the outside: each page is looked up once, and reported at every link to it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag

from dlmap.cache import Store
from dlmap.external.answer import LinkResult, LinkStatus
from dlmap.external.links import ExternalLink
from dlmap.external.lookup import look_up
from dlmap.external.polite import RequestPolicy
from dlmap.external.remembered import recall, remember
from dlmap.text import Diagnostic

_SHOWN = 120
_REPORTED = {
    LinkStatus.DEAD: ("DL331", "correct the address, or remove the link; an archive may still have the page"),
    LinkStatus.UNREACHABLE: (
        "DL333",
        "try again later; if it stays so, correct the address or remove the link",
    ),
    LinkStatus.PRIVATE: ("DL334", "link to what readers can reach, or allow it: --allow-private"),
}


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of all links."""

    diagnostics: tuple[Diagnostic, ...]
    findings: Mapping[LinkStatus, int]
    """How many pages there are of each."""
    remembered: int
    """How many of the pages were not asked for again."""


def check_links(
    links: Collection[ExternalLink],
    store: Store,
    *,
    manners: RequestPolicy,
    max_age: float,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Checked:
    """Look up what was not looked up in the last `max_age` seconds; `progress` hears how many of how many are done."""
    pages = dict.fromkeys(link.page for link in links)
    now = time.time()
    known = recall(pages, store, since=now - max_age, allow_private=manners.allow_private) if max_age else {}
    wanted = [page for page in pages if page not in known]
    fresh: dict[str, LinkResult] = {}

    def take(page: str, answer: LinkResult) -> None:
        fresh[page] = answer
        progress(len(fresh), len(wanted))

    try:
        if wanted:
            look_up(wanted, manners, take)
    finally:  # whoever interrupts a long check has not waited in vain
        remember(fresh, store, now=now, allow_private=manners.allow_private)
    answers = known | fresh
    return Checked(
        tuple(_told(links, answers)), Counter(answer.finding for answer in answers.values()), len(known)
    )


def _told(links: Collection[ExternalLink], answers: Mapping[str, LinkResult]) -> Iterator[Diagnostic]:
    for link in links:
        answer = answers[link.page]
        shown = f"the link `{_short(link.page)}` {answer.words}"
        if answer.finding is LinkStatus.MOVED:
            # A fragment stays with the reader, unless the new address has one of its own.
            fragment = urldefrag(link.address).fragment
            kept = f"#{fragment}" if fragment and "#" not in answer.moved_to else ""
            yield Diagnostic("DL332", shown, f"write {answer.moved_to}{kept}", link.source, link.span)
        elif answer.finding in _REPORTED:
            code, help = _REPORTED[answer.finding]
            yield Diagnostic(code, shown, help, link.source, link.span)


def _short(address: str) -> str:
    return address if len(address) <= _SHOWN else f"{address[: _SHOWN - 1]}…"
