"""Generate blogs and outlines of any size, from a seed: the same seed gives the same bytes.

    python benchmarks/generate.py blog FOLDER --scale 1 --seed 1
    python benchmarks/generate.py outline FILE --families 100 --methods 8

A blog has the shape of the reference work: 1,500 posts times the scale, 7.7 kB each, 25 formulas a post, of which
somewhat less than half were not in an earlier post.  Words and formulas come from the grammar below.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

POSTS = 1_500
POST_BYTES = 7_700
FORMULAS_A_POST = 25
NEW_FORMULAS = 0.47
"""The share of formulas that no earlier place has."""
DISPLAYED = 0.25
HOST = "blog.example.org"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_NOUNS = _words(
    "模型 网络 特征 样本 损失函数 梯度 参数 编码器 解码器 注意力 卷积核 通道 序列 图像 文本 标签 分布 先验 后验 隐变量 "
    "采样 噪声 权重 偏置 激活函数 归一化层 残差连接 嵌入向量 词表 解码策略 检测框 锚框 掩码 教师网络 学生网络 判别器 生成器 "
    "记忆单元 策略 奖励 状态 邻接矩阵 节点 边 度量 正则项 优化器 学习率 批量 轮次 验证集 训练集 上下文 位置编码"
)
_VERBS = _words(
    "表示 约束 近似 更新 估计 最小化 最大化 融合 压缩 重构 预测 替换 分解 对齐 聚合 投影 裁剪 缩放 平滑 筛选"
)
_ADJECTIVES = _words(
    "全局 局部 稀疏 稠密 多尺度 自适应 可学习 动态 静态 低秩 冗余 平滑 对称 独立 共享 高维 离散 连续"
)
_OPENINGS = _words(
    "在实践中， 首先， 其次， 由此可见， 与之相反， 值得注意的是， 从优化的角度看， 为了减小误差， 一般地， 直观上， 在训练时， "
    "在推理时， 经验表明， 进一步地，"
)
_STEMS = _words(
    "Conv Former Net Flow Mix Gate Graph Vec Token Sparse Deep Wave Patch Scale Norm Path Fuse Shift Quant Prompt"
)
_TAGS = _words("深度学习 机器学习 计算机视觉 自然语言处理 论文阅读 强化学习")
_LETTERS = _words("x y z u v w h s t a b p q k n m r")
_GREEK = _words(r"\alpha \beta \gamma \theta \phi \lambda \mu \sigma \epsilon \omega \eta \rho \tau \pi")
_CAPITALS = _words("X Y Z W H Q K V A B C D P S T U")
_STYLES = (r"\mathbf", r"\mathcal", r"\mathbb", r"\hat", r"\tilde", r"\bar")
_FUNCTIONS = (
    r"\log",
    r"\exp",
    r"\max",
    r"\min",
    r"\sin",
    r"\cos",
    r"\tanh",
    r"\text{softmax}",
    r"\text{ReLU}",
)
_RELATIONS = ("=", r"\approx", r"\leq", r"\geq", r"\propto", r"\sim", r"\in", r"\rightarrow")
_OPERATORS = ("+", "-", r"\cdot", r"\times", r"\odot", r"\otimes")
_LANGUAGES = ("python", "bash", "json")


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a blog: its file's name, its public address, its text."""

    name: str
    address: str
    text: str


class Formulas:
    """A grammar of TeX: small terms in the middle of sentences, equations that stand alone."""

    def __init__(self, source: random.Random) -> None:
        self.random = source
        self.known: dict[bool, list[str]] = {False: [], True: []}
        self.written: set[str] = set()

    def next(self, *, display: bool) -> str:
        """A new formula, or one that an earlier place has too."""
        known = self.known[display]
        if known and self.random.random() >= NEW_FORMULAS:
            return self.random.choice(known)
        while (tex := self.equation() if display else self.short()) in self.written:
            pass
        self.written.add(tex)
        known.append(tex)
        return tex

    def symbol(self) -> str:
        pick = self.random.random()
        if pick < 0.45:
            return self.random.choice(_LETTERS)
        if pick < 0.7:
            return self.random.choice(_GREEK)
        if pick < 0.85:
            return self.random.choice(_CAPITALS)
        return f"{self.random.choice(_STYLES)}{{{self.random.choice(_CAPITALS)}}}"

    def index(self) -> str:
        return self.random.choice(
            ("i", "j", "k", "t", "n", "i,j", "t-1", "t+1", r"\theta", "1", "2", "0", r"\text{in}")
        )

    def atom(self) -> str:
        atom = self.symbol()
        if self.random.random() < 0.55:
            atom += f"_{{{self.index()}}}"
        if self.random.random() < 0.25:
            atom += f"^{{{self.random.choice(('2', 'T', '(l)', '*', 'n', 'd'))}}}"
        return atom

    def term(self, depth: int) -> str:
        if depth == 0 or self.random.random() < 0.45:
            return self.atom()
        inner = self.sum(depth - 1)
        pick = self.random.random()
        if pick < 0.24:
            tex = rf"\frac{{{inner}}}{{{self.sum(depth - 1)}}}"
        elif pick < 0.42:
            tex = rf"\sum_{{{self.random.choice('ijkn')}=1}}^{{{self.random.choice('NMKT')}}} {inner}"
        elif pick < 0.60:
            tex = rf"{self.random.choice(_FUNCTIONS)}\left({inner}\right)"
        elif pick < 0.75:
            tex = rf"\mathbb{{E}}_{{{self.atom()} \sim p({self.atom()})}}\left[{inner}\right]"
        elif pick < 0.86:
            tex = rf"\| {inner} \|_2^2"
        else:
            tex = rf"\sqrt{{{inner}}}"
        return tex

    def sum(self, depth: int) -> str:
        terms = [self.term(depth)]
        for _ in range(self.random.choice((0, 0, 1, 1, 2))):
            terms += (self.random.choice(_OPERATORS), self.term(depth))
        return " ".join(terms)

    def short(self) -> str:
        if self.random.random() < 0.35:
            return self.atom()
        if self.random.random() < 0.5:
            return rf"{self.symbol()}({self.atom()}|{self.atom()})"
        return f"{self.atom()} {self.random.choice(_RELATIONS)} {self.sum(1)}"

    def equation(self) -> str:
        left = self.short() if self.random.random() < 0.3 else rf"\mathcal{{L}}_{{{self.index()}}}"
        if self.random.random() < 0.2:
            rows = r" \\ ".join(f"{self.atom()} & = {self.sum(1)}" for _ in range(self.random.randint(2, 3)))
            return rf"\begin{{aligned}} {left} & = {self.sum(1)} \\ {rows} \end{{aligned}}"
        if self.random.random() < 0.12:
            rows = r" \\ ".join(" & ".join(self.atom() for _ in range(3)) for _ in range(3))
            return rf"{left} = \begin{{bmatrix}} {rows} \end{{bmatrix}}"
        return f"{left} = {self.sum(2)}"


@dataclass
class Writer:
    """Writes posts one after the other; a post may link to those before it."""

    seed: int
    images: bool = False
    addresses: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.formulas = Formulas(self.random)

    def post(self, number: int) -> Post:
        """The next post."""
        # All in the past: some programs leave out posts of the future.
        day = date(2010, 1, 1) + timedelta(days=number % 5_000)
        method = f"{self.random.choice(_STEMS)}{self.random.choice(_STEMS)}{number}"
        title = f"{method}：{self.phrase()}的{self.random.choice(_VERBS)}"
        name = f"{day}-{method}.md"
        address = f"https://{HOST}/{day:%Y/%m/%d}/{method}.html"
        text = "".join(self.body(title, day))
        self.addresses.append((title, address))
        return Post(name, address, text)

    def body(self, title: str, day: date) -> Iterator[str]:
        yield (
            f"---\nlayout: post\ntitle: '{title}'\ndate: {day}\nauthor: 作者\ncover: ''\n"
            f"tags: {self.random.choice(_TAGS)}\n---\n\n> {self.phrase()}的笔记.\n\n"
        )
        size, formulas, section = 300, 0, 0
        wanted = POST_BYTES + self.random.randint(-2500, 2500)
        to_write = FORMULAS_A_POST + self.random.randint(-8, 8)
        pending = 0.0
        while size < wanted:
            # As many formulas as the part of the post that is written should hold.
            due = to_write * size / wanted - formulas
            if pending <= 0:
                section += 1
                pending = self.random.randint(1200, 2600)
                piece, count = f"## {section}. {self.phrase()}\n\n", 0
            else:
                piece, count = self.block(due)
            yield piece
            length = len(piece.encode())
            size, formulas, pending = size + length, formulas + count, pending - length

    def block(self, due: float) -> tuple[str, int]:
        """A block of Markdown with about as many formulas as are due, and how many they are."""
        pick = self.random.random()
        if due >= 1 and self.random.random() < DISPLAYED * 1.6:
            return f"$$ {self.formulas.next(display=True)} $$\n\n", 1
        if pick < 0.04:
            return self.code(), 0
        if pick < 0.09:
            return self.table()
        if pick < 0.25:
            items = [self.sentence(due / 3) for _ in range(self.random.randint(2, 5))]
            return "".join(f"- {text}\n" for text, _ in items) + "\n", sum(count for _, count in items)
        if self.images and pick < 0.32:
            return f"![{self.phrase()}](https://images.example.org/{self.random.randrange(10**8)}.png)\n\n", 0
        sentences = [self.sentence(due / 3) for _ in range(self.random.randint(2, 5))]
        return "".join(text for text, _ in sentences) + "\n\n", sum(count for _, count in sentences)

    def sentence(self, due: float) -> tuple[str, int]:
        words = [self.random.choice(_OPENINGS) if self.random.random() < 0.4 else "", self.phrase()]
        count = 0
        if self.random.random() < due:
            words.append(f"$${self.formulas.next(display=False)}$$")
            count += 1
        words += [self.random.choice(_VERBS), self.phrase()]
        if self.random.random() < 0.3:
            words += ["，并使用", f"**{self.phrase()}**", self.random.choice(_VERBS), self.phrase()]
        if self.random.random() < 0.12:
            names = "、".join(
                f"**{self.random.choice(_STEMS)}{self.random.choice(_STEMS)}**" for _ in range(3)
            )
            words.append(f"，如{names}")
        if self.random.random() < 0.08:
            words.append(f"（`{self.random.choice(_STEMS).lower()}_{self.random.choice(_LETTERS)}`）")
        if self.addresses and self.random.random() < 0.03:
            title, address = self.random.choice(self.addresses)
            words.append(f"，参考[{title}]({address})")
        return "".join(words) + "。", count

    def phrase(self) -> str:
        adjective = self.random.choice(_ADJECTIVES) if self.random.random() < 0.5 else ""
        second = self.random.choice(_NOUNS) if self.random.random() < 0.35 else ""
        return f"{adjective}{self.random.choice(_NOUNS)}{second}"

    def table(self) -> tuple[str, int]:
        rows = [f"| {self.phrase()} | {self.phrase()} | 数值 |", "| --- | --- | ---: |"]
        rows += [
            f"| {self.random.choice(_STEMS)} | {self.phrase()} | {self.random.random():.3f} |"
            for _ in range(self.random.randint(2, 5))
        ]
        return "\n".join(rows) + "\n\n", 0

    def code(self) -> str:
        language = self.random.choice(_LANGUAGES)
        if language == "json":
            lines = [f'{{"rate": {self.random.random():.4f}, "size": {self.random.randint(1, 512)}}}']
        elif language == "bash":
            lines = [f"train --layers {self.random.randint(2, 48)} --out run_{self.random.randrange(1000)}"]
        else:
            lines = ["def forward(self, x):"]
            lines += [
                f"    x = self.{self.random.choice(_STEMS).lower()}_{number}(x)  # {self.phrase()}"
                for number in range(self.random.randint(2, 6))
            ]
            lines.append("    return x")
        return f"```{language}\n" + "\n".join(lines) + "\n```\n\n"


def blog(count: int, *, seed: int = 1, images: bool = False) -> Iterator[Post]:
    """The posts of a blog; a longer blog of the same seed begins with the same posts."""
    writer = Writer(seed, images)
    for number in range(count):
        yield writer.post(number)


def write_blog(folder: Path, count: int, *, seed: int = 1, images: bool = False) -> None:
    """Write a blog as Jekyll wants it: every post in `_posts`."""
    posts = folder / "_posts"
    posts.mkdir(parents=True, exist_ok=True)
    for post in blog(count, seed=seed, images=images):
        (posts / post.name).write_text(post.text, encoding="utf-8", newline="\n")


def outline(families: int, methods: int, *, seed: int = 1) -> str:
    """An outline post: parts of network types of families, each with approaches and named methods."""
    writer = Writer(seed)
    lines = ["---\nlayout: post\ntitle: '大纲'\ndate: 2020-01-02\n---\n"]
    for number in range(families):
        if number % 40 == 0:
            lines.append(f"# {number // 40 + 1}. 部分{number // 40 + 1} (Part {number // 40 + 1})\n")
        if number % 8 == 0:
            lines.append(f"## ({number % 40 // 8 + 1}) 类型{number // 8 + 1} (Type {number // 8 + 1})\n")
        name = f"{writer.random.choice(_STEMS)} Family {number + 1}"
        lines.append(f"### ⚪ 方法族{number + 1} ({name})\n")
        lines.append(writer.sentence(1)[0] + writer.sentence(1)[0] + "\n")
        lines.append(f"$$ {writer.formulas.next(display=True)} $$\n")
        for first in range(0, methods, 4):
            names = ", ".join(
                f"**{writer.random.choice(_STEMS)}{writer.random.choice(_STEMS)}-{number + 1}-{method + 1}**"
                for method in range(first, min(first + 4, methods))
            )
            lines.append(
                f"- 改进{writer.phrase()}{first // 4 + 1}：{writer.sentence(0.5)[0][:-1]}，如{names}。"
            )
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    of_blog = commands.add_parser("blog", help="a folder of posts")
    of_blog.add_argument("folder", type=Path)
    of_blog.add_argument("--scale", type=float, default=1.0, help=f"1 is {POSTS} posts; 3 and 10 are usual")
    of_blog.add_argument("--images", action="store_true", help="with links to pictures")
    of_outline = commands.add_parser("outline", help="one outline post")
    of_outline.add_argument("file", type=Path)
    of_outline.add_argument("--families", type=int, default=100)
    of_outline.add_argument("--methods", type=int, default=8, help="named methods in each family")
    for command in (of_blog, of_outline):
        command.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.command == "blog":
        write_blog(options.folder, round(POSTS * options.scale), seed=options.seed, images=options.images)
    else:
        text = outline(options.families, options.methods, seed=options.seed)
        options.file.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
