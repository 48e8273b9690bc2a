"""Which picture each page gives to those who share a link to it.

Only a site that knows its address has pictures: who fetches one needs the whole address of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlsplit

from dlmap.config import Config
from dlmap.site.model import SocialImage
from dlmap.site.urls import ConceptLinks, label_in
from dlmap.social_cards import Card, draw_card
from dlmap.taxonomy import Concept, Taxonomy


class Cards:
    """Names the pictures, and collects what makes them."""

    def __init__(
        self, taxonomy: Taxonomy, refs: ConceptLinks, titles: Mapping[str, str], config: Config
    ) -> None:
        self._taxonomy = taxonomy
        self._refs = refs
        self._site = " · ".join(dict.fromkeys(titles.values()))
        self._titles = tuple(dict.fromkeys(titles.values()))
        # Nobody shares what only this machine shows, a preview.
        self._is_wanted = urlsplit(config.base_url).hostname not in (None, "localhost")
        self._made: dict[str, SocialImage] = {}
        self.files: dict[str, Callable[[], bytes]] = {}
        """What makes each picture.  Its name tells what it shows: a picture of that name need not be made again."""

    def of_concept(self, concept: Concept) -> SocialImage | None:
        """The picture of a concept, the same one in every language; None where the site has none."""
        if not self._is_wanted:
            return None
        if concept.id not in self._made:
            self._made[concept.id] = self._add(concept.id, self._concept_card(concept))
        return self._made[concept.id]

    def of_site(self) -> SocialImage | None:
        """The picture of all pages without one of their own."""
        if not self._is_wanted:
            return None
        parts = self._taxonomy.parts
        hue = next((self._refs.hues[part] for part in parts), 0)
        return self._add("site", Card(self._titles, "", "", hue, branches=self._branches(parts)))

    def _add(self, name: str, card: Card) -> SocialImage:
        path = f"cards/{name}.{card.digest}.png"
        self.files[path] = partial(draw_card, card)
        return SocialImage(path, card.width, card.height)

    def _concept_card(self, concept: Concept) -> Card:
        lang = self._taxonomy.languages[0]
        named = concept.kind.is_named
        return Card(
            tuple(dict.fromkeys((label_in(concept, lang)[0], *concept.label.values()))),
            " › ".join(self._trail(concept, lang)),
            self._site,
            self._refs.hues.get(concept.id, 0),
            str(concept.year or ""),
            () if named else self._branches(concept.narrower),
        )

    def _trail(self, concept: Concept, lang: str) -> tuple[str, ...]:
        """The labels on the first way down to a concept."""
        if not concept.broader:
            return ()
        parent = self._taxonomy.concepts[concept.broader[0]]
        return (*self._trail(parent, lang), label_in(parent, lang)[0])

    def _branches(self, concept_ids: tuple[str, ...]) -> tuple[int, ...]:
        """How many methods stand under each concept that is none."""
        return tuple(
            len(self._refs.members(child))
            for child in concept_ids
            if not self._taxonomy.concepts[child].kind.is_named
        )
