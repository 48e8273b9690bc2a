"""Read one article: a pure function, so that many can be read at once in processes of their own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from dlmap.articles.body import render_body
from dlmap.articles.jekyll import expand_permalink
from dlmap.articles.liquid import without_liquid
from dlmap.articles.model import Article, ArticleFile, ArticleSource, Unreadable, digest_of
from dlmap.articles.parser import article_parser
from dlmap.config import LANGUAGES
from dlmap.markdown import Block, Document, FrontMatter, parse_document
from dlmap.markdown.cjk import has_han
from dlmap.markdown.passes import link_problem
from dlmap.markdown.textmath import tex_to_text
from dlmap.taxonomy.names import name_key, slug
from dlmap.text import Diagnostic, SourceFile, Span, read_source

_USUAL = "/:year/:month/:day/:title:output_ext"
_MAX_SUMMARY = 200
_MAX_SLUG = 80
_FORMULA = re.compile(r"\$\$?([^$]+)\$\$?")


def read_all(files: Iterable[ArticleFile], *, drafts: bool) -> Iterator[Article | Unreadable]:
    """Read articles from their files, in order.  The one place to change for reading several at once."""
    return map(partial(_read_file, drafts=drafts), files)


def _read_file(file: ArticleFile, *, drafts: bool) -> Article | Unreadable:
    text, diagnostics = read_source(file.file, file.path)
    if text is None or not text.text.strip():
        return Unreadable(diagnostics)
    return read_article(ArticleSource(file, text, drafts))


def read_article(source: ArticleSource) -> Article:
    """Everything that an article's own text tells, and nothing that depends on another file."""
    # A NUL would stand for a slot; files that hold one are refused before they come here.
    original = SourceFile(source.text.path, source.text.text.replace("\0", "\ufffd"))
    edited, dropped = without_liquid(original)
    document, found = parse_document(
        SourceFile(original.path, edited.text),
        flavor=source.file.flavor or None,
        parser=article_parser,
        may_climb=True,
    )
    found = tuple(
        replace(diagnostic, span=edited.origin(diagnostic.span)) if diagnostic.span else diagnostic
        for diagnostic in found
    )
    front = document.front_matter
    lang = _language(source.file, document)
    title, blocks = _title(source.file, document)
    date = front.date or source.file.date
    article = Article(
        path=original.path,
        file=source.file.file,
        key=source.file.key,
        slug=_slug(front.slug or source.file.words),
        lang=lang,
        title=title,
        date=date,
        author=front.author or "",
        tags=_tags(front, document.source),
        addresses=public_addresses(source.file, front),
        draft=front.draft,
        digest=digest_of(source.text),
    )
    if front.draft and not source.drafts:
        return article
    body = render_body(document, blocks, lang, edited.origin)
    diagnostics = (*found, *dropped, *_own_checks(article, front, original))
    for span, diagnostic in _forbidden(document):
        diagnostics += (replace(diagnostic, source=original, span=edited.origin(span)),)
    return replace(
        article,
        summary=_summary(front, blocks),
        html=body.html,
        slots=body.slots,
        headings=body.headings,
        text=_plain_text(blocks),
        has_code=body.has_code,
        diagnostics=tuple(_light(diagnostic) for diagnostic in diagnostics),
    )


def _light(diagnostic: Diagnostic) -> Diagnostic:
    return replace(diagnostic, source=diagnostic.source and SourceFile(diagnostic.source.path, ""))


def _language(file: ArticleFile, document: Document) -> str:
    """What the name or the front matter says, else what the title and the beginning are written in."""
    written = file.lang or document.front_matter.lang
    if written in LANGUAGES:
        return written
    beginning = [document.front_matter.title or file.words]
    beginning += [block.inline.text for block in document.blocks[:20]]
    return "zh" if has_han("".join(beginning)) else "en"


def _title(file: ArticleFile, document: Document) -> tuple[str, Sequence[Block]]:
    """The title, and the blocks without a first heading that only says it again."""
    blocks = document.blocks
    written = _FORMULA.sub(lambda match: tex_to_text(match.group(1)), document.front_matter.title or "")
    title = " ".join(written.split())
    if blocks and blocks[0].type == "heading" and blocks[0].level == 1:
        heading = " ".join(blocks[0].inline.text.split())
        if heading and (not title or name_key(heading) == name_key(title)):
            return title or heading, blocks[1:]
    return title or file.words.replace("-", " ").replace("_", " "), blocks


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


def _own_checks(article: Article, front: FrontMatter, source: SourceFile) -> Iterator[Diagnostic]:
    if article.date is None:
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
            f"the interface does not speak `{front.lang}`",
            f"languages: {', '.join(LANGUAGES)}; the article is taken to be in `{article.lang}`",
            source,
            front.spans.get("lang", source.line_span(1)),
        )


def _forbidden(document: Document) -> Iterator[tuple[Span, Diagnostic]]:
    """The addresses in blocks of raw HTML that are not allowed; those in Markdown have been reported by parsing."""
    for block in document.walk():
        for address in block.tokens[0].meta.get("addresses", ()) if block.type == "raw_html" else ():
            if code := link_problem(address, may_climb=True):
                message = f"the link target `{address[:60]}` is not allowed"
                yield block.span, Diagnostic(code, message, "use http, https, mailto or a relative address")


def _summary(front: FrontMatter, blocks: Sequence[Block]) -> str:
    text = front.description or next(
        (block.inline.text for block in blocks if block.type == "paragraph" and len(block.inline.text) > 20),
        "",
    )
    text = " ".join(text.split())
    return text if len(text) <= _MAX_SUMMARY else f"{text[: _MAX_SUMMARY - 1].rstrip()}…"


def _plain_text(blocks: Iterable[Block]) -> str:
    return "\n".join(inner.inline.text for block in blocks for inner in block.walk() if inner.inline.text)
