"""How matchers that a desk could pick find names as they are written: recall and precision on the tables of forms.

    python -m evaluation.compare_matchers          (make compare fetches what it needs first)

For each group of the table: the share of wanted forms that are found, and of what is found the share that is wanted.
An engine that stems finds a word in a text where the text's tokens hold the word's own tokens, in order, side by side.
The expectations of the table are those of Rasid's tests, so its own line says that the tests pass, and no more.
"""
# ruff: noqa: T201 - a program whose output is its purpose

import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from evaluation.lucene_tokens import lucene_found
from evaluation.snowball_tokens import snowball_found
from evaluation.surface_table import Row, confusables, generated
from evaluation.word_list import word_list_found
from processors.matchers.index import compile_patterns
from processors.normalize.text import read_text

GROUPS = ("proclitic", "article", "spelling", "suffix", "marks", "punctuation", "joined names", "Latin", "confusables")

Engine = Callable[[Sequence[Row]], Sequence[bool] | str]
"""Whether each row's word is found in its text; or why that cannot be told here."""


def rasid_found(rows: Sequence[Row]) -> Sequence[bool]:
    """What Rasid finds, at any level."""
    compiled = {pattern: compile_patterns([pattern]) for pattern in {row.pattern for row in rows}}
    return [bool(compiled[row.pattern].find(read_text(row.text), "title")) for row in rows]


ENGINES: Mapping[str, Engine] = {
    "Rasid": rasid_found,
    "Lucene": lucene_found,
    "Snowball": snowball_found,
    r"\b word list": word_list_found,
}


def main() -> int:
    """Print one table, in Markdown, and a line for each engine that is not here."""
    rows = [*generated(), *confusables()]
    found: dict[str, Sequence[bool]] = {}
    for name, engine in ENGINES.items():
        told = engine(rows)
        if isinstance(told, str):
            print(f"skipped {name}: {told}", file=sys.stderr)
        else:
            found[name] = told
    print("\n".join(report(rows, found)))
    return 0


def report(rows: Sequence[Row], found: Mapping[str, Sequence[bool]]) -> list[str]:
    """The table's lines: recall / precision in percent; of confusables, how many are wrongly found."""
    places: dict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        places[row.group].append(number)
    lines = [f"| forms | wanted | not wanted | {' | '.join(found)} |", "|---|--:|--:|" + "--:|" * len(found)]
    lines += [_line(group, rows, places[group], found) for group in GROUPS]
    lines.append(_line("**all**", rows, range(len(rows)), found))
    return lines


def _line(name: str, rows: Sequence[Row], places: Sequence[int], found: Mapping[str, Sequence[bool]]) -> str:
    wanted = sum(rows[place].wanted for place in places)
    cells = [_cell(rows, places, each, wanted) for each in found.values()]
    return f"| {name} | {wanted:,} | {len(places) - wanted:,} | {' | '.join(cells)} |"


def _cell(rows: Sequence[Row], places: Sequence[int], found: Sequence[bool], wanted: int) -> str:
    right = sum(rows[place].wanted for place in places if found[place])
    wrong = sum(found[place] for place in places) - right
    if not wanted:
        return f"{wrong} found"
    precision = f"{100 * right / (right + wrong):.1f}" if right + wrong else "–"
    return f"{100 * right / wanted:.1f} / {precision}"


if __name__ == "__main__":
    sys.exit(main())
