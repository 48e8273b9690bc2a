"""A small site on disk that tests edit and build again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from dlmap import build
from dlmap.result import BuildResult
from dlmap.up_to_date import BuildRequest, find_up_to_date

OUTLINE = """---
title: 小小的地图
---

# 模型 (Models) {#models}

## 视觉网络 (Vision networks) {#vision}

### 卷积网络 (Convolutional networks) {#cnn}

- **残差连接 (residual connections)**{#residual}：让信息越过几层，公式是$y = f(x) + x$，如**ResNet**；见[注意力](#attention)。
- **密集连接 (dense connections)**{#dense}：把前面所有层接起来，如**DenseNet**。

### 注意力 (Attention) {#attention}

一段没有公式的话。

- **局部窗口 (local windows)**{#windows}：只看一个窗口，如**Swin**。

## 序列网络 (Sequence networks) {#sequence}

### 循环网络 (Recurrent networks) {#rnn}

- **门控 (gates)**{#gates}：有门的网络，如**LSTM**和**GRU**，后者更小。
"""


ENGLISH = """---
title: A small map
---

# Models {#models}

## Vision networks {#vision}

### Convolutional networks {#cnn}

- **Residual connections**{#residual}: they let information skip layers, such as **ResNet**.

### Attention {#attention}

A paragraph without formulas.
"""


METHODS = """resnet:
  name: ResNet
  year: 2015
  summary:
    zh: 让信息越过几层。
    en: It lets information skip layers.
gru:
  name: GRU
  year: 2014
  based_on: [lstm]
lstm:
  name: LSTM
  year: 1997
"""


NOTE = "残差网络的一段说明，$f(x)=0$时它就是恒等。\n"


POST = """---
title: 关于残差
tags: [net]
---

看[另一篇](/2022/02/02/two.html)，公式$a^2$。
"""


OTHER = """---
title: 第二篇
---

没有链接。
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "map"
    write_site(folder)
    return folder


def write_site(folder: Path) -> None:
    files = {
        "content/outline.zh.md": OUTLINE,
        "content/outline.en.md": ENGLISH,
        "content/methods.yml": METHODS,
        "content/notes/resnet.zh.md": NOTE,
        "content/articles/2022-01-01-one.md": POST,
        "content/articles/2022-02-02-two.md": OTHER,
        "dlmap.toml": 'title = "地图"\n',
    }
    for name, text in files.items():
        write(folder / name, text)


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def build_again(folder: Path, output: Path) -> BuildResult:
    """As `dlmap build` does."""
    result = find_up_to_date(BuildRequest(folder, output, keep_going=True))
    return result or build(folder, output, keep_going=True, durable=False)


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    found = {path: path.stat() for path in folder.rglob("*") if path.is_file()}
    return {
        path.relative_to(folder).as_posix(): (status.st_ino, status.st_mtime_ns)
        for path, status in found.items()
    }


def written_after(folder: Path, change: Callable[[], object]) -> set[str]:
    """The files of the site that are new, gone or written again after a change."""
    output = folder.parent / "out"
    build_again(folder, output)
    before = stamps(output)
    change()
    build_again(folder, output)
    after = stamps(output)
    assert tree(output) == clean(folder)
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} - {
        ".nojekyll"
    }


def tree(folder: Path) -> Mapping[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def clean(folder: Path) -> Mapping[str, bytes]:
    with tempfile.TemporaryDirectory() as name:
        build(folder, Path(name) / "site", keep_going=True, cache=False, durable=False)
        return tree(Path(name) / "site")
