"""Plan the site: which pages there are, and what each shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property, partial

from dlmap.articles import ArticleIndex
from dlmap.cache import Cache
from dlmap.cache.javascript import script_runner
from dlmap.config import Config
from dlmap.history import SiteHistory
from dlmap.site.articles import FEED, ArticlePages
from dlmap.site.changes import ChangeHistory, feeds
from dlmap.site.concepts import Views, toc_of, tree_for
from dlmap.site.home import Highlights
from dlmap.site.lineage import Lineages
from dlmap.site.map.layout import MapRenderer
from dlmap.site.map.sizes import plates_for
from dlmap.site.model import Page, Prose, Site, SiteInfo, TreeItem, alternates
from dlmap.site.open_data import OpenData
from dlmap.site.page_types import (
    ChangesPage,
    ChooserPage,
    ConceptPage,
    FamilyPage,
    HomePage,
    MapPage,
    MethodPage,
    MethodsPage,
    NotFoundPage,
    PageContent,
    PartPage,
    SearchPage,
    TypePage,
    reserved_ids,
)
from dlmap.site.search import search_files
from dlmap.site.seo.feeds import atom_feed, changes_feed, has_feed
from dlmap.site.seo.linked_data import WHOLE, beside, concept_files
from dlmap.site.seo.robots import data_files
from dlmap.site.seo.schema_org import SchemaOrg
from dlmap.site.seo.social import Cards
from dlmap.site.seo.webmanifest import manifest_path, web_manifest
from dlmap.site.static_pages import StaticPages
from dlmap.site.study import StudyPages
from dlmap.site.urls import ConceptLinks
from dlmap.taxonomy import NAMED, Concept, Kind, Taxonomy, resolve_aliases
from dlmap.text.strings import truncate

_PAGED = tuple(kind for kind in Kind if kind.has_page)
_MAX_DESCRIPTION = 200
_PAGE_OF_KIND: Mapping[Kind, type[ConceptPage]] = {
    Kind.PART: PartPage,
    Kind.TYPE: TypePage,
    Kind.FAMILY: FamilyPage,
    Kind.METHOD: MethodPage,
    Kind.METRIC: MethodPage,
    Kind.DATASET: MethodPage,
    Kind.BENCHMARK: MethodPage,
}


def plan_site(
    taxonomy: Taxonomy,
    config: Config,
    library: ArticleIndex | None = None,
    cache: Cache | None = None,
    history: SiteHistory | None = None,
) -> Site:
    """Every page and data file of the site; `cache` has what an earlier plan computed."""
    library = library or ArticleIndex((), "", None)
    planner = _Planner(taxonomy, config, library, cache or Cache.open(None), history or SiteHistory())
    pages = tuple(planner.pages())
    head = planner.head
    feeds = {
        path: partial(atom_feed, library, lang, head.title[lang], config) for lang, path in head.feeds.items()
    }
    manifests = {
        path: partial(web_manifest, lang, head.title[lang], head.description[lang])
        for lang, path in head.manifests.items()
    }
    return Site(
        head=head,
        taxonomy=taxonomy,
        pages=pages,
        path=planner.refs.path,
        redirects={
            **planner.start(),
            **planner.articles.redirects(),
            **planner.reading.redirects(),
            **planner.aliases(),
            **{old.lstrip("/"): new for old, new in config.redirects.items()},
        },
        data={
            **data_files(pages, config),
            **planner.open_data.files,
            **concept_files(planner.open_data.skos, taxonomy.of_kind(*_PAGED)),
            **planner.reading.data(),
            **feeds,
            **search_files(taxonomy, library, planner.refs, planner.run_script, planner.memo),
            **manifests,
            **{path: partial(planner.changes_feed, lang) for lang, path in head.changes.items()},
        },
        told=tuple(planner.open_data.files),
        named=planner.cards.files,
        library=library,
        files={f"files/{asset.path}": asset.file for asset in library.published()},
    )


class _Planner:
    def __init__(
        self,
        taxonomy: Taxonomy,
        config: Config,
        library: ArticleIndex,
        cache_: Cache,
        history: SiteHistory,
    ) -> None:
        self.taxonomy = taxonomy
        self.memo = cache_.memory
        self.run_script = script_runner(cache_)
        self.config = config
        self.refs = ConceptLinks(taxonomy)
        self.views = Views(taxonomy, self.refs, config.repository, config.branch)
        self.alternates = partial(alternates, languages=taxonomy.languages)
        self.tree = cache(partial(tree_for, taxonomy, self.refs))
        self.titles = {lang: self.site_title(lang) for lang in taxonomy.languages}
        self.structured = SchemaOrg(self.titles, config)
        self.cards = Cards(taxonomy, self.refs, self.titles, config)
        self.past = ChangeHistory(history, taxonomy, self.refs)
        self.articles = ArticlePages(library, taxonomy, self.refs, config, self.structured, self.past)
        self.own = StaticPages(self.articles, self.structured)
        self.reading = StudyPages(taxonomy, self.refs, self.views, self.memo)
        plates = plates_for(len(taxonomy.of_kind(Kind.FAMILY)))
        self.pictures = [MapRenderer(plate, taxonomy, self.refs, self.run_script) for plate in plates]
        self.neighbourhoods = Lineages(taxonomy, self.refs, self.views.led_to)
        self.entrances = Highlights(taxonomy, self.refs, self.views.led_to)
        self.open_data = OpenData(taxonomy, self.views, self.reading, self.head, config)

    @cached_property
    def head(self) -> SiteInfo:
        languages = self.taxonomy.languages
        library = self.articles.library
        return SiteInfo(
            languages=languages,
            title=self.titles,
            description={lang: self.site_description(lang) for lang in languages},
            base_url=self.config.base_url,
            base_path=self.config.base_path,
            repository=self.config.repository,
            origin=self.taxonomy.origin or library.origin,
            has_concepts=bool(self.taxonomy.concepts),
            has_articles=bool(library.entries),
            reading={lang: self.reading.names(lang) for lang in languages},
            pages={lang: self.own.links(lang) for lang in languages},
            feeds={lang: f"{lang}/{FEED}" for lang in languages} if has_feed(library) else {},
            changes=feeds(self.past, languages),
            manifests={lang: manifest_path(lang) for lang in languages},
            picture=self.cards.of_site(),
            offline=self.config.offline,
        )

    def site_title(self, lang: str) -> str:
        title = self.config.title
        preface = self.taxonomy.prefaces.get(lang) or next(iter(self.taxonomy.prefaces.values()), None)
        return title.get(lang) or title.get("") or (preface.title if preface else "") or "dlmap"

    def site_description(self, lang: str) -> str:
        description = self.config.description
        preface = self.taxonomy.prefaces.get(lang)
        return description.get(lang) or description.get("") or (preface.description if preface else "")

    def start(self) -> Mapping[str, str]:
        """From the root of a site in one language to its home page: there is nothing to choose."""
        languages = self.taxonomy.languages
        return {"": f"/{languages[0]}/"} if len(languages) == 1 else {}

    def pages(self) -> Iterator[Page]:
        default = self.taxonomy.languages[0]
        if len(self.taxonomy.languages) > 1:
            yield Page(
                path="",
                type=ChooserPage,
                content=ChooserPage,
                lang=default,
                title=self.site_title(default),
                alternates=self.alternates(""),
                data=WHOLE,
            )
        # Side by side, so that of several processes that render one lays the map out for all of them.
        for lang in self.taxonomy.languages:
            yield self.home(lang)
            if self.taxonomy.concepts:
                yield self.map(lang)
        for lang in self.taxonomy.languages:
            with self.memo.generation("descriptions", lang, self.taxonomy.languages) as recall:
                for concept in self.taxonomy.of_kind(*_PAGED):
                    yield self.concept(concept, lang, recall.of(concept, partial(self.description, lang)))
            if self.taxonomy.concepts:
                yield self.methods(lang)
            if self.past.history.changes:
                yield self.changes(lang)
            if self.taxonomy.concepts or self.articles.library.entries:
                yield self.search(lang)
        yield from self.reading.pages()
        yield from self.open_data.pages()
        yield from self.articles.pages()
        yield from self.own.pages()
        yield Page(
            path="404.html",
            type=NotFoundPage,
            content=NotFoundPage,
            lang=default,
            title="404",
            listed=False,
        )

    def home(self, lang: str) -> Page:
        def content() -> HomePage:
            preface = self.taxonomy.prefaces.get(lang) or next(iter(self.taxonomy.prefaces.values()), None)
            prose = (
                Prose(preface.blocks, preface.source.path, preface.kramdown, preface.lang)
                if preface
                else None
            )
            return HomePage(
                preface=prose,
                tree=self.full_tree(lang),
                counts=self.counts(),
                newest=self.articles.newest(lang),
                maps=tuple(picture.drawing(lang) for picture in self.pictures if self.taxonomy.parts),
                entrances=self.entrances.view(lang),
                structured=self.structured.home(lang, self.site_description(lang)),
            )

        return Page(
            path=f"{lang}/",
            type=HomePage,
            content=content,
            lang=lang,
            title=self.site_title(lang),
            description=self.site_description(lang),
            alternates=self.alternates(""),
            data=WHOLE,
        )

    def map(self, lang: str) -> Page:
        whole = self.pictures[0]
        return self.single(
            MapPage, lang, lambda: MapPage(whole.drawing(lang), whole.tree(lang), self.counts())
        )

    def single(self, content: type[PageContent], lang: str, make: Callable[[], PageContent]) -> Page:
        """The only page of its type in a language."""
        path = f"{content.slug}/"
        return Page(
            path=f"{lang}/{path}", type=content, content=make, lang=lang, alternates=self.alternates(path)
        )

    def full_tree(self, lang: str) -> tuple[TreeItem, ...]:
        """Parts, types and families, all open."""

        def item(concept_id: str) -> TreeItem:
            below = (
                child
                for child in self.taxonomy.concepts[concept_id].narrower
                if self.taxonomy.concepts[child].kind in (Kind.TYPE, Kind.FAMILY)
            )
            return TreeItem(self.refs.ref(concept_id, lang), False, True, tuple(map(item, below)))

        return tuple(map(item, self.taxonomy.parts))

    def aliases(self) -> Mapping[str, str]:
        """Each address of a concept under an id that it once had, to where it is shown now."""
        return {
            f"{lang}/{old}/": f"/{self.refs.path(new, lang)}"
            for old, new in resolve_aliases(
                self.config.aliases, self.taxonomy.concepts, reserved_ids()
            ).items()
            for lang in self.taxonomy.languages
        }

    def search(self, lang: str) -> Page:
        return self.single(SearchPage, lang, SearchPage)

    def counts(self) -> dict[str, int]:
        kinds = {**{kind.value: (kind,) for kind in Kind}, "named": NAMED}
        return {name: len(self.taxonomy.of_kind(*each)) for name, each in kinds.items()}

    def description(self, lang: str, concept: Concept) -> str:
        definition = concept.definition(lang) or next(
            filter(None, (concept.definition(code) for code in self.taxonomy.languages)), ""
        )
        return truncate(definition, _MAX_DESCRIPTION)

    def concept(self, concept: Concept, lang: str, description: str) -> Page:
        page_type = _PAGE_OF_KIND[concept.kind]

        def content() -> ConceptPage:
            view = self.views.view(concept, lang)
            articles, links = self.articles.full_text(concept, lang)
            return page_type(
                view=view,
                articles=articles,
                links=links,
                toc=toc_of(view.body),
                neighbourhood=self.neighbourhoods.view(concept, lang),
                tree=self.tree(lang, self.tree_place(concept)),
                structured=self.structured.concept(view, description, lang),
            )

        folder = f"{concept.id}/"
        path = f"{lang}/{folder}"
        return Page(
            path=path,
            type=page_type,
            content=content,
            lang=lang,
            title=concept.name(lang),
            description=description,
            alternates=self.alternates(folder),
            picture=self.cards.of_concept(concept),
            data=(beside(path),),
            history=self.past.of_concept(concept, lang),
        )

    def changes(self, lang: str) -> Page:
        return self.single(ChangesPage, lang, lambda: ChangesPage(self.past.changes(lang)))

    def changes_feed(self, lang: str) -> bytes:
        return changes_feed(self.past.changes(lang), lang, self.titles[lang], self.config)

    def tree_place(self, concept: Concept) -> str | None:
        """What the tree marks as current: methods and approaches stand below its lines."""
        current = concept
        while not current.kind.is_section:
            if not current.broader:
                return None
            current = self.taxonomy.concepts[current.broader[0]]
        return current.id

    def methods(self, lang: str) -> Page:
        named = self.taxonomy.of_kind(*NAMED)
        return self.single(
            MethodsPage,
            lang,
            lambda: MethodsPage(self.refs.all((concept.id for concept in named), lang)),
        )
