"""Addresses in settings: base URLs, hosts, domains and paths of a site."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

_HOST = re.compile(r"([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d+)?")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+(?!\d+$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_MAX_DOMAIN_LENGTH = 253
_MAX_NAME_BYTES = 250
"""File systems allow names of 255 bytes; `.html` may be added."""
# These characters need no encoding in the path of an address.
_PATH_SAFE = "/~!$&'()*+,;=@"


def normal_base_url(url: str) -> str | None:
    """`url` in ASCII with a trailing slash, or None if it cannot be a base address."""
    try:
        parts = urlsplit(url)
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except ValueError:  # an invalid host, or brackets around something other than an IPv6 address
        return None
    segments = parts.path.strip("/").split("/")
    is_usable = parts.scheme in ("http", "https") and _HOST.fullmatch(host)
    if not is_usable or parts.query or parts.fragment or {".", ".."} & set(segments) or "" in segments[1:]:
        return None
    path = quote(unquote("/".join(segments)), safe=_PATH_SAFE)
    return f"{parts.scheme}://{host}/{path}/" if path else f"{parts.scheme}://{host}/"


def normal_host(text: str) -> str | None:
    """The host in `text`, a host or a web address, in lower case; None if there is none."""
    host = re.sub(r"^https?://", "", text.lower()).split("/")[0]
    return host if _HOST.fullmatch(host) else None


def normal_domain(text: str) -> str | None:
    """The domain name `text` in ASCII, as in DNS; None if it is not one."""
    try:
        domain = text.lower().encode("idna").decode()
    except UnicodeError:
        return None
    return domain if _DOMAIN.fullmatch(domain) and len(domain) <= _MAX_DOMAIN_LENGTH else None


def is_site_path(path: str) -> bool:
    """Whether `path` can be the address and the file of a page: absolute, with plain segments and no `..`."""
    segments = path[1:].removesuffix("/").split("/")
    return path == "/" or (
        path.startswith("/")
        and path.isprintable()
        and not re.search(r"[\\?#%:*\"<>|]", path)
        and all(segment not in ("", ".", "..") for segment in segments)
        and all(len(segment.encode()) <= _MAX_NAME_BYTES for segment in segments)
    )
