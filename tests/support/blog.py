"""A small Jekyll blog on disk, for the tests of articles."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from dlmap.articles import ArticleSource, ParsedArticle, read_article
from dlmap.articles.files import find_articles
from dlmap.text import SourceFile, read_source

ORIGIN = "blog.example.org"
VAE = f"""\
---
layout: post
title: '变分自编码器(Variational Autoencoder)'
date: 2022-04-01
author: 某人
cover: ''
tags: 深度学习 生成模型
---

> Auto-Encoding Variational Bayes.

**变分自编码器(VAE)**是一种生成模型。$q(z\\|x)$ 与 $$ p(x|z) $$ 见[流模型](https://{ORIGIN}/2022/05/01/flow.html#公式)。

# 1. 引言

![结构](/images/net.png)

$$ \\log p(x) \\geq L $$

# 1. 引言
"""
FLOW = """\
---
layout: post
title: 流模型
tags: [生成模型]
---
看 [VAE](/2022/04/01/vae/) 与 [同一篇]({% post_url 2022-04-01-vae %})。

## 公式

$x^2$
"""
ENGLISH = """\
---
title: A short note
tags: [notes]
---
Words in English, [a post](2022-05-01-flow.md).
"""
OUTLINE = f"""\
---
layout: post
date: 2020-01-02
---
# 1. 类型(Types)

## (1) 生成模型(Generative Model)

### ⚪ [变分自编码器(Variational Autoencoder)](https://{ORIGIN}/2022/04/01/vae.html)

包括 **VQ-VAE**, **NVAE**，另见[流模型](/2022/05/01/flow.html)。

### ⚪ [流模型(Flow)](https://{ORIGIN}/2022/05/01/flow.html)

包括 **NICE**, **Glow**。
"""


def png(width: int, height: int) -> bytes:
    """The smallest picture of a size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\0" * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files by their paths; returns the folder."""
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def blog(folder: Path, more: dict[str, str | bytes] | None = None) -> Path:
    """A blog of three posts and a picture, and what a test adds."""
    return write(
        folder,
        {
            "_posts/2022-04-01-vae.md": VAE,
            "_posts/2022-05-01-flow.md": FLOW,
            "_posts/en/2021-01-01-short-note.markdown": ENGLISH,
            "images/net.png": png(64, 32),
            **(more or {}),
        },
    )


def post(text: str, name: str = "2022-04-01-x.md", *, head: str = "layout: post\ntitle: X") -> SourceFile:
    """A post in memory."""
    return SourceFile(f"_posts/{name}", f"---\n{head}\n---\n{text}")


def read(source: SourceFile, folder: Path, *, drafts: bool = False) -> ParsedArticle:
    """Read one post by itself; its file is written for its name to be read as a site reads it."""
    write(folder, {source.path: source.text})
    files, _ = find_articles(folder / "_posts", folder, lambda file: file.relative_to(folder).as_posix())
    file = next(file for file in files if file.path == source.path)
    text, _ = read_source(file.file, file.path)
    assert text is not None
    return read_article(ArticleSource(file, text, drafts))
