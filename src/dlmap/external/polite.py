"""How hosts are asked: few requests at a time, none to a private network unless that is allowed."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections import defaultdict
from dataclasses import dataclass
from http import HTTPStatus

import httpx
from httpx_retries import Retry, RetryTransport

_ADDRESSES_TRIED = 3


@dataclass(frozen=True, slots=True)
class RequestPolicy:
    """How hosts are asked; times are in seconds."""

    at_once: int = 16
    """Requests under way, to all hosts together."""
    at_once_per_host: int = 2
    pause_per_host: float = 0.25
    """Between the beginnings of two requests to one host."""
    patience: float = 10.0
    """For a connection, and for an answer on it."""
    retries: int = 2
    backoff: float = 0.5
    """Before the first retry, at most; twice as long before each further one."""
    longest_wait: float = 30.0
    """However long a host asks to wait (`Retry-After`)."""
    longest: float = 30.0
    """For the head of one answer, however slowly it trickles in."""
    redirects: int = 10
    allow_private: bool = False
    """Whether addresses of private networks and of this machine are asked as well."""


class PrivateAddressError(httpx.RequestError):
    """The host stands in a private network."""


def polite_transport(manners: RequestPolicy) -> httpx.AsyncBaseTransport:
    """A transport with these manners that asks again what failed for the moment, as long as a host wishes."""
    retry = Retry(
        total=manners.retries,
        backoff_factor=manners.backoff,
        max_backoff_wait=manners.longest_wait,
        status_forcelist=(
            HTTPStatus.TOO_MANY_REQUESTS,
            HTTPStatus.INTERNAL_SERVER_ERROR,
            HTTPStatus.BAD_GATEWAY,
            HTTPStatus.SERVICE_UNAVAILABLE,
            HTTPStatus.GATEWAY_TIMEOUT,
        ),
    )
    return RetryTransport(_Transport(manners), retry)


@dataclass
class _HostSlot:
    """When a host may be asked next."""

    slots: asyncio.Semaphore
    next: float = 0.0


class _Transport(httpx.AsyncBaseTransport):
    """Connects to the very address that was found to be public: a second look-up of the name may tell another."""

    def __init__(self, manners: RequestPolicy) -> None:
        self._manners = manners
        self._slots = asyncio.Semaphore(manners.at_once)
        self._turns: dict[str, _HostSlot] = defaultdict(
            lambda: _HostSlot(asyncio.Semaphore(manners.at_once_per_host))
        )
        # A connection is opened to an address, but was encrypted for a host: another host may have the same address.
        self._inner = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        turn = self._turns[request.url.host]
        async with turn.slots, self._slots:
            now = asyncio.get_running_loop().time()
            begin, turn.next = max(now, turn.next), max(now, turn.next) + self._manners.pause_per_host
            await asyncio.sleep(begin - now)
            addresses = await self._resolve(request)
            try:
                async with asyncio.timeout(self._manners.longest):
                    return await self._send(request, addresses)
            except TimeoutError:
                raise httpx.ReadTimeout("the answer takes too long", request=request) from None

    async def _send(self, request: httpx.Request, addresses: list[str]) -> httpx.Response:
        for address in addresses[:-1]:
            try:
                return await self._inner.handle_async_request(_sent_to(address, request))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._inner.handle_async_request(_sent_to(addresses[-1], request))

    async def _resolve(self, request: httpx.Request) -> list[str]:
        """The addresses of the host that is asked.  Raises `PrivateAddressError`."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(request.url.host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(f"no address: {error}", request=request) from None
        addresses = list(dict.fromkeys(str(place[0]) for *_, place in found))
        if not self._manners.allow_private and not all(map(_is_public, addresses)):
            raise PrivateAddressError("a private address", request=request)
        return addresses[:_ADDRESSES_TRIED]

    async def aclose(self) -> None:
        await self._inner.aclose()


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address)
    inner = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (inner or found).is_global and not found.is_multicast


def _sent_to(address: str, request: httpx.Request) -> httpx.Request:
    """The same request to one address of its host; certificates are still checked against the name."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )
