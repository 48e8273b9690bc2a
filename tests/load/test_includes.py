"""An outline in several files: one map, whose places lead to the file that each thing stands in."""

from pathlib import Path

from dlmap import build, read_outline
from dlmap.cache import Cache
from dlmap.load.discover import discover
from dlmap.load.site import Loader

ENTRY = """---
title: A map
lang: en
include: [parts/language.md, parts/vision.md]
---

It introduces the map.

# Basics {#basics}

## Layers {#layers}

### Perceptron {#perceptron}

A unit with a threshold.
"""
LANGUAGE = """# Language {#language}

## Models {#models}

### Transformer {#transformer}

Attention relates all positions, as in **BERT**{.method}.

```python
unclosed = True
"""
VISION = """# Vision {#vision}

## Backbones {#backbones}

### Convolution {#convolution}

It links to [nothing](#nothing).
"""


def site(tmp_path: Path, **texts: str) -> Path:
    files = {"outline": ENTRY, "parts/language": LANGUAGE, "parts/vision": VISION} | texts
    for name, text in files.items():
        file = tmp_path / "content" / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def test_the_files_make_one_map_in_the_order_of_the_list(tmp_path: Path) -> None:
    taxonomy = read_outline(site(tmp_path)).taxonomy
    assert taxonomy.parts == ("basics", "language", "vision")
    assert taxonomy.concepts["bert"].broader == ("transformer",)


def test_each_concept_has_the_file_and_line_that_define_it(tmp_path: Path) -> None:
    concepts = read_outline(site(tmp_path)).taxonomy.concepts
    assert concepts["perceptron"].source == ("content/outline.md", 13)
    assert concepts["transformer"].source == ("content/parts/language.md", 5)
    assert concepts["bert"].source == ("content/parts/language.md", 7)
    assert concepts["convolution"].source == ("content/parts/vision.md", 5)


def test_a_diagnostic_points_into_the_included_file(tmp_path: Path) -> None:
    (diagnostic,) = (each for each in read_outline(site(tmp_path)).diagnostics if each.code == "DL304")
    assert (diagnostic.file, diagnostic.position) == ("content/parts/vision.md", (7, 13))


def test_a_code_block_that_is_left_open_ends_with_its_file(tmp_path: Path) -> None:
    concepts = read_outline(site(tmp_path)).taxonomy.concepts
    assert concepts["vision"].label == {"en": "Vision"}


def test_a_section_that_stands_twice_names_the_other_file(tmp_path: Path) -> None:
    twice = VISION.replace("### Convolution {#convolution}", "### Transformer {#transformer}")
    diagnostics = read_outline(site(tmp_path, **{"parts/vision": twice})).diagnostics
    messages = [each.message for each in diagnostics if each.code == "DL205"]
    assert messages == ["`Transformer` appears twice; first on line 5 of content/parts/language.md"]


def test_an_included_file_is_read_again_after_an_edit(tmp_path: Path) -> None:
    folder = site(tmp_path)
    with Cache.open(None) as cache, Loader(cache, reserved_ids=frozenset()) as loader:
        sources = discover(folder)
        loaded = loader.load(sources)
        included = folder / "content" / "parts" / "vision.md"
        assert str(included) in loaded.text_files
        included.write_text(f"{VISION}\n### Pooling {{#pooling}}\n\nIt halves the size.\n", encoding="utf-8")
        again = loader.load(sources).taxonomy.concepts
    assert again["pooling"].source == ("content/parts/vision.md", 9)


def test_front_matter_of_an_included_file_is_reported_and_not_shown(tmp_path: Path) -> None:
    headed = f"---\ntitle: Another\n---\n\n{VISION}"
    reading = read_outline(site(tmp_path, **{"parts/vision": headed}))
    (diagnostic,) = (each for each in reading.diagnostics if each.code == "DL112")
    assert (diagnostic.file, diagnostic.position) == ("content/parts/vision.md", (1, 1))
    assert reading.taxonomy.concepts["convolution"].source == ("content/parts/vision.md", 9)


def test_a_lone_post_includes_nothing(tmp_path: Path) -> None:
    post = site(tmp_path) / "content" / "outline.md"
    codes = [each.code for each in build(post, cache=False).diagnostics]
    assert codes.count("DL113") == 2
