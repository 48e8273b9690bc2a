"""The addresses that the preview listens on, and the host names that it accepts."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import os
import socket
import sys
from collections.abc import Iterable

from dlmap.preview.api import ListenError, PortBusyError

if sys.platform != "win32":
    import resource

_PORTS_TO_TRY = 50
_BACKLOG = 1024
_OPEN_FILES = 4096
# Reserved for documentation: no packet is sent, the system only selects the interface.
_TEST_ADDRESS = ("192.0.2.1", 9)


def allow_many_connections() -> None:
    """Raise the limit of open files for hundreds of connections; the default of macOS is 256."""
    if sys.platform != "win32":
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        limit = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(_OPEN_FILES, hard)
        if soft != resource.RLIM_INFINITY and soft < limit:
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))


def listen(host: str, port: int) -> tuple[socket.socket, ...]:
    """Listen on every address of `host` with the same port; raises `PortBusyError` or `ListenError`."""
    sockets: list[socket.socket] = []
    try:
        for family, address in _addresses(host):
            port_to_use = sockets[0].getsockname()[1] if sockets else port
            with contextlib.suppress(_NoSuchAddressError):
                sockets.append(_listen_at(family, address, port_to_use))
        if not sockets:
            raise ListenError(f"{host} is not an address of this machine", "use --host 127.0.0.1")
    except BaseException:
        close_all(sockets)
        raise
    return tuple(sockets)


def close_all(sockets: Iterable[socket.socket]) -> None:
    """Close the sockets."""
    for each in sockets:
        each.close()


class _NoSuchAddressError(Exception):
    """This machine does not have the address; without IPv6, `localhost` has only one."""


def _addresses(host: str) -> list[tuple[socket.AddressFamily, str]]:
    try:
        results = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise ListenError(f"unknown host {host}", "use --host 127.0.0.1") from None
    return list(dict.fromkeys((family, str(address[0])) for family, _, _, _, address in results))


def _listen_at(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # Reuses the port of a preview that has just ended; on Windows this option would take over ports in use.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        elif hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        if family == socket.AF_INET6:
            # IPv4 gets a separate socket.
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((address, port))
        sock.listen(_BACKLOG)
    except OSError as error:
        sock.close()
        raise _listen_error(error, family, address, port) from None
    except OverflowError:
        sock.close()
        raise ListenError(f"{port} is not a port", "choose one from 1024 to 65535") from None
    return sock


def _listen_error(error: OSError, family: socket.AddressFamily, address: str, port: int) -> Exception:
    busy = {errno.EADDRINUSE, errno.EACCES} if sys.platform == "win32" else {errno.EADDRINUSE}
    if error.errno in busy:
        return PortBusyError(port, _next_free(family, address, port))
    if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
        return _NoSuchAddressError()
    reason = error.strerror or type(error).__name__
    return ListenError(
        f"cannot listen at {address}, port {port}: {reason}", "choose another port with --port"
    )


def _next_free(family: socket.AddressFamily, address: str, port: int) -> int | None:
    for candidate in range(port + 1, min(port + 1 + _PORTS_TO_TRY, 65536)):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_STREAM) as sock:
            sock.bind((address, candidate))
            return candidate
    return None


def is_wildcard(host: str) -> bool:
    """Whether `host` means every address of this machine."""
    address = _as_address(host)
    return address is not None and address.is_unspecified


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    address = _as_address(host)
    return host == "localhost" if address is None else address.is_loopback


def _as_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def url_host(host: str) -> str:
    """`host` as written in a URL and in a Host header."""
    return f"[{host}]" if ":" in host else host.lower()


def reachable_host(host: str) -> str:
    """The host to show and to open; browsers cannot use a wildcard."""
    if not is_wildcard(host):
        return host
    return "::1" if ":" in host else "127.0.0.1"


def host_headers(hosts: Iterable[str], port: int) -> frozenset[bytes]:
    """The Host headers that name `hosts` at `port`."""
    names = [url_host(host) for host in hosts]
    headers = [f"{name}:{port}" for name in names]
    if port == 80:
        headers += names
    return frozenset(header.encode("idna" if not header.isascii() else "ascii") for header in headers)


def lan_address() -> str | None:
    """The address of this machine on the local network, if any."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(_TEST_ADDRESS)
        address = str(sock.getsockname()[0])
        return None if is_loopback(address) or is_wildcard(address) else address
    return None
