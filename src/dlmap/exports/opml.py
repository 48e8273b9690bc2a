"""The tree of the map as OPML 2.0: a concept with several parents stands under each of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from xml.etree import ElementTree as ET

from dlmap.taxonomy import Concept, Taxonomy
from dlmap.text.strings import xml_text


def opml(taxonomy: Taxonomy, lang: str, title: str, address: Callable[[Concept], str]) -> bytes:
    """The outline in one language; `address` tells where a concept is to be read, empty where nobody knows."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = xml_text(title)
    body = ET.SubElement(root, "body")

    @cache
    def facts(concept_id: str) -> dict[str, str]:
        concept = taxonomy.concepts[concept_id]
        made = {"text": xml_text(concept.name(lang))}
        if definition := concept.definition(lang):
            made["_note"] = xml_text(definition)
        if url := address(concept):
            made |= {"type": "link", "url": xml_text(url)}
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
