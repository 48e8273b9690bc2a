"""The tree of the map as OPML 2.0: a concept with several parents stands under each of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from xml.etree import ElementTree as ET

from dlmap.taxonomy import Concept, Taxonomy

_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)))


def opml(taxonomy: Taxonomy, lang: str, title: str, address: Callable[[Concept], str]) -> bytes:
    """The outline in one language; `address` tells where a concept is to be read, empty where nobody knows."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = _xml(title)
    body = ET.SubElement(root, "body")

    @cache
    def facts(concept_id: str) -> dict[str, str]:
        concept = taxonomy.concepts[concept_id]
        made = {"text": _xml(concept.name(lang))}
        if definition := concept.definition(lang):
            made["_note"] = _xml(definition)
        if url := address(concept):
            made |= {"type": "link", "url": _xml(url)}
        return made

    roots = [concept.id for concept in taxonomy.concepts.values() if not concept.broader]
    todo = [(body, part) for part in reversed(roots)]
    while todo:
        parent, concept_id = todo.pop()
        element = ET.SubElement(parent, "outline", facts(concept_id))
        todo += ((element, child) for child in reversed(taxonomy.concepts[concept_id].narrower))
    ET.indent(root, " ")
    written: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return written + b"\n"


def _xml(text: str) -> str:
    """The text without the characters that XML has no way to write."""
    return text.translate(_NOT_XML)
