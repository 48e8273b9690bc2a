"""Read one article: a pure function, so that many can be read at once in processes of their own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from markdown_it.token import Token

from dlmap.articles.body import render_body
from dlmap.articles.jekyll import expand_permalink
from dlmap.articles.kramdown import as_commonmark
from dlmap.articles.liquid import without_liquid
from dlmap.articles.model import (
    ArticleFile,
    ArticleSource,
    ArticleText,
    Body,
    FramePlaceholder,
    LinkPlaceholder,
    MediaPlaceholder,
    ParsedArticle,
    PicturePlaceholder,
)
from dlmap.articles.tokens import ParsedMarkdown, label, line_span, parse_article, top_blocks, words
from dlmap.config import LANGUAGES
from dlmap.markdown import FrontMatter
from dlmap.markdown.cjk import has_han
from dlmap.markdown.rules_core import link_problem
from dlmap.markdown.tex_to_text import tex_to_text
from dlmap.taxonomy.names import name_key, slug
from dlmap.text import Diagnostic, SourceFile, Span
from dlmap.text.source import CONTROL_CHARACTER
from dlmap.text.strings import truncate

_USUAL = "/:year/:month/:day/:title:output_ext"
_MAX_SUMMARY = 200
_MAX_SLUG = 80
_FORMULA = re.compile(r"\$\$?([^$]+)\$\$?")


def read_article(source: ArticleSource) -> ParsedArticle:
    """Everything that an article's own text tells, and nothing that depends on another file."""
    # A NUL would stand for a slot; files that hold one are refused before they come here.
    original = SourceFile(source.text.path, source.text.text.replace("\0", "\ufffd"))
    liquid, dropped = without_liquid(original)
    edited = as_commonmark(liquid.text)
    parsed = parse_article(SourceFile(original.path, edited.text), source.file.flavor, dict(source.file.says))

    def origin(span: Span) -> Span:
        return liquid.origin(edited.origin(span))

    found = tuple(
        replace(diagnostic, span=origin(diagnostic.span)) if diagnostic.span else diagnostic
        for diagnostic in parsed.diagnostics
    )
    front = parsed.front
    lang = _language(source.file, parsed)
    title, tokens = _title(source.file, parsed)
    date = front.date or source.file.date
    wanted = _slug(front.slug or source.file.words)
    article = ArticleText(
        path=original.path,
        key=source.file.key,
        slug=wanted,
        lang=lang,
        title=title,
        date=date,
        time=front.time if front.date else "",
        author=front.author or "",
        tags=_tags(front, parsed.source),
        addresses=page_addresses(wanted) if source.file.is_page else public_addresses(source.file, front),
        draft=front.draft or source.file.is_draft,
        nav=(front.nav or "footer") if source.file.is_page else "",
        digest=source.text.digest,
    )
    if front.draft and not source.drafts:
        return ParsedArticle(article, Body())
    made = render_body(parsed, tokens, lang, origin)
    diagnostics = (*source.found, *found, *dropped, *_own_checks(article, front, original))
    for span, diagnostic in _forbidden(parsed):
        diagnostics += (replace(diagnostic, source=original, span=origin(span)),)
    text = _plain_text(tokens)
    article = replace(
        article,
        summary=_summary(front, tokens),
        headings=made.headings,
        links=tuple(slot for slot in made.slots if isinstance(slot, LinkPlaceholder)),
        pictures=tuple(slot for slot in made.slots if isinstance(slot, PicturePlaceholder)),
        media=tuple(slot for slot in made.slots if isinstance(slot, MediaPlaceholder)),
        frames=tuple(slot for slot in made.slots if isinstance(slot, FramePlaceholder)),
        extent=len(text),
        has_code=made.has_code,
        diagnostics=tuple(_light(diagnostic) for diagnostic in diagnostics),
    )
    return ParsedArticle(article, Body(made.html, made.slots, text, made.markdown))


def _light(diagnostic: Diagnostic) -> Diagnostic:
    return replace(diagnostic, source=diagnostic.source and SourceFile(diagnostic.source.path, ""))


def _language(file: ArticleFile, parsed: ParsedMarkdown) -> str:
    """What the name or the front matter says, else what the title and the beginning are written in."""
    written = file.lang or parsed.front.lang
    if written in LANGUAGES:
        return written
    beginning = (words(inline) for _, inline in islice(top_blocks(parsed.tokens), 20))
    return "zh" if any(map(has_han, chain([parsed.front.title or file.words], beginning))) else "en"


def _title(file: ArticleFile, parsed: ParsedMarkdown) -> tuple[str, Sequence[Token]]:
    """The title, and the tokens without a first heading that only says it again."""
    tokens = parsed.tokens
    written = _FORMULA.sub(lambda match: tex_to_text(match.group(1)), parsed.front.title or "")
    title = " ".join(written.split())
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        heading = label(tokens[1])
        if heading and (not title or name_key(heading) == name_key(title)):
            return title or heading, tokens[3:]
    return title or CONTROL_CHARACTER.sub("\ufffd", re.sub("[-_]", " ", file.words)), tokens


def _slug(words: str) -> str:
    """In ASCII, and short enough for a file name: pinyin is six times as long as what it spells."""
    made = slug(words)
    if len(made) > _MAX_SLUG:
        made = made[: _MAX_SLUG + 1].rsplit("-", 1)[0] if "-" in made[:_MAX_SLUG] else made[:_MAX_SLUG]
    if made:
        return made
    return f"article-{hashlib.blake2b(words.encode('utf-8', 'replace'), digest_size=4).hexdigest()}"


def _tags(front: FrontMatter, source: SourceFile) -> tuple[str, ...]:
    """The tags; to Jekyll words without brackets are a list too."""
    tags = front.tags
    written = source.written(front.spans.get("tags", Span(0, 0)))
    if len(tags) == 1 and front.layout and written == tags[0]:
        tags = tuple(re.split(r"[\s,，]+", tags[0].strip(" ,，")))
    return tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))


def public_addresses(file: ArticleFile, front: FrontMatter) -> tuple[str, ...]:
    """Where a blog shows a post: at its permalink, at the one of all posts, at its day and the words of its name."""
    own = front.permalink if front.permalink and ":" not in front.permalink else ""
    found = [f"/{own.lstrip('/')}"] if own else []
    days = [date for date in (front.date, file.date) if date and file.date]
    for template in filter(None, (file.permalink, _USUAL)):
        found += (expand_permalink(template, date, file.words) for date in days)
    found += (alias for alias in front.aliases if alias.startswith("/"))
    return tuple(dict.fromkeys(found))


def page_addresses(slug: str) -> tuple[str, ...]:
    """By which texts link to a page of the site's own: in any language, the reader's is what they get."""
    return tuple(f"{prefix}/{slug}/" for prefix in ("", *(f"/{lang}" for lang in LANGUAGES)))


def _own_checks(article: ArticleText, front: FrontMatter, source: SourceFile) -> Iterator[Diagnostic]:
    if article.date is None and not article.draft and not article.nav:
        yield Diagnostic(
            "DL323",
            "the article has no date",
            "write `date: 2026-01-31` in its front matter, or begin the file name with the day",
            source,
            source.line_span(1),
        )
    if front.lang and front.lang not in LANGUAGES:
        yield Diagnostic(
            "DL325",
            f"unsupported language `{front.lang}`",
            f"languages: {', '.join(LANGUAGES)}; the article is taken to be in `{article.lang}`",
            source,
            front.spans.get("lang", source.line_span(1)),
        )


def _forbidden(parsed: ParsedMarkdown) -> Iterator[tuple[Span, Diagnostic]]:
    """The addresses in blocks of raw HTML that are not allowed; those in Markdown have been reported by parsing."""
    for token in parsed.tokens:
        for address in token.meta.get("addresses", ()) if token.type == "raw_html" else ():
            if code := link_problem(address, may_climb=True):
                message = f"the link target `{address[:60]}` is not allowed"
                diagnostic = Diagnostic(code, message, "use http, https, mailto or a relative address")
                yield line_span(parsed.source, token), diagnostic


def _summary(front: FrontMatter, tokens: Sequence[Token]) -> str:
    paragraphs = (words(inline) for kind, inline in top_blocks(tokens) if kind == "paragraph")
    text = front.description or next((text for text in paragraphs if len(text) > 20), "")
    text = " ".join(text.split())
    return truncate(text, _MAX_SUMMARY)


def _plain_text(tokens: Iterable[Token]) -> str:
    return "\n".join(filter(None, (words(token, tex=True) for token in tokens if token.type == "inline")))
