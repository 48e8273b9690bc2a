"""Fuzzing that is guided by coverage: `python tests/fuzz/cover.py KIND [libFuzzer's options] [FOLDER]`.

Needs the package atheris.  KIND is one of the kinds of `target.py`.  FOLDER holds documents to begin with, and gets those
that reach new code; what ends in a fault is written to the current folder as `crash-…`.  An interesting document goes
to `tests/fuzz/corpus` as KIND-NAME: from then on the tests mutate it, too.

    python tests/fuzz/cover.py outline -max_total_time=60 /tmp/outlines
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[1]))

with atheris.instrument_imports(include=["dlmap", "markdown_it", "yaml"]):
    from fuzz.target import PLACES, LinkTarget

from fuzz.mutations import corpus


def main() -> None:
    kind = sys.argv.pop(1)
    if kind not in PLACES:
        sys.exit(f"{kind} is none of: {', '.join(PLACES)}")
    folder = Path(sys.argv[-1])
    if folder.is_dir() and not any(folder.iterdir()):
        for number, (other, text) in enumerate(corpus()):
            if other == kind:
                (folder / f"begin-{number}").write_bytes(text.encode("utf-8", "surrogateescape"))
    with LinkTarget() as target:
        atheris.Setup(sys.argv, lambda document: target.take(kind, document, render=False))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
