"""Run mutants: `python tests/fuzz/run.py NUMBER SEED`; it writes how they ended, faults with the documents in full."""

from __future__ import annotations

import json
import resource
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from fuzz.mutations import mutants
from fuzz.target import LinkTarget

RENDERED = 25
"""One document in so many is rendered as well."""


def main(number: int, seed: int) -> dict[str, object]:
    ends: Counter[str] = Counter()
    faults: list[dict[str, str]] = []
    longest = 0.0
    with LinkTarget() as target:
        for count, (kind, document) in enumerate(mutants(number, seed)):
            began = time.process_time()
            try:
                ends[target.take(kind, document, render=count % RENDERED == 0)] += 1
            except Exception:  # noqa: BLE001 - that is what is looked for
                faults.append({"kind": kind, "document": repr(document), "fault": traceback.format_exc()})
            longest = max(longest, time.process_time() - began)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"ends": ends, "faults": faults, "longest": longest, "memory": memory}


if __name__ == "__main__":
    json.dump(main(int(sys.argv[1]), int(sys.argv[2])), sys.stdout, ensure_ascii=False, indent=1)
