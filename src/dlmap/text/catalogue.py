"""The catalogue of diagnostic codes: names, severities and meanings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """The severity of a diagnostic; `OFF` is used only in the `[check]` table of a site."""

    ERROR = "error"
    WARNING = "warning"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Code:
    """A diagnostic code; `docs/codes/ID.md` explains it."""

    id: str
    name: str
    severity: Severity
    summary: str


_E, _W = Severity.ERROR, Severity.WARNING

_CODES = (
    # 0xx: files
    Code("DL001", "unreadable-file", _E, "a file cannot be read"),
    Code("DL002", "not-utf-8", _E, "a file is not UTF-8"),
    Code("DL003", "nul-character", _E, "a file contains a NUL character"),
    Code("DL004", "file-too-large", _E, "a file is longer than the limit"),
    Code("DL005", "not-a-regular-file", _E, "a path names a device, a pipe or a folder"),
    Code("DL006", "empty-file", _W, "a file is empty"),
    Code("DL008", "link-out-of-site", _E, "a symbolic link leads out of the site folder or to nothing"),
    Code("DL009", "control-character", _W, "a text contains characters that no page can show"),
    # 1xx: front matter and YAML
    Code("DL101", "front-matter-unclosed", _E, "front matter has no closing `---`"),
    Code("DL102", "yaml-syntax", _E, "YAML that does not parse"),
    Code("DL103", "duplicate-key", _E, "a key appears twice in one mapping"),
    Code("DL104", "alias-or-merge", _E, "YAML aliases and merge keys are not allowed"),
    Code("DL105", "yaml-too-deep", _E, "YAML nested deeper than the limit"),
    Code("DL106", "wrong-type", _E, "a value does not have the type that its key needs"),
    Code("DL107", "yaml-tag", _E, "YAML tags are not allowed"),
    Code("DL108", "front-matter-too-long", _E, "front matter is longer than the limit"),
    Code("DL109", "unknown-key", _W, "a key that dlmap does not know"),
    Code(
        "DL110",
        "invisible-character",
        _W,
        "a text in the front matter contains an invisible or direction-changing character",
    ),
    Code("DL111", "draft-outline", _W, "an outline marked as a draft"),
    Code("DL112", "second-front-matter", _W, "a second block of front matter below the first"),
    Code("DL113", "unusable-include", _E, "a file that an outline includes cannot be part of it"),
    # 2xx: the outline
    Code("DL201", "duplicate-number", _W, "two sibling headings have the same number"),
    Code("DL202", "missing-number", _W, "a heading lacks the number that its siblings have"),
    Code("DL203", "missing-bullet", _W, "a heading lacks the bullet that its siblings have"),
    Code("DL204", "placeholder-heading", _W, "a heading that is empty or contains only a number"),
    Code("DL205", "duplicate-section", _W, "a section appears twice; both are merged"),
    Code("DL206", "contents-disagree", _W, "the hand-made contents list disagrees with the headings"),
    Code("DL207", "no-heading", _W, "an outline without a heading"),
    Code("DL208", "heading-jump", _W, "a heading skips more than one level"),
    Code("DL209", "nested-too-deep", _E, "blocks are nested deeper than the limit"),
    Code("DL210", "id-collision", _W, "two names give the same id"),
    Code("DL211", "reserved-id", _E, "an id that the site uses for one of its own pages"),
    Code("DL212", "bad-id", _E, "an explicit id that is not ASCII kebab-case"),
    Code("DL213", "ambiguous-method", _E, "a name that several registered methods share"),
    Code("DL215", "level-skipped", _W, "a heading skips one level"),
    Code("DL216", "too-many-concepts", _E, "an outline names more concepts than the limit"),
    Code("DL217", "shared-abbreviation", _W, "one abbreviation for two names in the same text"),
    Code("DL218", "no-methods", _W, "an outline full of bullets in which no method was read"),
    # 3xx: links
    Code("DL301", "empty-target", _W, "a link without a target"),
    Code("DL302", "url-used-twice", _W, "two concepts link to the same article"),
    Code("DL303", "forbidden-target", _E, "a link target that is not allowed"),
    Code("DL304", "unknown-concept", _W, "a link to a concept that does not exist"),
    Code("DL311", "broken-article-link", _W, "a link that leads to no article or heading"),
    Code("DL312", "missing-picture", _W, "a picture of an article that is not in the site"),
    Code("DL313", "picture-out-of-site", _E, "a picture of an article outside the site folder"),
    Code("DL314", "missing-media", _W, "a video or sound of an article that is not in the site"),
    Code("DL315", "frame-host", _W, "a frame from a host that is not on the list"),
    # 32x: articles
    Code("DL321", "article-address-taken", _W, "two articles want the same address"),
    Code("DL322", "liquid-tag", _W, "a Liquid tag that only Jekyll can evaluate"),
    Code("DL323", "article-without-date", _W, "an article without a date"),
    Code("DL324", "old-address-unusable", _W, "an old address of an article that cannot be redirected"),
    Code("DL325", "article-language", _W, "an article in an unsupported language"),
    Code("DL326", "page-address-taken", _E, "a page of the site needs an address that is taken"),
    Code("DL327", "post-not-markdown", _W, "a file that is named like a post but is not Markdown"),
    # 34x: syntax of other programs
    Code("DL341", "raw-syntax", _W, "markup that is shown as text or left out"),
    Code("DL342", "unused-footnote", _W, "a footnote that nothing refers to"),
    Code("DL343", "undefined-footnote", _W, "a reference to a footnote that is not defined"),
    # 4xx: formulas
    Code("DL401", "formula-error", _W, "a formula that KaTeX cannot render"),
    Code("DL402", "formula-unclosed", _W, "a `$$` without its partner"),
    Code("DL403", "formula-simplified", _W, "a formula that is rendered only in part"),
    # 5xx: languages
    Code("DL501", "untranslated", _W, "a concept has no text in one of the site's languages"),
    Code("DL502", "stale-translation", _W, "a text has changed since it was translated"),
    Code(
        "DL503", "translation-without-source", _E, "a translation of a concept that the outline does not have"
    ),
    Code("DL504", "members-differ", _W, "a text names other methods than its translation"),
    Code("DL505", "foreign-language", _E, "an outline in a language that the site does not have"),
    Code("DL506", "second-outline", _E, "two outlines in one language"),
    Code("DL507", "two-renderings", _W, "a term is rendered in two ways"),
    # 6xx: the registry and the notes
    Code("DL601", "registry-entry", _E, "an entry of methods.yml that cannot be used"),
    Code("DL602", "orphan-method", _W, "a registered method that the outline does not name"),
    Code("DL603", "orphan-note", _E, "a note on a concept that does not exist"),
    Code("DL604", "unknown-relation", _E, "a relation to a method that does not exist"),
    Code("DL605", "relation-cycle", _E, "methods whose `based_on` forms a circle"),
    Code("DL606", "unusable-alias", _W, "an old id that does not lead to a concept"),
    Code("DL607", "older-than-its-base", _W, "a method is older than what it is based on"),
    # 9xx: the configuration
    Code("DL901", "config-syntax", _E, "dlmap.toml does not parse"),
    Code("DL902", "config-unknown-key", _E, "dlmap.toml has a key that dlmap does not know"),
    Code("DL903", "config-wrong-type", _E, "a value in dlmap.toml has the wrong type"),
    Code("DL904", "config-value", _E, "a value in dlmap.toml cannot be used"),
)

CATALOGUE = {code.id: code for code in _CODES}
