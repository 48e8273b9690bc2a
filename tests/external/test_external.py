"""`dlmap check --external`: what hosts answer, how they are asked, and what is remembered."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from dlmap import __version__
from dlmap.cli import group
from dlmap.external import LinkResult, LinkStatus, RequestPolicy, look_up
from support.web_host import Host, Reply, answering

QUICK = RequestPolicy(pause_per_host=0, backoff=0.01, patience=0.4, retries=1, allow_private=True)


def ask(host: Host, *paths: str, manners: RequestPolicy = QUICK) -> Mapping[str, LinkResult]:
    """What comes of paths of a host."""
    answers = look_up([f"{host.address}{path}" for path in paths], manners, lambda _page, _answer: None)
    return {page.removeprefix(host.address): answer for page, answer in answers.items()}


def finding(reply: Reply | list[Reply], manners: RequestPolicy = QUICK) -> LinkResult:
    with answering({"/page": reply}) as host:
        return ask(host, "/page", manners=manners)["/page"]


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(200), LinkStatus.FINE),
        (Reply(404), LinkStatus.DEAD),
        (Reply(410), LinkStatus.DEAD),
        (Reply(403), LinkStatus.REFUSED),
        (Reply(429), LinkStatus.UNREACHABLE),
        (Reply(500), LinkStatus.UNREACHABLE),
        (Reply(200, seconds=2), LinkStatus.UNREACHABLE),
        (Reply(302, {"Location": "/page"}), LinkStatus.UNREACHABLE),
        (Reply(302, {"Location": "ftp://files.example/"}), LinkStatus.UNREACHABLE),
        (Reply(200, only="GET"), LinkStatus.FINE),
    ],
)
def test_what_a_page_answers_tells_what_it_is(reply: Reply, expected: LinkStatus) -> None:
    assert finding(reply).finding is expected


def test_the_reason_is_told() -> None:
    assert finding(Reply(404)).words == "is answered by 404 Not Found"
    assert finding(Reply(200, seconds=2)).words == "is not answered within 0.4 seconds"
    assert finding(Reply(302, {"Location": "/page"})).words == "is redirected in a circle"
    nobody = "http://127.0.0.1:1/"
    answer = look_up([nobody], QUICK, lambda _page, _answer: None)[nobody]
    assert answer.words.startswith("leads to a host that cannot be reached")


def test_a_page_has_moved_as_far_as_its_host_says_so_for_good() -> None:
    replies = {
        "/old": Reply(301, {"Location": "/newer"}),
        "/newer": Reply(308, {"Location": "HOST/newest"}),
        "/newest": Reply(302, {"Location": "/today"}),
        "/today": Reply(200),
        "/lent": Reply(302, {"Location": "/old"}),
        "/lost": Reply(301, {"Location": "/nowhere"}),
    }
    with answering(replies) as host:
        answers = ask(host, "/old", "/lent", "/lost")
        assert answers["/old"] == LinkResult(LinkStatus.MOVED, "has moved for good", f"{host.address}/newest")
    assert answers["/lent"].finding is LinkStatus.FINE
    assert answers["/lost"].finding is LinkStatus.DEAD


def test_a_redirect_that_wants_its_cookie_back_is_no_circle() -> None:
    first = Reply(302, {"Location": "/page", "Set-Cookie": "seen=1; Path=/"})
    with answering({"/page": [first, Reply(200)]}) as host:
        assert ask(host, "/page")["/page"].finding is LinkStatus.FINE
        assert host.headers[-1]["Cookie"] == "seen=1"


def test_the_body_is_only_asked_for_where_head_does_not_do() -> None:
    with answering({"/page": Reply(200), "/old": Reply(200, only="GET")}) as host:
        ask(host, "/page", "/old")
        assert sorted(asked for asked in host.asked if asked[1] != "/robots.txt") == [
            ("GET", "/old"),
            ("HEAD", "/old"),
            ("HEAD", "/page"),
        ]
        assert all(headers["User-Agent"].startswith(f"dlmap/{__version__}") for headers in host.headers)


def test_a_host_that_wants_to_be_asked_later_is_asked_as_late_as_it_wants() -> None:
    with answering({"/page": [Reply(429, {"Retry-After": "1"}), Reply(200)]}) as host:
        begin = time.monotonic()
        assert ask(host, "/page")["/page"].finding is LinkStatus.FINE
        assert time.monotonic() - begin >= 1
        assert host.count("/page") == 2


def test_a_fault_that_passes_is_no_fault() -> None:
    with answering({"/page": [Reply(503), Reply(200)]}) as host:
        assert ask(host, "/page")["/page"].finding is LinkStatus.FINE


def test_a_host_is_asked_twice_at_once_at_most() -> None:
    paths = [f"/{number}" for number in range(8)]
    with answering({path: Reply(200, seconds=0.05) for path in paths}) as host:
        ask(host, *paths)
        assert host.most_at_once == 2


def test_robots_txt_is_heeded_and_read_once() -> None:
    robots = "User-agent: *\nDisallow: /closed\n"
    with answering({"/robots.txt": Reply(200, body=robots), "/open": Reply(200)}) as host:
        answers = ask(host, "/closed", "/open")
        assert answers["/closed"].finding is LinkStatus.REFUSED
        assert answers["/open"].finding is LinkStatus.FINE
        assert host.count("/closed") == 0
        assert host.count("/robots.txt") == 1


def test_private_addresses_are_not_asked() -> None:
    with answering({"/page": Reply(200)}) as host:
        port = host.address.rsplit(":", 1)[1]
        pages = [
            f"http://{name}:{port}/page"
            for name in ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "127.1", "0", "10.0.0.1")
        ]
        answers = look_up(pages, RequestPolicy(retries=0), lambda _page, _answer: None)
        assert {answer.finding for answer in answers.values()} == {LinkStatus.PRIVATE}
        assert host.asked == []


# From here on as a user calls it.


def write_site(folder: Path, host: str) -> Path:
    """A site with a link of each sort."""
    files = {
        "dlmap.toml": 'languages = ["en"]\n',
        "content/outline.en.md": f"# Part\n\n## Area\n\n### Family\n\nSee [a]({host}/there),\n[b]({host}/gone) and **M**.\n",
        "content/methods.yml": f"m:\n  name: M\n  paper: {{title: T, url: '{host}/old'}}\n",
        "content/notes/family.en.md": f"A note with [c]({host}/gone#part) and <a href='{host}/there'>d</a>.\n",
        "content/articles/2022-01-01-post.md": f"---\ntitle: P\n---\n\nSee [e]({host}/gone).\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


REPLIES = {"/there": Reply(200), "/old": Reply(301, {"Location": "/new"}), "/new": Reply(200)}


def check(*words: str) -> Result:
    return CliRunner().invoke(group, ["check", *words], catch_exceptions=False)


def test_dead_links_are_warnings_with_their_places(tmp_path: Path) -> None:
    with answering(dict(REPLIES)) as host:
        site = str(write_site(tmp_path, host.address))
        assert "DL33" not in check(site).stderr
        assert host.asked == []
        told = check("--external", "--allow-private", site)
    assert told.exit_code == 0
    places = [line.split(": warning")[0] for line in told.stderr.splitlines() if "[DL331]" in line]
    assert places == [
        "content/articles/2022-01-01-post.md:5:5",
        "content/notes/family.en.md:1:13",
        "content/outline.en.md:8:1",
    ]
    assert "content/methods.yml:3:27: warning[DL332]" in told.stderr
    assert f"help: write {host.address}/new" in told.stderr
    assert "6 links to 3 pages: 1 dead, 1 fine, 1 moved" in told.stderr
    assert host.count("/gone") == 2  # with HEAD and with GET, however many links lead there


def test_strict_fails_and_programs_read_the_same(tmp_path: Path) -> None:
    with answering(dict(REPLIES)) as host:
        site = str(write_site(tmp_path, host.address))
        assert check("-x", "--allow-private", "--strict", site).exit_code == 1
        found = json.loads(check("-x", "--allow-private", "--format", "json", site).stdout)
        sarif = json.loads(check("-x", "--allow-private", "--format", "sarif", site).stdout)
    codes = [each["code"] for each in found]
    assert codes.count("DL331") == 3
    assert {result["ruleId"] for result in sarif["runs"][0]["results"]} >= {"DL331", "DL332"}


def test_what_was_fine_is_not_asked_again_for_a_while(tmp_path: Path) -> None:
    with answering(dict(REPLIES)) as host:
        site = str(write_site(tmp_path, host.address))
        first = check("-x", "--allow-private", site)
        again = check("-x", "--allow-private", site)
        assert host.count("/there") == host.count("/old") == 1
        assert host.count("/gone") == 4  # it may have come back
        assert "(2 looked up before)" in again.stderr
        assert first.stderr.count("DL332") == again.stderr.count("DL332") == 1
        check("-x", "--allow-private", "--max-age", "0", site)
        assert host.count("/there") == 2
        # Who does not allow private addresses is not told what was seen there.
        assert check("-x", site).stderr.count("DL334") == 6
