"""Look addresses up: HEAD first, GET where a host does not like that, redirects followed, robots.txt heeded."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Collection, Mapping
from http import HTTPStatus
from urllib.robotparser import RobotFileParser

import httpx
from anyio.from_thread import start_blocking_portal
from httpx_retries import Retry

import dlmap
from dlmap.external.answer import LinkResult, LinkStatus
from dlmap.external.polite import PrivateAddressError, RequestPolicy, polite_transport

USER_AGENT = f"dlmap/{dlmap.__version__} (link check)"
_ROBOT = "dlmap"
_GONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
_FOR_GOOD = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)
_LONGEST_ROBOTS = 500 * 1024  # what RFC 9309 asks programs to read at least


def look_up(
    pages: Collection[str], manners: RequestPolicy, on_answer: Callable[[str, LinkResult], None]
) -> Mapping[str, LinkResult]:
    """Ask for each page; `on_answer` is called with every answer as it comes."""

    async def all_of_them() -> dict[str, LinkResult]:
        async with httpx.AsyncClient(
            transport=polite_transport(manners),
            timeout=manners.patience,
            headers={"User-Agent": USER_AGENT, "Accept": "*/*"},
        ) as client:
            visitor = _Client(client, manners)

            async def one(page: str) -> tuple[str, LinkResult]:
                answer = await visitor.visit(page)
                on_answer(page, answer)
                return page, answer

            return dict(await asyncio.gather(*map(one, pages)))

    # In a thread of its own, for whoever calls may have an event loop; an interrupt ends what is under way.
    with start_blocking_portal() as portal:
        return portal.call(all_of_them)


class _Client:
    def __init__(self, client: httpx.AsyncClient, manners: RequestPolicy) -> None:
        self._client = client
        self._manners = manners
        self._robots: dict[str, asyncio.Task[RobotFileParser]] = {}

    async def visit(self, page: str) -> LinkResult:
        """What `page` is."""
        try:
            return await self._follow(page)
        except PrivateAddressError as error:
            led = "leads" if str(error.request.url) == page else f"is redirected to {_host(error)}"
            return LinkResult(LinkStatus.PRIVATE, f"{led} into a private network, or to this machine")
        except httpx.InvalidURL as error:
            return LinkResult(LinkStatus.DEAD, f"is no address: {_first_line(error)}")
        except httpx.HTTPError as error:
            return LinkResult(LinkStatus.UNREACHABLE, _reason(error, self._manners))

    async def _follow(self, page: str) -> LinkResult:
        """Go where redirects lead, and tell what is there."""
        request = self._client.build_request("HEAD", page)
        seen, moved_to, for_good = [str(request.url)], "", True
        while True:
            if not await self._may_visit(request.url):
                return LinkResult(LinkStatus.REFUSED, "leads to a page that robots.txt keeps programs from")
            response = await self._ask(request)
            if response.next_request is None:
                return _judged(response, moved_to)
            request = response.next_request
            for_good = for_good and response.status_code in _FOR_GOOD
            moved_to = str(request.url) if for_good else moved_to
            seen.append(str(request.url))
            if len(seen) > self._manners.redirects + 1:
                goes_round = len(set(seen)) < len(seen)
                how = "in a circle" if goes_round else f"more than {self._manners.redirects} times"
                return LinkResult(LinkStatus.UNREACHABLE, f"is redirected {how}")

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        """The head of the answer; no page is called dead or closed that only does not know HEAD."""
        response = await self._client.send(request, stream=True)
        await response.aclose()
        if request.method == "HEAD" and response.status_code >= 400 and not _asks_to_wait(response):
            again = self._client.build_request("GET", request.url)
            response = await self._client.send(again, stream=True)
            await response.aclose()
        return response

    async def _may_visit(self, url: httpx.URL) -> bool:
        host = str(url.copy_with(path="/", query=None, fragment=None))
        if host not in self._robots:
            self._robots[host] = asyncio.create_task(self._read_robots(host))
        robots = await self._robots[host]
        return robots.can_fetch(_ROBOT, str(url))

    async def _read_robots(self, host: str) -> RobotFileParser:
        """What a host wants of programs; without a word of it everything is allowed."""
        robots = RobotFileParser()
        lines: list[str] = []
        try:
            request = self._client.build_request("GET", f"{host}robots.txt", extensions={"retry": Retry(0)})
            response = await self._client.send(request, stream=True, follow_redirects=True)
            try:
                if response.status_code == HTTPStatus.OK:
                    async with asyncio.timeout(self._manners.longest):
                        lines = await _beginning(response, _LONGEST_ROBOTS)
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
            pass
        robots.parse(lines)
        return robots


async def _beginning(response: httpx.Response, size: int) -> list[str]:
    """The lines in the first so many bytes."""
    read = b""
    async for chunk in response.aiter_bytes():
        read += chunk
        if len(read) >= size:
            break
    return read[:size].decode("utf-8", "replace").splitlines()


def _judged(response: httpx.Response, moved_to: str) -> LinkResult:
    status = response.status_code
    words = f"is answered by {status} {response.reason_phrase}".rstrip()
    if status < 400:
        return (
            LinkResult(LinkStatus.MOVED, "has moved for good", moved_to)
            if moved_to
            else LinkResult(LinkStatus.FINE)
        )
    if status in _GONE:
        return LinkResult(LinkStatus.DEAD, words)
    if status >= 500 or _asks_to_wait(response):
        return LinkResult(LinkStatus.UNREACHABLE, words)
    return LinkResult(LinkStatus.REFUSED, words)


def _asks_to_wait(response: httpx.Response) -> bool:
    return response.status_code == HTTPStatus.TOO_MANY_REQUESTS


def _reason(error: httpx.HTTPError, manners: RequestPolicy) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"is not answered within {manners.patience:g} seconds"
    if _is_caused_by(error, ssl.SSLCertVerificationError):
        return "leads to a host that does not prove its name: its certificate is not valid"
    if isinstance(error, httpx.ConnectError):
        return f"leads to a host that cannot be reached: {_first_line(error)}"
    return f"is not answered as HTTP wants it: {_first_line(error)}"


def _is_caused_by(error: BaseException | None, kind: type[BaseException]) -> bool:
    while error is not None:
        if isinstance(error, kind):
            return True
        error = error.__cause__ or error.__context__
    return False


def _host(error: httpx.RequestError) -> str:
    return error.request.url.host


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__
