"""Every figure on stories, by one command.

    .venv/bin/python -m evaluation.stories [DATA] [--only PART]…

DATA is the folder of the research corpora (default: what ``RASID_DATA`` names); a part whose files are absent is
left out. Prints JSON as each part is done. Nothing is copied from the data.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation.stories import clusters, planted_copies, repeats, same_story_pairs, silver_copies, subjects
from processors.entities.gazetteer import load_gazetteer
from processors.packs.builtin import entity_files
from processors.stories.known_names import KnownNames

PARTS: Mapping[str, Callable[[Path, KnownNames], dict[str, Any]]] = {
    "pairs": same_story_pairs.measure,
    "clusters": clusters.measure,
    "repeats": repeats.measure,
    "subjects": subjects.measure,
    "silver": silver_copies.measure,
    "planted": planted_copies.measure,
}


def main(arguments: Sequence[str]) -> int:
    """Exit status 2 where there is no folder; 0 also where a part's data is absent: there is nothing to measure."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.stories", description="every figure on stories")
    parser.add_argument("data", nargs="?", type=Path, default=Path(os.environ.get("RASID_DATA", "../shared/data")))
    parser.add_argument("--only", action="append", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    asked = parser.parse_args(arguments)
    if not asked.data.is_dir():
        sys.stderr.write(f"no such folder: {asked.data}\n")
        return 2
    names = KnownNames(load_gazetteer(entity_files()).strong_names())
    for part in asked.only or PARTS:
        began = time.process_time()
        found = PARTS[part](asked.data, names)
        if not found:
            sys.stderr.write(f"{part}: skipped, its files are not in {asked.data}\n")
            continue
        found["CPU seconds"] = round(time.process_time() - began, 1)
        sys.stdout.write(json.dumps({part: found}, ensure_ascii=False, indent=2) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
