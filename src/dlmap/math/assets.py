"""Finds the KaTeX that the build hook put into the package."""

from hashlib import blake2b
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent

BATCH_SCRIPT = _PACKAGE / "math" / "katex_batch.js"


def katex_assets() -> Path:
    """The folder with `katex.min.js`, `mhchem.min.js`, `katex.min.css`, `fonts/*.woff2` and `LICENSE`."""
    return _PACKAGE / "_vendor" / "katex"


def katex_version() -> str:
    """The version of the KaTeX that formulas are rendered with."""
    return (katex_assets() / "VERSION").read_text(encoding="ascii").strip()


def engine_fingerprint() -> str:
    """Changes whenever the same formula may give other HTML: part of the key of every stored formula."""
    digest = blake2b(digest_size=16)
    digest.update(katex_version().encode("ascii"))
    digest.update(b"\0")
    digest.update(BATCH_SCRIPT.read_bytes())
    return digest.hexdigest()
