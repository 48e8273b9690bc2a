"""The bibliography: one entry and one key a paper, of the type that its venue calls for."""

from pathlib import Path

import pytest

from dlmap import read_outline
from dlmap.exports import Bibliography
from dlmap.taxonomy import Taxonomy

OUTLINE = "# Networks\n\n## Basics\n\n### Family\n\nSuch as **A**, **B**, **C**, **D**.\n"


def taxonomy_of(tmp_path: Path, registry: str) -> Taxonomy:
    content = tmp_path / "content"
    content.mkdir()
    (content / "outline.en.md").write_text(OUTLINE, encoding="utf-8")
    (content / "methods.yml").write_text(registry, encoding="utf-8")
    return read_outline(tmp_path).taxonomy


def entry(name: str, title: str, url: str = "", authors: str = "", venue: str = "", year: int = 2015) -> str:
    address = f", url: {url}" if url else ""
    people = f"  authors: [{authors}]\n" if authors else ""
    place = f"  venue: {venue}\n" if venue else ""
    return (
        f"{name.lower()}:\n  name: {name}\n  year: {year}\n"
        f'  paper: {{title: "{title}"{address}}}\n{people}{place}'
    )


@pytest.mark.parametrize(
    ("venue", "head", "field"),
    [
        ("CVPR 2016", "@inproceedings{", "booktitle = {CVPR}"),
        ("Findings of EMNLP 2020", "@inproceedings{", "booktitle = {Findings of EMNLP}"),
        ("Interspeech 2019", "@inproceedings{", "booktitle = {Interspeech}"),
        ("JMLR 2014", "@article{", "journal = {JMLR}"),
        ("IEEE TPAMI 2022", "@article{", "journal = {IEEE TPAMI}"),
        ("Nature", "@article{", "journal = {Nature}"),
        ("Neural Computation 1997", "@article{", "journal = {Neural Computation}"),
        ("OpenAI technical report 2019", "@misc{", "howpublished = {OpenAI technical report 2019}"),
    ],
)
def test_the_venue_decides_the_type(tmp_path: Path, venue: str, head: str, field: str) -> None:
    taxonomy = taxonomy_of(tmp_path, entry("A", "Deep things", authors="Ada Löve", venue=venue))
    written = Bibliography(taxonomy).entry(taxonomy.concepts["a"])
    assert written.startswith(head)
    assert field in written


def test_a_preprint_says_where_it_is(tmp_path: Path) -> None:
    registry = entry("A", "Deep things", "https://arxiv.org/abs/1512.03385", "Ada Löve", "arXiv 2015")
    taxonomy = taxonomy_of(tmp_path, registry)
    written = Bibliography(taxonomy).entry(taxonomy.concepts["a"])
    assert written.startswith("@misc{love2015deep,")
    assert "eprint = {1512.03385}" in written
    assert "howpublished" not in written


def test_methods_of_one_paper_share_its_key_and_others_do_not(tmp_path: Path) -> None:
    same = ("The deep things", "https://arxiv.org/abs/1512.03385", "Ada Love, Bo Li")
    registry = entry("A", *same) + entry("B", *same) + entry("C", "Deep others", authors="Cy Love")
    taxonomy = taxonomy_of(tmp_path, registry + entry("D", "Nobody's"))
    bibliography = Bibliography(taxonomy)
    keys = [bibliography.entry(taxonomy.concepts[each]).split("{")[1].split(",")[0] for each in "abcd"]
    assert keys == ["love2015deep", "love2015deep", "love2015deep-2", "d"]
    assert bibliography.file().decode().count("@") == len(bibliography) == 3


def test_authors_who_are_not_named_are_and_others(tmp_path: Path) -> None:
    taxonomy = taxonomy_of(tmp_path, entry("A", "Deep things", authors="Ada Love, others", venue="Science"))
    assert "author = {Ada Love and others}" in Bibliography(taxonomy).entry(taxonomy.concepts["a"])
