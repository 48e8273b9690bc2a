"""Raw HTML in a post: what may stay, what is dropped, what is shown as the text it is."""

from __future__ import annotations

import html
import re

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

_DROPPED = frozenset({"font", "center", "big", "rb"})
_VOID = frozenset({"br", "hr", "img", "wbr", "col"})
_INLINE = frozenset(
    {
        *("a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "img", "ins", "kbd"),
        *("mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "u", "var"),
        "wbr",
    }
)
BLOCK_TAGS = frozenset(
    {
        *("article", "aside", "blockquote", "caption", "col", "colgroup", "dd", "details", "div", "dl", "dt"),
        *("figcaption", "figure", "footer", "header", "section"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "summary"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    }
)
_ALLOWED = _INLINE | BLOCK_TAGS
MEDIA_TAGS = frozenset({"video", "audio", "source", "track", "iframe"})
_WITHOUT_CONTENT = re.compile(r"<(style)\b[^<>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
"""Elements that show nothing by themselves."""
_MEDIA = re.compile(r"<(video|audio|iframe)\b([^<>]*)>(.*?)</\1\s*>", re.DOTALL | re.IGNORECASE)
_MEDIA_ATTRIBUTES = {
    "img": {"src", "alt", "width", "height", "style"},
    "video": {"src", "poster", "width", "height", "style", "loop", "muted", "autoplay", "playsinline"},
    "audio": {"src", "loop", "muted"},
    "source": {"src", "type"},
    "iframe": {"src", "title"},
}
_ATTRIBUTES = {
    "*": {"lang", "title"},
    "a": {"href"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "ol": {"start"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
}
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|<!--.*?-->", re.DOTALL)
_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_ATTRIBUTE = re.compile(r"(?<![A-Za-z-])([A-Za-z-]++)\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_PICTURE = re.compile(r"<img((?: [a-z]+=\"[^\"]*\")*)>")
_ENDS_WITH_THE_NEXT = frozenset(
    {"p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "rp", "rt"}
)
MAX_DEPTH = 100
"""Of the elements in a block of raw HTML: the time of the sanitiser grows with the square of it."""
WHOLE_ADDRESS = ("http://", "https://", "mailto:")


def html_block_rule(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A line that begins with an inline tag (`<br>`, `<font>`) begins a paragraph, as kramdown does.

    CommonMark takes it for a block of HTML, in which Markdown is not read.
    """
    begin = state.bMarks[start_line] + state.tShift[start_line]
    name = _TAG_NAME.match(state.src, begin, state.eMarks[start_line])
    if name and name.group(1).lower() in _INLINE | _DROPPED - {"center"}:
        return False
    if (
        name
        and name.group(1).lower() in ("video", "audio")
        and not html_block(state, start_line, end_line, True)
    ):
        return _media_block(state, start_line, end_line, silent)
    return html_block(state, start_line, end_line, silent)


def _media_block(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """A line that begins with a film or a sound begins a block of HTML, whatever follows the tag."""
    line = start_line
    while line < end_line and not state.isEmpty(line):
        line += 1
    if not silent:
        token = state.push("html_block", "", 0)
        token.map = [start_line, line]
        token.content = state.getLines(start_line, line, state.blkIndent, True)
    state.line = line
    return True


def sanitise(fragment: str) -> str:
    """Safe HTML: known tags with known attributes, http(s) and mailto links."""
    return nh3.clean(
        fragment,
        tags=set(_ALLOWED),
        attributes=_ATTRIBUTES,
        attribute_filter=_filtered,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )


def _filtered(_tag: str, name: str, value: str) -> str | None:
    """A relative address would lead to another place on every page that shows it."""
    return None if name in ("href", "src") and not value.lower().startswith(WHOLE_ADDRESS) else value


def settle_html(state: StateCore) -> None:
    """Turn every raw HTML token into safe HTML, into nothing (`<font>`), or into visible text."""
    for token in state.tokens:
        if token.type == "html_block":
            _settle_block(token)
        elif token.children and any(child.type == "html_inline" for child in token.children):
            token.children = _Inline(state.md).settle(token.children)


def _settle_block(token: Token) -> None:
    note_left_out(token)
    kept = _kept(_MEDIA.sub(_media_as_link, token.content))
    if kept is None:
        note_shown_as_text(token)
        token.content = shown_as_text(token.content)
        return
    token.meta["hrefs"] = addresses_in(token.content, "href")
    safe = sanitise(kept)
    token.content = _PICTURE.sub(lambda m: _picture_as_link(m, in_link="<a " in safe), safe)


def _media_as_link(match: re.Match[str]) -> str:
    """A film, a sound or a frame as a link to it."""
    src = _attributes(match.group(2)).get("src") or next(iter(addresses_in(match.group(3), "src")), "")
    src = f"https:{src}" if src.startswith("//") else src
    if not src.lower().startswith(WHOLE_ADDRESS):
        return ""
    return f'<a href="{html.escape(src)}">{html.escape(src)}</a>'


def note_left_out(token: Token) -> None:
    """Note that an element which shows nothing is left out."""
    if left_out := _WITHOUT_CONTENT.search(token.content):
        name = left_out.group(1).lower()
        token.meta["problems"] = (
            "DL341",
            f"`<{name}>` is left out: pages have the styles of the site alone",
            "put it into the site's theme, or remove it",
        )


def note_shown_as_text(token: Token) -> None:
    """Note that a block of HTML shows how it is written."""
    token.meta["problems"] = (
        "DL341",
        "a block of HTML is shown as text: it holds tags that dlmap does not know, or is not well formed",
        "write it in Markdown, or put it between backticks if it is code",
    )


def _kept(fragment: str, more: frozenset[str] = frozenset()) -> str | None:
    """A block of raw HTML without the tags that are dropped; None where it is to show as the text it is.

    That is where anything but known tags uses `<`: another tag, a doctype, a processing instruction, half a tag or
    comment; and where elements stand too deep in each other.
    """
    fragment = _WITHOUT_CONTENT.sub("", fragment)
    if fragment.rfind("<!--") > fragment.rfind("-->") or _depth(fragment) > MAX_DEPTH:
        return None
    names = {match.group(2).lower() for match in _TAG.finditer(fragment) if match.group(2)}
    if names - _ALLOWED - _DROPPED - more or "<" in _TAG.sub("", fragment):
        return None
    return _TAG.sub(lambda m: "" if (m.group(2) or "").lower() in _DROPPED else m.group(0), fragment)


def _depth(fragment: str) -> int:
    """How deep its elements stand in each other."""
    depth = deepest = 0
    for match in _TAG.finditer(fragment):
        name = (match.group(2) or "").lower()
        if name and name not in _VOID | _ENDS_WITH_THE_NEXT:
            depth = max(0, depth + (-1 if match.group(1) else 1))
            deepest = max(deepest, depth)
    return deepest


def shown_as_text(fragment: str) -> str:
    """A block of raw HTML that shows how it is written."""
    return f"<pre>{html.escape(fragment.strip(), quote=False)}</pre>\n"


def _picture_as_link(match: re.Match[str], *, in_link: bool) -> str:
    """Pages fetch nothing from other hosts: a picture becomes a link, or its words where a link is near."""
    attributes = _attributes(match.group(1))
    words = html.escape(attributes.get("alt") or "image", quote=False)
    if in_link or "src" not in attributes:
        return words
    return f'<a href="{html.escape(attributes["src"])}" rel="noopener">{words}</a>'


def _attributes(written: str) -> dict[str, str]:
    """The attributes of a tag; of two of one name the first counts."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(written):
        name, *values = match.groups()
        found.setdefault(name.lower(), html.unescape(next(filter(None, values), "")))
    return found


class _Inline:
    """Settles the tags of one run of text.  Links and pictures become those of Markdown."""

    def __init__(self, md: MarkdownIt) -> None:
        self.md = md
        self.settled: list[Token] = []
        self.open: list[tuple[str, str, Token]] = []
        """Name, attributes and token of the tags that wait for their end."""
        self.in_link = 0

    def settle(self, children: list[Token]) -> list[Token]:
        for token in children:
            self.in_link += (token.type == "link_open") - (token.type == "link_close")
            if token.type == "html_inline":
                self.tag(token)
            else:
                self.settled.append(token)
        for _, _, token in self.open:
            token.type = "text"
        return self.settled

    def tag(self, token: Token) -> None:
        match = _TAG.fullmatch(token.content)
        name = (match.group(2) or "").lower() if match else ""
        if match and (not name or name in _DROPPED):
            return
        self.settled.append(token)
        if match is None or name not in _INLINE:
            token.type = "text"
        elif name in _VOID:
            self.void(name, match.group(3), token)
        elif not match.group(1):
            self.open.append((name, match.group(3), token))
        elif self.open and self.open[-1][0] == name:
            self.close(*self.open.pop(), token)
        else:
            token.type = "text"

    def void(self, name: str, attributes: str, token: Token) -> None:
        if name == "img":
            known = _attributes(attributes)
            token.type, token.tag = "image", "img"
            token.attrs = {"src": self.md.normalizeLink(known.get("src", ""))}
            for key in ("width", "height", "style"):
                if known.get(key):
                    token.meta[key] = known[key]
            token.content = known.get("alt", "")
        else:
            token.content = sanitise(token.content)

    def close(self, name: str, attributes: str, opener: Token, closer: Token) -> None:
        opener.nesting, closer.nesting = 1, -1
        if name != "a":
            opener.content = sanitise(f"{opener.content}</{name}>").removesuffix(f"</{name}>")
            closer.content = f"</{name}>"
            return
        href = _attributes(attributes).get("href")
        if href is None or self.in_link or any(tag == "a" for tag, _, _ in self.open):
            # An anchor to jump to, or a link inside a link: neither says anything.
            opener.content = closer.content = ""
            return
        opener.type, closer.type = "link_open", "link_close"
        opener.tag = closer.tag = "a"
        opener.attrs = {"href": self.md.normalizeLink(href)}
        opener.content = closer.content = ""
        opener.meta["at"] = (opener.meta["at"][0], closer.meta["at"][1])


def sanitised_block(fragment: str) -> str | None:
    """A block of raw HTML made safe, its pictures and relative addresses kept; None where it is to show as text.

    For texts that stand in a folder, so that a relative address can be told to lead somewhere.
    """
    kept = _kept(fragment, MEDIA_TAGS)
    if kept is None:
        return None
    return nh3.clean(
        kept,
        tags=set(_ALLOWED | MEDIA_TAGS),
        attributes={**_ATTRIBUTES, **_MEDIA_ATTRIBUTES},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def addresses_in(fragment: str, *attributes: str) -> tuple[str, ...]:
    """The addresses that the tags of raw HTML have in these attributes, as they are written."""
    tags = [_attributes(match.group(3)) for match in _TAG.finditer(fragment) if match.group(2)]
    return tuple(tag[name] for tag in tags for name in attributes if name in tag)
