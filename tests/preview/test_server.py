"""The preview's server on real sockets: what it serves, to whom, and what it never gives away."""

import os
import re
import socket
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from dlmap.preview import ListenError, PortBusyError, PreviewOptions, RebuildResult, run_preview
from dlmap.preview.sockets import lan_address
from support.checkout import require
from support.preview import (
    PATIENCE,
    Files,
    Running,
    Site,
    ask,
    exchange,
    parse,
    running,
    serving,
    write,
)

CANARY = b"canary-7f3a"
PROMISES = {
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "frame-ancestors 'self'",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
}


@pytest.fixture(scope="module", params=["/", "/repo/"])
def base(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def preview(base: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    site = Site(tmp_path_factory.mktemp("work") / "site-folder")
    plant_canaries(site)
    with serving(site, base_path=base) as preview:
        yield preview


def plant_canaries(site: Site) -> None:
    """Beside the files that may be sent, hidden among them, and behind links out of them."""
    secret = CANARY.decode()
    static = site.folder / "static"
    for name in ("secret.txt", "secret.txt.html", "index.html", "site-secret/index.html"):
        write(site.folder / name, secret)
    for name in (".env", ".git/config", "zh/.draft/index.html"):
        write(static / name, secret)
    (static / "link.txt").symlink_to("../secret.txt")
    (static / "linked").symlink_to("..")
    (static / "absolute").symlink_to(site.folder)
    (static / "exposed").symlink_to(".env")
    (static / "circle").symlink_to("circle")
    names = [".env", ".git/config", "zh/.draft/index.html", "link.txt", "linked/secret.txt"]
    names += ["absolute/secret.txt", "exposed", "circle", "gone.txt", "linked"]
    if hasattr(os, "mkfifo"):
        os.mkfifo(static / "pipe")
        names.append("pipe")
    site.more = {name: static / name for name in names}


ATTACKS = [
    "/../secret.txt",
    "/zh/../../secret.txt",
    "/./../secret.txt",
    "/zh/./index.html/../../../secret.txt",
    "/%2e%2e/secret.txt",
    "/%2E%2E/secret.txt",
    "/.%2e/secret.txt",
    "/%2e./secret.txt",
    "/zh/%2e%2e/%2e%2e/secret.txt",
    "/%2e%2e%2fsecret.txt",
    "/..%2fsecret.txt",
    "/..%2Fsecret.txt",
    "/zh%2f..%2f..%2fsecret.txt",
    "/%2f..%2fsecret.txt",
    "/..%5csecret.txt",
    "/..\\secret.txt",
    "/zh\\..\\..\\secret.txt",
    "/%252e%252e/secret.txt",
    "/%252e%252e%252fsecret.txt",
    "/..%255csecret.txt",
    "/..;/secret.txt",
    "/..%3b/secret.txt",
    "/....//secret.txt",
    "//../secret.txt",
    "///secret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/..%c0%afsecret.txt",
    "/%e0%80%ae%e0%80%ae/secret.txt",
    "/%u002e%u002e/secret.txt",
    "/%ef%bc%8e%ef%bc%8e/secret.txt",
    "/secret.txt%00",
    "/secret.txt%00.html",
    "/zh/%00/../../secret.txt",
    "/%0a../secret.txt",
    "/link.txt",
    "/linked/secret.txt",
    "/linked/",
    "/linked",
    "/circle",
    "/gone.txt",
    "/absolute/secret.txt",
    "/exposed",
    "/.env",
    "/%2eenv",
    "/.git/config",
    "/zh/.draft/",
    "/pipe",
    "/C:/secret.txt",
    "/C:%5csecret.txt",
    "/zh/c:secret.txt",
    "/index.html::$DATA",
    "/file:///etc/passwd",
    "/{folder}/secret.txt",
    "//{folder}/secret.txt",
    "/%",
    "/%2",
    "/%zz",
    "/\xff",
    "../secret.txt",
    "secret.txt",
    "http://127.0.0.1/../secret.txt",
    "*",
    "/secret.txt?/../../secret.txt",
    "/?file=../secret.txt",
    "/" + "a" * 5000,
    "/" + "../" * 200 + "secret.txt",
]
NOT_HTTP = {"/\xff"}


@pytest.mark.parametrize("attack", ATTACKS)
def test_2b_no_path_leads_out(preview: Running, base: str, attack: str, tmp_path: Path) -> None:
    attack = attack.replace("{folder}", str(tmp_path).strip("/"))
    for path in {attack, base + attack.lstrip("/"), base.rstrip("/") + attack}:
        request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{preview.port}\r\nConnection: close\r\n\r\n"
        answer = exchange(preview.port, request.encode("latin-1"))
        assert CANARY not in answer
        assert parse(answer).status == (400 if attack in NOT_HTTP else 404), path


GOOD_HOSTS = ["127.0.0.1:{port}", "localhost:{port}", "[::1]:{port}"]
BAD_HOSTS = [
    "evil.example",
    "evil.example:{port}",
    "localhost.evil.example:{port}",
    "127.0.0.1.evil.example:{port}",
    "evil.example@127.0.0.1:{port}",
    "127.0.0.1:{port}@evil.example",
    "127.0.0.1:{port}, evil.example",
    "127.0.0.1:{port}/",
    "127.0.0.1",
    "localhost",
    "[::1]",
    "127.0.0.1:1",
    "127.0.0.1:{port}0",
    "127.0.0.2:{port}",
    "127.1:{port}",
    "2130706433:{port}",
    "0x7f000001:{port}",
    "0.0.0.0:{port}",
    "[::]:{port}",
    "[::ffff:127.0.0.1]:{port}",
    "localhost.:{port}",
    "app.localhost:{port}",
    "LOCALHOST:{port}",
    "127.0.0.1.:{port}",
    "127.0.0.1:0{port}",
    "[::1%25lo]:{port}",
    "[0:0:0:0:0:0:0:1]:{port}",
    ":{port}",
    "null",
    "",
]


@pytest.mark.parametrize("host", GOOD_HOSTS)
def test_answers_to_its_own_names(preview: Running, base: str, host: str) -> None:
    assert ask(preview.port, base + "zh/", host=host.format(port=preview.port)).status == 200


@pytest.mark.parametrize("host", BAD_HOSTS)
def test_2b_answers_to_no_other_name(preview: Running, base: str, host: str) -> None:
    for path in ("zh/", "_dlmap/events", "_dlmap/diagnostics.json"):
        name = host.format(port=preview.port)
        request = f"GET {base}{path} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n"
        answer = parse(exchange(preview.port, request.encode()))
        assert answer.status == 403
        assert "第一版" not in answer.text
        assert_promises(answer.headers)


def test_2b_needs_exactly_one_name(preview: Running, base: str) -> None:
    assert ask(preview.port, base + "zh/", host="").status == 403
    # HTTP/1.1 calls these malformed, so they are refused before the question of the name comes up.
    own = f"Host: 127.0.0.1:{preview.port}\r\n"
    for names in ("", own + own, own + "Host: evil.example\r\n"):
        answer = exchange(preview.port, f"GET {base}zh/ HTTP/1.1\r\n{names}\r\n".encode())
        assert parse(answer).status == 400
        assert "第一版".encode() not in answer


OWN = "Host: 127.0.0.1:{port}\r\n"
REQUESTS = {
    "without a name, as HTTP/1.0 allows": ("GET {base}zh/ HTTP/1.0\r\n\r\n", [403]),
    "without a version": ("GET {base}zh/\r\n\r\n", [400]),
    "of HTTP/2": ("PRI * HTTP/2.0\r\nConnection: close\r\n\r\n", [403]),
    "a name in the target": (
        "GET http://127.0.0.1:{port}{base}zh/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        [403],
    ),
    "another name in the target": ("GET http://evil.example{base}zh/ HTTP/1.1\r\n" + OWN + "\r\n", [404]),
    "a name that a proxy says": (
        "GET {base}zh/ HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: 127.0.0.1:{port}\r\n\r\n",
        [403],
    ),
    "a name on two lines": (
        "GET {base}zh/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n .evil.example\r\n\r\n",
        [403],
    ),
    "a second request on the connection": (
        "GET {base}none HTTP/1.1\r\n" + OWN + "\r\nGET {base}zh/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        [404, 403],
    ),
    "a request in a body": (
        "POST {base}zh/ HTTP/1.1\r\n"
        + OWN
        + "Content-Length: 99\r\n\r\nGET {base}zh/ HTTP/1.1\r\n"
        + OWN
        + "\r\n",
        [405],
    ),
    "a header without end": ("GET {base}zh/ HTTP/1.1\r\n" + OWN + "X: " + "x" * 200_000, [400]),
    "a target without end": ("GET {base}" + "x" * 200_000, [400]),
    "TLS": ("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" + "\0" * 600, [400]),
    "no text": ("\0\xff\r\n\r\n", [400]),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_2b_requests_that_no_browser_makes(preview: Running, base: str, name: str) -> None:
    request, statuses = REQUESTS[name]
    request = request.replace("{port}", str(preview.port)).replace("{base}", base)
    answer = b""
    # Who has heard enough of a request may break the connection off, and the answer with it.
    with (
        socket.create_connection(("127.0.0.1", preview.port), PATIENCE) as sock,
        suppress(OSError) if len(request) > 65_536 else nullcontext(),
    ):
        sock.sendall(request.encode("latin-1"))
        sock.shutdown(socket.SHUT_WR)
        while part := sock.recv(65536):
            answer += part
    found = [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+)", answer)]
    assert found == statuses or (not found and len(request) > 65_536)
    assert "第一版".encode() not in answer
    assert ask(preview.port, base + "zh/").status == 200


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get"]
)
def test_2b_only_get_and_head(preview: Running, base: str, method: str) -> None:
    for path in ("zh/", "_dlmap/events"):
        answer = ask(preview.port, base + path, method=method)
        assert answer.status == 405
        assert answer.header("allow") == "GET, HEAD"
        assert_promises(answer.headers)


def test_head_is_get_without_the_body(preview: Running, base: str) -> None:
    for path in ("zh/", "none/", "_dlmap/preview.js"):
        get, head = (ask(preview.port, base + path, method=method) for method in ("GET", "HEAD"))
        assert head.body == b""
        assert head.status == get.status
        assert head.header("content-length") == get.header("content-length") == str(len(get.body))
    assert ask(preview.port, base + "_dlmap/events", method="HEAD").status == 200


def assert_promises(headers: tuple[tuple[str, str], ...]) -> None:
    assert dict(headers).items() >= PROMISES.items()
    assert not any(name.startswith("access-control-") for name, _ in headers)
    assert "server" not in dict(headers)


def test_2b_every_answer_keeps_the_promises(preview: Running, base: str) -> None:
    own = ("preview.js", "overlay.css", "diagnostics.json", "changes.json")
    paths = ("zh/", "zh", "none/", *(f"_dlmap/{name}" for name in own))
    for path in paths:
        answer = ask(preview.port, base + path, "Origin: null" if path == "zh/" else "Accept: */*")
        assert_promises(answer.headers)


@pytest.mark.parametrize("path", ["events", "diagnostics.json", "changes.json?since=1", "preview.js"])
@pytest.mark.parametrize(
    "header",
    [
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site",
        "Sec-Fetch-Site: nonsense",
        "Sec-Fetch-Site:",
        "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Site: cross-site",
        "Origin: http://evil.example",
        "Origin: null",
        "Origin: null\r\nSec-Fetch-Site: cross-site",
        "Origin: http://localhost:1",
        "Origin: http://localhost:1\r\nSec-Fetch-Site: same-origin",
    ],
)
def test_2b_other_sites_get_nothing_of_the_reload_channel(
    preview: Running, base: str, path: str, header: str
) -> None:
    assert ask(preview.port, f"{base}_dlmap/{path}", header).status == 403
    assert ask(preview.port, f"{base}%5fdlmap/{path}", header).status == 403


@pytest.mark.parametrize("site", ["same-origin", "none", None])
def test_own_pages_may_ask(preview: Running, base: str, site: str | None) -> None:
    fetch_site = [f"Sec-Fetch-Site: {site}"] if site else []
    for origin in ([], [f"Origin: http://127.0.0.1:{preview.port}"], ["Origin: null"] if site else []):
        answer = ask(preview.port, base + "_dlmap/diagnostics.json", *fetch_site, *origin)
        assert answer.status == 200
        assert answer.header("content-type") == "application/json; charset=utf-8"


@pytest.mark.parametrize("upgrade", ["websocket", "h2c"])
def test_2b_no_upgrade(preview: Running, base: str, upgrade: str) -> None:
    request = (
        f"GET {base}zh/ HTTP/1.1\r\nHost: 127.0.0.1:{preview.port}\r\nConnection: Upgrade, close\r\n"
        f"Upgrade: {upgrade}\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    assert parse(exchange(preview.port, request.encode())).status == 200


# What is served


def test_pages_carry_the_client_and_the_files_do_not(preview: Running, base: str) -> None:
    page = ask(preview.port, base + "zh/")
    assert page.status == 200
    assert page.header("content-type") == "text/html; charset=utf-8"
    script = f'<script type="module" src="{base}_dlmap/preview.js"'
    assert page.text.count(script) == 1
    assert f"<head>{script}" in page.text
    assert ask(preview.port, base + "zh/index.html").body == page.body


def test_folder_is_redirected_with_its_query(preview: Running, base: str) -> None:
    answer = ask(preview.port, base + "zh/%E4%B8%AD%E6%96%87?q=a&b")
    assert answer.status == 301
    assert answer.header("location") == base + "zh/%E4%B8%AD%E6%96%87/?q=a&b"
    assert ask(preview.port, base + "zh/%E4%B8%AD%E6%96%87/?q").status == 200


def test_missing_page_is_the_sites_own(preview: Running, base: str) -> None:
    answer = ask(preview.port, base + "none/")
    assert answer.status == 404
    assert "没有这一页" in answer.text
    assert "preview.js" in answer.text


def test_client_files(preview: Running, base: str) -> None:
    script = ask(preview.port, base + "_dlmap/preview.js")
    style = ask(preview.port, base + "_dlmap/overlay.css")
    assert (script.status, script.header("content-type")) == (200, "text/javascript; charset=utf-8")
    assert (style.status, style.header("content-type")) == (200, "text/css; charset=utf-8")
    for name in ("preview.js", "morph.js", "overlay.js"):
        assert "innerHTML" not in ask(preview.port, base + f"_dlmap/{name}").text
    assert "Idiomorph" in ask(preview.port, base + "_dlmap/idiomorph.js").text


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.css", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.json", "application/json; charset=utf-8"),
        ("a.jsonld", "application/ld+json; charset=utf-8"),
        ("a.svg", "image/svg+xml; charset=utf-8"),
        ("a.webmanifest", "application/manifest+json; charset=utf-8"),
        ("a.xml", "text/xml; charset=utf-8"),
        ("a.md", "text/markdown; charset=utf-8"),
        ("a.ttl", "text/turtle; charset=utf-8"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("a.woff2", "font/woff2"),
        ("a.PNG", "image/png"),
        ("a.unknown", "application/octet-stream"),
        ("CNAME", "application/octet-stream"),
    ],
)
def test_content_types(served_files: Running, name: str, content_type: str) -> None:
    answer = ask(served_files.port, f"/files/{name}")
    assert answer.status == 200
    assert answer.header("content-type") == content_type
    assert answer.text == name


@pytest.fixture(scope="module", params=["made", "sent"])
def served_files(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """Files rendered on request, and the same files on disk."""
    site = Site(tmp_path_factory.mktemp("work") / "site-folder")
    names = (
        "a.css a.js a.json a.jsonld a.svg a.webmanifest a.xml a.md a.ttl a.txt a.woff2 a.PNG a.unknown CNAME"
    )
    texts = {**{name: name for name in names.split()}, **PAGES}
    for name, text in texts.items():
        write(site.folder / "static" / name, text)
        made = request.param == "made"
        site.more[f"files/{name}"] = text.encode() if made else site.folder / "static" / name
    with serving(site) as preview:
        yield preview


PAGES = {
    "bare.html": "<p>no head",
    "two.html": '<!doctype html><HEAD lang="en"><title>&lt;head></title></HEAD><pre><head></pre>',
    "header.html": "<!doctype html><header>no head</header>",
}


def test_client_goes_to_the_start_of_the_head(served_files: Running) -> None:
    bare = ask(served_files.port, "/files/bare.html").text
    assert bare.startswith("<script")
    assert bare.endswith("</script><p>no head")
    assert ask(served_files.port, "/files/two").text.startswith('<!doctype html><HEAD lang="en"><script')
    header = ask(served_files.port, "/files/header").text
    assert header.startswith("<!doctype html><script")
    assert header.endswith("</script><header>no head</header>")


def test_parts_of_a_file(tmp_path: Path) -> None:
    site = Site(tmp_path / "work")
    write(site.folder / "static" / "film.mp4", "0123456789")
    with serving(site) as preview:
        answer = ask(preview.port, "/assets/film.mp4", "Range: bytes=2-4")
        assert (answer.status, answer.text) == (206, "234")
        assert_promises(answer.headers)


def test_site_without_a_page_for_what_is_missing(tmp_path: Path) -> None:
    site = Site(tmp_path / "work")

    def build(_: tuple[str, ...]) -> RebuildResult:
        return RebuildResult(True, Files({"zh/index.html": b"<head>"}), (), "1 page")

    with running(replace(site.options, base_path="/repo/"), build) as preview:
        answer = ask(preview.port, "/")
        assert answer.status == 404
        assert '<a href="/repo/">' in answer.text


# Where it listens


def test_60_a_busy_port_is_reported_before_the_first_build(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        options = PreviewOptions(tmp_path, (tmp_path,), (), port=port)
        with pytest.raises(PortBusyError) as refused:
            run_preview(options, must_not_build, announce=print)
    assert refused.value.port == port
    assert refused.value.next_free is not None
    assert refused.value.next_free > port
    assert str(refused.value) == f"port {port} is in use"
    assert refused.value.help == f"use --port {refused.value.next_free}"


@pytest.mark.parametrize(
    ("host", "port", "message"),
    [
        ("no-such-host.invalid", 0, "unknown host"),
        ("192.0.2.1", 0, "not an address of this machine"),
        ("127.0.0.1", 65536, "not a port"),
        ("127.0.0.1", -1, "not a port"),
    ],
)
def test_unusable_address(tmp_path: Path, host: str, port: int, message: str) -> None:
    options = PreviewOptions(tmp_path, (tmp_path,), (), host=host, port=port)
    with pytest.raises(ListenError, match=message):
        run_preview(options, must_not_build, announce=print)


def must_not_build(_: tuple[str, ...]) -> RebuildResult:
    raise AssertionError("built without an address")


def test_60_every_address_is_served_with_a_warning(tmp_path: Path) -> None:
    site = Site(tmp_path / "work")
    with serving(site, host="0.0.0.0") as preview:  # noqa: S104
        warning = preview.wait_for("warning: --host 0.0.0.0 makes the preview")
        assert f"Preview at http://127.0.0.1:{preview.port}/" in preview.lines[1]
        assert ask(preview.port, "/zh/").status == 200
        assert ask(preview.port, "/zh/", host=f"0.0.0.0:{preview.port}").status == 200
        assert ask(preview.port, "/zh/", host=f"evil.example:{preview.port}").status == 403
        # Any loopback address reaches the server now, and the one that did is its own.
        name = f"127.0.0.7:{preview.port}"
        assert ask(preview.port, "/zh/", host=name).status == 403
        with socket.create_connection(("127.0.0.7", preview.port), PATIENCE) as sock:
            sock.sendall(f"GET /zh/ HTTP/1.1\r\nHost: {name}\r\n\r\n".encode())
            assert sock.recv(64).startswith(b"HTTP/1.1 200")
        if address := lan_address():
            assert f"http://{address}:{preview.port}/" in warning
            assert ask(preview.port, "/zh/", host=f"{address}:{preview.port}").status == 200


def test_only_the_local_machine_gets_the_paths_of_files(tmp_path: Path) -> None:
    address = lan_address()
    require(address is not None, "an address in a network")
    assert address is not None
    site = Site(tmp_path / "work")
    site.edit("坏\n")
    with serving(site, host="0.0.0.0", editor=lambda: "x-editor://{file}:{line}") as preview:  # noqa: S104
        for place, told in (("127.0.0.1", True), (address, False)):
            with socket.create_connection((place, preview.port), PATIENCE) as sock:
                head = f"Host: {place}:{preview.port}\r\nConnection: close\r\n"
                sock.sendall(f"GET /_dlmap/diagnostics.json HTTP/1.1\r\n{head}\r\n".encode())
                answer = parse(b"".join(iter(lambda: sock.recv(65536), b""))).text
            assert ("x-editor" in answer) is told
            assert (str(site.folder) in answer) is told
            assert "content/outline.md" in answer


def test_a_phone_can_scan_the_address(tmp_path: Path) -> None:
    require(lan_address() is not None, "an address in a network")
    site = Site(tmp_path / "work")
    with serving(site, host="0.0.0.0", is_terminal=True) as preview:  # noqa: S104
        preview.wait_for("every device on this network")
        site.edit("第二版\n")
        preview.wait_for("changed")
        drawn = [line for line in preview.lines if set(line) & set("█▀▄")]
    assert len(drawn) > 10
    assert len({len(line) for line in drawn}) == 1
    with serving(site, host="0.0.0.0") as preview:  # noqa: S104
        preview.wait_for("every device on this network")
        site.edit("第三版\n")
        preview.wait_for("changed")
        assert not any(set(line) & set("█▀▄") for line in preview.lines)


def test_localhost_is_served_at_all_its_addresses(tmp_path: Path) -> None:
    site = Site(tmp_path / "work")
    with serving(site, host="localhost") as preview:
        assert not any("warning" in line for line in preview.lines)
        families = {family for family, *_ in socket.getaddrinfo("localhost", None, type=socket.SOCK_STREAM)}
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            if family in families and (family == socket.AF_INET or has_ipv6_loopback()):
                with socket.create_connection((address, preview.port), PATIENCE):
                    pass


def has_ipv6_loopback() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as sock:
            sock.bind(("::1", 0))
    except OSError:
        return False
    return True
