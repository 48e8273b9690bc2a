"""Names of concepts: keys for comparing them, ids for addressing them, and series written in one go."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

from dlmap.markdown.cjk import has_han

MAX_ID_LENGTH = 100
"""In characters: files are named by ids, and no file system takes more than 255 bytes."""
ID_PATTERN = re.compile(rf"(?!.{{{MAX_ID_LENGTH + 1}}})[a-z0-9]+(-[a-z0-9]+)*")
INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""What has no width, or changes the direction of writing."""
_SEPARATES = re.compile(r"[-_.·:,'’()（）]")
_DASHES = str.maketrans("‐‑‒–—−～", "-------")


@lru_cache(maxsize=16384)
def name_key(name: str) -> str:
    """What two spellings of one name share: letter case and white space do not tell names apart."""
    folded = unicodedata.normalize("NFKC", INVISIBLE.sub("", name)).translate(_DASHES).casefold()
    return "".join(folded.split())


def loose_key(name: str) -> str:
    """A key without what separates the words of a name: `VQ-VAE` and `VQ VAE` share it."""
    return _SEPARATES.sub("", name_key(name))


_SHARP = re.compile(r"(?<![A-Za-z0-9][A-Za-z])(?<=[A-Za-z])#(?![A-Za-z0-9])")
"""Behind a letter that is the whole name: `C#` is another language than `C`."""


@lru_cache(maxsize=8192)
def slug(text: str) -> str:
    """The ASCII kebab-case form of a name: Greek letters by name, Chinese in pinyin, `+` as `plus`, `C#` as `c-sharp`.

    Cut at a hyphen where it would be too long for the name of a file; empty when nothing of the name can be spelt
    (an emoji, say).
    """
    normal = _SHARP.sub("-sharp", unicodedata.normalize("NFKC", text))
    spelt = "".join(map(_spell, normal))
    if has_han(spelt):
        spelt = _pinyin(spelt)
    ascii_only = unicodedata.normalize("NFKD", spelt).encode("ascii", "ignore").decode()
    whole = re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")
    if len(whole) <= MAX_ID_LENGTH:
        return whole
    words, hyphen, _ = whole[: MAX_ID_LENGTH + 1].rpartition("-")
    return words if hyphen else whole[:MAX_ID_LENGTH]


def _spell(char: str) -> str:
    if char == "+":
        return "-plus-"
    if char in "'’‘“”\"":
        return ""
    if "Ͱ" <= char <= "Ͽ" and (name := unicodedata.name(char, "")):
        return f"-{name.rsplit(' WITH ')[0].rsplit(' ', 1)[-1].lower()}-"
    return char


def _pinyin(text: str) -> str:
    # Imported late: its dictionaries take a tenth of a second, and most ids come from English labels.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    return "-".join(lazy_pinyin(text, errors=lambda rest: f"-{rest}-"))


def fallback_id(text: str) -> str:
    """A stable id for a name that cannot be spelt."""
    return f"concept-{hashlib.blake2b(text.encode(), digest_size=4).hexdigest()}"


def url_word(href: str) -> str:
    """The last word of an article's address: `/2020/03/06/CNN.html` gives `cnn`."""
    path = re.split(r"[?#]", href)[0].rstrip("/")
    return slug(re.sub(r"\.(html?|md)$", "", path.rsplit("/", 1)[-1])) if "/" in path else ""


_NUMBER = r"\d+(?:\.\d+)?\+*"
_LIST = re.compile(rf"(?P<base>.*?)(?P<first>{_NUMBER})(?P<rest>(?:\s*[,，、/]\s*[vV]?{_NUMBER})+)")
_RANGE = re.compile(r"(?P<base>.*(?:[vV]|\s))(?P<first>\d+)\s*[-–~～]\s*[vV]?(?P<last>\d+)")
_SLASH = re.compile(r"(?P<base>(?:.*\s)?)(?P<alternatives>[\w]+(?:/[\w]+)+)(?P<tail>-\S+)")
_SHARED_TAIL = re.compile(r"(?P<alternatives>[\w-]+(?:\s*/\s*[\w-]+)+)\s+(?P<tail>[A-Za-z][\w -]*)")
_TWO_NAMES = re.compile(
    r"[^/]*[A-Za-z]{3}[^/]*(?:\s+/\s+[^/]*[A-Za-z]{3}[^/]*)+|[A-Z][A-Za-z-]{3,}\w*(?:/[A-Z][A-Za-z-]{3,}\w*)+"
)
_MAX_RANGE = 20


def expand_series(name: str) -> tuple[str, tuple[str, ...]]:
    """The series that a name stands for, and its members; `("", (name,))` for an ordinary name.

    `MobileNet V1,2,3` is MobileNet V1, V2 and V3; `GPT 1,2,3` is GPT-1, GPT-2 and GPT-3; `YOLOv1-3` is YOLOv1 to
    YOLOv3; `Random under/over-sampling` and `L1 / L2 loss` are two.
    """
    name = re.sub(r"\s+", " ", name.strip())
    if (match := _LIST.fullmatch(name)) and _is_base(match["base"]):
        numbers = [match["first"], *re.findall(_NUMBER, match["rest"])]
        return _numbered(match["base"], numbers)
    if (match := _RANGE.fullmatch(name)) and _is_base(match["base"]):
        first, last = int(match["first"]), int(match["last"])
        if first < last <= first + _MAX_RANGE:
            return _numbered(match["base"], [str(number) for number in range(first, last + 1)])
    if match := _SLASH.fullmatch(name):
        members = tuple(f"{match['base']}{word}{match['tail']}" for word in match["alternatives"].split("/"))
        return f"{match['base']}{match['tail'].lstrip('-')}".strip(), members
    if match := _SHARED_TAIL.fullmatch(name):
        words = re.split(r"\s*/\s*", match["alternatives"])
        return "", tuple(f"{word} {match['tail']}" for word in words)
    if _TWO_NAMES.fullmatch(name):
        return "", tuple(re.split(r"\s*/\s*", name))
    return "", (name,)


def _is_base(base: str) -> bool:
    return any(char.isalpha() for char in base)


def _numbered(base: str, numbers: list[str]) -> tuple[str, tuple[str, ...]]:
    series = re.sub(r"[\s\-]*[vV]?\s*$", "", base)
    # A number that stands apart is joined by a hyphen: "GPT 1" is written GPT-1 everywhere else.
    stem = f"{base.rstrip()}-" if base.endswith(" ") else base
    return series, tuple(f"{stem}{number}" for number in numbers)
