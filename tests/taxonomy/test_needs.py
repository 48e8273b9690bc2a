"""What has to be read first: relations between concepts of any kind, their checks, and what pages say."""

from pathlib import Path

from dlmap import build, read_outline
from support.web_page import read_html, texts

OUTLINE = """# Networks

## Basics {#basics}

### Perceptron {#perceptron}

A unit with a threshold.

### Multilayer network {#multilayer}

Layers of units, such as **MLP**, **ResNet**, **ImageNet**.
"""


def site(tmp_path: Path, registry: str, **more: str) -> Path:
    content = tmp_path / "content"
    (content / "methods").mkdir(parents=True)
    (content / "outline.en.md").write_text(OUTLINE, encoding="utf-8")
    (content / "methods.yml").write_text(registry, encoding="utf-8")
    for name, text in more.items():
        (content / "methods" / f"{name}.yml").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_section_and_a_method_need_others(tmp_path: Path) -> None:
    registry = "multilayer:\n  needs: [perceptron]\nmlp:\n  name: MLP\n  needs: [multilayer]\n"
    concepts = read_outline(site(tmp_path, registry)).taxonomy.concepts
    assert concepts["multilayer"].needs == ("perceptron",)
    assert concepts["mlp"].needs == ("multilayer",)


def test_a_circle_is_named_once_at_an_entry_of_it(tmp_path: Path) -> None:
    registry = "perceptron:\n  needs: [mlp]\nmultilayer:\n  needs: [perceptron]\nmlp:\n  name: MLP\n  needs: [multilayer]\n"
    found = [each for each in read_outline(site(tmp_path, registry)).diagnostics if each.code == "DL605"]
    assert len(found) == 1
    assert {"mlp", "multilayer", "perceptron"} <= set(found[0].message.replace("→", " ").split())
    assert found[0].position is not None


def test_what_is_needed_must_be_in_the_map(tmp_path: Path) -> None:
    (found,) = read_outline(site(tmp_path, "perceptron:\n  needs: [calculus]\n")).diagnostics
    assert (found.code, found.message) == ("DL604", "`perceptron` needs `calculus`, which is not in the map")


def test_the_registry_may_be_split(tmp_path: Path) -> None:
    files = {"data": "imagenet:\n  name: ImageNet\n  kind: dataset\n  yeer: 2009\n"}
    reading = read_outline(site(tmp_path, "mlp:\n  name: MLP\n", **files))
    assert reading.taxonomy.concepts["imagenet"].kind == "dataset"
    (found,) = reading.diagnostics
    assert (found.file, found.position) == ("content/methods/data.yml", (4, 3))


def test_pages_name_what_to_read_first_and_next(tmp_path: Path) -> None:
    folder = site(tmp_path, "multilayer:\n  needs: [perceptron]\n")
    assert build(folder, tmp_path / "out", cache=False, durable=False).published
    assert "Read first: Perceptron" in texts(read_html(tmp_path / "out/en/multilayer/index.html"), ".alt")
    assert "Read next: Multilayer network" in texts(
        read_html(tmp_path / "out/en/perceptron/index.html"), ".alt"
    )
