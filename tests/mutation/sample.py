"""Keep a sample of the mutants of a cosmic-ray session, the same one each time, and drop the others.

    python tests/mutation/sample.py SESSION SIZE

Every module has its share, three mutants at least.  An operator that can be replaced by ten others counts once, and
`|` not at all: it stands in annotations, which nothing evaluates.
"""

from __future__ import annotations

import random
import re
import sys
from collections import defaultdict
from pathlib import Path

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import WorkItem

SEED = 20261123
LEAST = 3
_FAMILY = re.compile(r"Replace(?:Binary|Comparison|Unary)Operator")


def sample(mutants: tuple[WorkItem, ...], size: int) -> list[WorkItem]:
    points: dict[tuple[str, tuple[int, int], str], list[WorkItem]] = defaultdict(list)
    for mutant in mutants:
        (mutation,) = mutant.mutations
        name = mutation.operator_name
        if "Operator_BitOr_" not in name:
            family = _FAMILY.search(name)
            place = str(mutation.module_path), mutation.start_pos, family[0] if family else name
            points[place].append(mutant)
    chance = random.Random(SEED)  # noqa: S311 -- a sample is no secret
    by_module: dict[str, list[WorkItem]] = defaultdict(list)
    for place in sorted(points):
        one_of = sorted(
            points[place], key=lambda m: (m.mutations[0].operator_name, m.mutations[0].occurrence)
        )
        by_module[place[0]].append(chance.choice(one_of))
    kept: list[WorkItem] = []
    for found in by_module.values():
        share = max(LEAST, round(size * len(found) / len(points)))
        kept += chance.sample(found, min(share, len(found)))
    return kept


def main(session: Path, size: int) -> None:
    with use_db(session, WorkDB.Mode.open) as database:
        mutants = database.work_items
        kept = sample(mutants, size)
        database.clear()
        database.add_work_items(kept)
    sys.stdout.write(f"{len(kept)} of {len(mutants)} mutants\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
