"""Which languages an outline speaks."""

from __future__ import annotations

import pytest

from dlmap.markdown import parse_outline
from dlmap.taxonomy import glossed_language, language_of
from dlmap.text import SourceFile

GLOSSED = "# 网络 (Networks)\n\n## 生成模型 (Generative models)\n\n### 扩散模型\n"
PLAIN_CHINESE = "# 网络\n\n## 生成模型\n\n### 扩散模型\n\n变分自编码器(variational autoencoder)最大化下界。\n"
ACRONYMS = "# 网络\n\n## 卷积神经网络 (CNN)\n\n### 残差网络 (ResNet-50)\n"
PLAIN_ENGLISH = "# Networks\n\n## Generative models (overview)\n\n### Diffusion\n"
GLOSSED_ENGLISH = "# Networks (网络)\n\n## Generative models (生成模型)\n\n### Diffusion\n"
ONE_STRAY_GLOSS = (
    "# 网络\n" + "".join(f"\n## 方向{name}\n" for name in "甲乙丙丁戊") + "\n## 注意力 (Attention)\n"
)


@pytest.mark.parametrize(
    ("text", "language", "glossed"),
    [
        pytest.param(GLOSSED, "zh", "en", id="Chinese with glosses"),
        pytest.param(PLAIN_CHINESE, "zh", "", id="Chinese with a term in the text"),
        pytest.param(PLAIN_ENGLISH, "en", "", id="English with a remark in parentheses"),
        pytest.param(GLOSSED_ENGLISH, "en", "zh", id="English with glosses"),
        pytest.param(ONE_STRAY_GLOSS, "zh", "", id="one gloss among many headings"),
        pytest.param(
            "# BERT\n\n双向编码器。\n\n# GPT\n\n只有解码器。\n",
            "zh",
            "",
            id="names as headings of Chinese text",
        ),
        pytest.param("text alone\n", "en", "", id="no heading"),
    ],
)
def test_an_outline_speaks_its_own_language_and_the_one_of_its_glosses(
    text: str, language: str, glossed: str
) -> None:
    document, _ = parse_outline(SourceFile("outline.md", text))
    assert (language_of(document), glossed_language(document)) == (language, glossed)


def test_an_acronym_is_no_gloss() -> None:
    document, _ = parse_outline(SourceFile("outline.md", ACRONYMS.replace(" (ResNet-50)", "")))
    assert glossed_language(document) == ""
