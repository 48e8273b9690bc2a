"""Parts, types, families and approaches: from the outline that decides the structure to concepts."""

from __future__ import annotations

from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.builder import ConceptBuilder, TaxonomyBuilder, extend
from dlmap.taxonomy.facts import Facts
from dlmap.taxonomy.ids import identify_approaches, identify_sections, member_id
from dlmap.taxonomy.kinds import Kind
from dlmap.taxonomy.labels import upper_first
from dlmap.taxonomy.names import name_key
from dlmap.taxonomy.outline_model import Node, Outline
from dlmap.taxonomy.texts import text_of
from dlmap.text import line_seen_from


def add_sections(drafts: TaxonomyBuilder, outline: Outline) -> None:
    """Give every section of the outline its id, and make it a concept."""
    identify_sections(outline, drafts.ids, lambda: _wanted_by_members(drafts, outline))
    identify_approaches(outline, drafts.ids)
    drafts.take_id_problems()
    for part in outline.parts:
        _add(drafts, part, None, outline)
    _report_shared_urls(drafts, outline)


def _wanted_by_members(drafts: TaxonomyBuilder, outline: Outline) -> set[str]:
    """The ids that methods get by their names."""
    known = list(drafts.ids.diagnostics)
    wanted = set(drafts.registry.entries)
    for node in outline.walk():
        for member in node.members:
            if not drafts.registry.named(member.name):
                wanted.add(member_id(drafts.ids, member, outline.source))
    drafts.ids.diagnostics = known  # a bad id of a member is reported where the member is placed
    return wanted


def _add(drafts: TaxonomyBuilder, node: Node, parent: str | None, outline: Outline) -> None:
    node_id = drafts.ids.node_id(node)
    draft = drafts.by_id.get(node_id)
    if draft is None:
        draft = ConceptBuilder(
            node_id, node.kind, _labels(node, outline.lang), outline.source.place(node.span)
        )
        drafts.by_id[node_id] = draft
    elif parent not in draft.broader:
        drafts.report(
            "DL205",
            f"`{node.label.text}` appears twice; first on {line_seen_from(draft.source, outline.source.place(node.span))}",
            f"place it here by a bullet instead: - [{node.label.text}](#{node_id})",
            outline.source,
            node.span,
        )
    if parent:
        drafts.add_parent(draft, parent)
    extend(draft.alt, node.label.alt)
    extend(draft.links, node.links)
    extend(draft.resources, node.resources)
    draft.texts[outline.lang] = text_of(
        node, drafts.own_text(node, outline), outline, drafts.ids, draft.texts.get(outline.lang)
    )
    if node.label.year and draft.facts.year is None:
        draft.facts = Facts(node.label.year)
    _add_names(drafts, draft, node)
    for below in (*node.approaches, *node.children):
        _add(drafts, below, node_id, outline)
    by_place = {approach.span: drafts.ids.node_id(approach) for approach in node.approaches}
    for child in node.children:
        if child.group in by_place:
            drafts.add_parent(drafts.by_id[drafts.ids.node_id(child)], by_place[child.group])


def _add_names(drafts: TaxonomyBuilder, draft: ConceptBuilder, node: Node) -> None:
    """Names that texts may use; a family may be what the registry knows as a method: then they are one concept."""
    names = [name for name in (node.label.text, node.label.gloss) if name]
    if node.kind in (Kind.PART, Kind.TYPE):
        for name in names:
            drafts.section_names.setdefault(name_key(name), draft.id)
    for name in names if node.kind is Kind.FAMILY else ():
        drafts.by_name.setdefault(name_key(name), draft.id)
        entries = drafts.registry.named(name)
        if len(entries) == 1 and name_key(entries[0].name) == name_key(name):
            drafts.of_entry[entries[0].id] = draft.id
            draft.entry = entries[0]


def _labels(node: Node, lang: str) -> dict[str, str]:
    labels = {lang: node.label.text if lang != "en" else upper_first(node.label.text)}
    gloss = node.label.gloss
    other = "zh" if gloss and has_han(gloss) else "en"
    if gloss and other != lang:
        labels[other] = upper_first(gloss) if other == "en" else gloss
    if lang != "en" and "en" not in labels and not has_han(node.label.text):
        labels["en"] = node.label.text
    return labels


def _report_shared_urls(drafts: TaxonomyBuilder, outline: Outline) -> None:
    first: dict[str, Node] = {}
    for node in outline.walk():
        for link in node.links:
            other = first.setdefault(link.href, node)
            if drafts.ids.node_id(other) != drafts.ids.node_id(node):
                drafts.report(
                    "DL302",
                    f"`{node.label.text}` links to the article of `{other.label.text}`"
                    f" ({outline.source.line_seen_from(other.span, node.span)})",
                    "link each concept to its own article",
                    outline.source,
                    node.span,
                )
