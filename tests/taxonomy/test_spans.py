"""Which bold spans are methods: sentences that the model was not trained on, weights, hostile texts."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dlmap.markdown import parse_document
from dlmap.taxonomy import read_outline
from dlmap.text import SourceFile
from support.checkout import SHARED, require

ROOT = Path(__file__).parents[2]
SENTENCES = ROOT / "tests" / "outlines" / "spans" / "sentences.tsv"
LABEL = "{.method}"
NAMES = (
    *("Quorra", "TriNet", "BLAZE", "MorphFlow", "K2-Join", "PolyGate v3", "Sparse Weaver", "ORCA"),
    *("Latent Anchor Loss", "uTune", "TideFormer", "ROI-Mix", "Zephyr", "GK-Norm", "Coarse Lattice"),
)


def rows(lang: str) -> list[str]:
    """The sentences held out of training, with made-up names in their places."""
    texts = (row.split("\t") for row in SENTENCES.read_text("utf-8").splitlines())
    return [
        with_names(text, number, lang)
        for number, (group, language, text) in enumerate(texts)
        if (group, language) == ("test", lang)
    ]


def with_names(text: str, number: int, lang: str) -> str:
    """`@1` stands for one name, `@` for three in a row."""
    joined = "@1、@1和@1" if lang == "zh" else "@1, @1 and @1"
    text = re.sub("@(?!1)", joined, text)
    for step in range(text.count("@1")):
        text = text.replace("@1", f"**{NAMES[(number + step) % len(NAMES)]}**{LABEL}", 1)
    return text


def named(text: str) -> list[str]:
    """The methods and metrics that a text names under a family."""
    outline, _ = read_outline(parse_document(SourceFile("case.md", f"# P\n\n## T\n\n### F\n\n{text}\n"))[0])
    return [member.name for node in outline.walk() for member in node.members]


def wanted(text: str) -> list[str]:
    return re.findall(r"\*\*([^*]+)\*\*" + re.escape(LABEL), text)


@pytest.mark.parametrize("text", [*rows("zh"), *rows("en")])
def test_a_lead_in_of_any_wording_gives_the_names_behind_it(text: str) -> None:
    if wanted(text):
        assert named(text.replace(LABEL, "")) == wanted(text)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_bold_words_that_are_no_names_stay_words(lang: str) -> None:
    texts = [text for text in rows(lang) if not wanted(text)]
    bold = sum(text.count("**") // 2 for text in texts)
    misread = [name for text in texts for name in named(text)]
    # `**CPU**` and `**CUDA**` look like names: only a mark can tell that they are none here.
    assert len(misread) <= 0.12 * bold, misread


def test_marks_have_the_last_word() -> None:
    assert named("如**Quorra**{.term}、**TriNet**。") == ["TriNet"]
    assert named("这一点**重要**{.method}。") == ["重要"]


def test_a_run_of_thousands_of_names_is_read_in_time_that_grows_as_it_does() -> None:
    def seconds(count: int) -> float:
        text = "如" + "、".join(f"**Net-{number}**" for number in range(count)) + "。"
        start = time.process_time()
        assert len(named(text)) == count
        return time.process_time() - start

    small = min(seconds(500) for _ in range(3))
    assert min(seconds(4000) for _ in range(2)) < 24 * max(small, 0.01)


@pytest.mark.parametrize(
    "text", ["(" * 3000 + "**A-Net**", "**A-Net** " * 800, "如" * 3000 + "**A-Net**", "，" * 9000]
)
def test_odd_texts_are_read(text: str) -> None:
    assert set(named(text)) <= {"A-Net"}


def test_the_weights_are_those_that_the_script_makes() -> None:
    require((SHARED / "seed").is_dir(), "the seed outline in ../shared")
    script = ROOT / "benchmarks" / "train_spans.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
