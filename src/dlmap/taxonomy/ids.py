"""Give every node of an outline its id (design §4): stable under re-ordering, unique over the site."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from dlmap.markdown.cjk import has_han
from dlmap.taxonomy.kinds import Kind
from dlmap.taxonomy.members import NamedMethod
from dlmap.taxonomy.names import (
    ID_PATTERN,
    MAX_ID_LENGTH,
    fallback_id,
    loose_key,
    name_key,
    slug,
    url_word,
)
from dlmap.taxonomy.outline_model import Node, Outline
from dlmap.text import Diagnostic, SourceFile, Span

_SAYS_NOTHING = re.compile(
    r"(?:(?:key|main|related|other|more|recent|common|popular|classic(?:al)?|basic|early|selected|further|representative)\s+)?"
    r"(?:papers?|surveys?|reviews?|overviews?|introduction|intro|background|basics|methods?|models?|algorithms?|approaches|"
    r"techniques|architectures?|variants?|applications?|datasets?|benchmarks?|metrics|evaluation|code|implementations?|"
    r"resources?|tutorials?|references|reading|tools|librar(?:y|ies)|blogs?|courses?|books?|others?|misc(?:ellaneous)?|summary|"
    r"notes?|theory|examples?|works?|19\d\d|20\d\d)"
    r"|(?:主要|常见|常用|相关|其他|其它|经典|代表性?|基本|典型)?(?:的)?"
    r"(?:论文|综述|概述|简介|介绍|背景|基础|方法|模型|算法|技术|架构|结构|变体|应用|数据集|基准|指标|评价指标|评估|代码|实现|资源|教程|"
    r"参考文献|参考资料|工具|其他|其它|总结|小结|理论|原理|例子|示例|工作|优缺点|概念)",
    re.IGNORECASE,
)
"""Names of sections that say nothing without the section around them: in each of those they are something else."""


@dataclass(slots=True)
class IdOwner:
    """Who holds an id: its names, and where it was first said."""

    kind: Kind
    names: set[str]
    source: SourceFile
    span: Span
    labels: set[str] = field(default_factory=set)
    """Its Chinese labels: two of them may share an English gloss and are two concepts all the same."""

    @property
    def place(self) -> str:
        """Where it was first said, as `file:line`."""
        path, line = self.source.place(self.span)
        return f"{path}:{line}"

    def differs(self, node: Node) -> bool:
        """Whether `node` has a Chinese label of its own, whatever its gloss."""
        label = node.label.text
        return has_han(label) and bool(self.labels) and name_key(label) not in self.labels


@dataclass(slots=True)
class Ids:
    """The ids given so far; one namespace for the whole site."""

    reserved: frozenset[str] = frozenset()
    """The ids that no concept may have: pages of the site itself are at their addresses."""
    holders: dict[str, IdOwner] = field(default_factory=dict)
    of_node: dict[int, str] = field(default_factory=dict)
    """By `id()` of the node: nodes are values, and two equal ones may stand in different places."""
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def node_id(self, node: Node) -> str:
        """The id that was given to a node."""
        return self.of_node[id(node)]

    def has(self, node: Node) -> bool:
        """Whether a node was given an id."""
        return id(node) in self.of_node

    def claim(
        self, wanted: str, kind: Kind, names: set[str], source: SourceFile, span: Span, *, merge: bool
    ) -> str:
        """Take the id `wanted`; with `merge`, a holder of one of the same names shares it."""
        holder = self.holders.get(wanted)
        if holder is None:
            self.holders[wanted] = IdOwner(kind, set(names), source, span)
            return wanted
        if merge and names & holder.names:
            holder.names |= names
            return wanted
        if merge and {loose_key(name) for name in names} & {loose_key(name) for name in holder.names}:
            self.diagnostics.append(
                Diagnostic(
                    "DL210",
                    f"the id `{wanted}` is spelt in another way in {holder.place}; both are one concept",
                    "spell the name in one way, or tell them apart by an explicit id: {#another-id}",
                    source,
                    span,
                )
            )
            holder.names |= names
            return wanted
        self.diagnostics.append(
            Diagnostic(
                "DL210",
                f"the id `{wanted}` is taken by another name in {holder.place}",
                "tell them apart by an explicit id: {#another-id}",
                source,
                span,
            )
        )
        given = self.free(wanted)
        self.holders[given] = IdOwner(kind, set(names), source, span)
        return given

    def is_held_by(self, wanted: str, node: Node) -> bool:
        """Whether the id belongs to a concept of the kind and one of the names of `node`."""
        holder = self.holders.get(wanted)
        if holder is None or holder.kind is not node.kind or holder.differs(node):
            return False
        return bool(names_of(node) & holder.names)

    def unreserved(self, wanted: str, kind: Kind) -> str:
        """`wanted`, or a variant of it where a page of the site itself has that address."""
        return f"{wanted}-{kind.value}" if wanted in self.reserved else wanted

    def free(self, wanted: str) -> str:
        """`wanted` with the first number that makes it free."""
        number = 2
        while f"{wanted}-{number}" in self.holders:
            number += 1
        return f"{wanted}-{number}"

    def explicit(self, node_id: str, source: SourceFile, span: Span, family: str = "") -> str:
        """An id that the author wrote, if it can be used; else empty.  That of an approach follows its `family`."""
        if not node_id:
            return ""
        if not ID_PATTERN.fullmatch(node_id):
            self.diagnostics.append(
                Diagnostic(
                    "DL212",
                    f"`{node_id}` cannot be an id",
                    f"use lower-case ASCII letters and digits, joined by hyphens, at most {MAX_ID_LENGTH} characters",
                    source,
                    span,
                )
            )
            return slug(node_id)
        if (f"{family}-{node_id}" if family else node_id) in self.reserved:
            self.diagnostics.append(
                Diagnostic(
                    "DL211",
                    f"the id `{node_id}` is the address of a page of the site itself",
                    f"choose another, `{node_id}-concept` for instance",
                    source,
                    span,
                )
            )
            return f"{node_id}-concept"
        return node_id


def names_of(node: Node) -> set[str]:
    """The keys of the names by which two nodes are known to be the same concept."""
    return {name_key(name) for name in (node.label.text, node.label.gloss) if name}


def english(node: Node) -> str:
    """The English name a node carries itself, if any."""
    if node.label.gloss and not has_han(node.label.gloss):
        return node.label.gloss
    return "" if has_han(node.label.text) else node.label.text


def identify_sections(outline: Outline, ids: Ids, wanted_by_members: Callable[[], set[str]]) -> None:
    """Ids of parts, types and families; `wanted_by_members` gives those that methods get by their names."""
    repeated = _repeated(outline)
    sections = [node for node in outline.walk() if node.kind.is_section and id(node) not in repeated]
    _identify_by_names(sections, outline, ids)
    _identify_rest([node for node in sections if not ids.has(node)], outline, ids, wanted_by_members)
    _identify_repeated(repeated.values(), outline, ids)


def _identify_by_names(sections: Sequence[Node], outline: Outline, ids: Ids) -> None:
    """Ids of parts, types and families that their own names give: explicit, or from the English label."""
    for node in sections:
        wanted = ids.explicit(node.id, outline.source, node.span) or ids.unreserved(
            slug(english(node)), node.kind
        )
        if not wanted:
            continue
        holder = ids.holders.get(wanted)
        if not node.id and holder and holder.kind is not node.kind and names_of(node) & holder.names:
            wanted = f"{wanted}-{node.kind.value}"  # a family with the name of its type
            holder = ids.holders.get(wanted)
        if not node.id and holder and holder.differs(node):
            continue  # 序列到序列模型中的注意力机制 (Attention Mechanism): the address or the pinyin tells it apart
        given = ids.claim(wanted, node.kind, names_of(node), outline.source, node.span, merge=True)
        ids.of_node[id(node)] = given
        if has_han(node.label.text):
            ids.holders[given].labels.add(name_key(node.label.text))


def _identify_rest(
    sections: Sequence[Node], outline: Outline, ids: Ids, wanted_by_members: Callable[[], set[str]]
) -> None:
    """Ids of the sections that have no English name: from the article's address, else from the pinyin.

    They yield to the ids that methods get by their names.  A word that stands in the addresses of two
    sections is the id of neither, for which of them comes first must not matter.
    """
    taken = wanted_by_members() if sections else set()
    wishes: dict[str, set[str]] = defaultdict(set)
    for node in sections:
        for word in _url_words(node, ids):
            wishes[word].add(name_key(node.label.text))
    for node in sections:
        names = names_of(node)
        words = [word for word in _url_words(node, ids) if len(wishes[word]) == 1 and word not in taken]
        free = (word for word in words if word not in ids.holders or ids.is_held_by(word, node))
        wanted = next(free, "") or _spelt_id(node, taken, ids)
        ids.of_node[id(node)] = ids.claim(wanted, node.kind, names, outline.source, node.span, merge=True)


def _identify_repeated(repeated: Iterable[tuple[Node, Node]], outline: Outline, ids: Ids) -> None:
    """Ids of sections such as `Papers` that stand in several others: that of the section around it, and their own."""
    for node, around in repeated:
        own = slug(english(node)) or slug(node.label.text) or fallback_id(node.label.text)
        wanted = ids.unreserved(f"{ids.node_id(around)}-{own}", node.kind)
        ids.of_node[id(node)] = ids.claim(
            wanted, node.kind, names_of(node), outline.source, node.span, merge=True
        )


def _repeated(outline: Outline) -> dict[int, tuple[Node, Node]]:
    """The sections whose names say nothing by themselves and stand in several others, each with the one around it.

    By the `id()` of the section; a section comes before those in it.
    """
    pairs = [
        (node, around)
        for around in outline.walk()
        for node in around.children
        if not node.id and not node.links and _SAYS_NOTHING.fullmatch(node.label.text.strip())
    ]
    homes: dict[str, set[str]] = defaultdict(set)
    for node, around in pairs:
        homes[name_key(node.label.text)].add(name_key(around.label.text))
    return {id(node): (node, around) for node, around in pairs if len(homes[name_key(node.label.text)]) > 1}


def _url_words(node: Node, ids: Ids) -> Iterator[str]:
    return filter(None, (ids.unreserved(url_word(link.href), node.kind) for link in node.links))


def _spelt_id(node: Node, taken: set[str], ids: Ids) -> str:
    spelt = ids.unreserved(slug(node.label.text), node.kind) or fallback_id(node.label.text)
    return f"{spelt}-{node.kind.value}" if spelt in taken else spelt


def identify_approaches(outline: Outline, ids: Ids) -> None:
    """Ids of approaches: that of their family, a hyphen, their own."""
    for node in outline.walk():
        if node.kind.is_section:
            _approaches_of(node, ids.node_id(node), "", outline.source, ids)


def _approaches_of(node: Node, family: str, above: str, source: SourceFile, ids: Ids) -> None:
    """`above` is the own id of the enclosing approach, if there is one."""
    for approach in node.approaches:
        explicit = ids.explicit(approach.id, source, approach.span, family)
        own = explicit or slug(english(approach)) or slug(approach.label.text)
        own = own or fallback_id(approach.label.text)
        wanted = f"{family}-{own}"
        if not explicit and wanted in ids.holders:
            wanted = f"{family}-{above}-{own}" if above else ids.free(wanted)
            if wanted in ids.holders:
                wanted = ids.free(wanted)
        ids.of_node[id(approach)] = ids.claim(
            wanted, Kind.APPROACH, names_of(approach), source, approach.span, merge=False
        )
        _approaches_of(approach, family, own, source, ids)


def member_id(ids: Ids, member: NamedMethod, source: SourceFile) -> str:
    """The id of a method or metric that the registry does not know."""
    if member.id:
        return ids.explicit(member.id, source, member.span)
    return ids.unreserved(slug(member.name), Kind(member.kind)) or fallback_id(member.name)
