"""What somebody may have meant who named an entity that nobody knows, in whatever language."""

from collections.abc import Iterable
from difflib import get_close_matches

from processors.entities.entity_file import EntityEntry, NameForm
from processors.normalize.letters import fold


def nearest_key(name: str, entries: Iterable[EntityEntry]) -> str | None:
    """The key of the entity that is called so (``سوريا`` → ``syria``), else the closest key or name."""
    wanted = _comparable(name)
    keys: dict[str, str] = {}  # what it is called → its key; the first who is called so
    for entry in entries:
        keys.setdefault(_comparable(entry.key), entry.key)
        for names in entry.names.values():
            for each in names:
                keys.setdefault(_comparable(each.name if isinstance(each, NameForm) else each), entry.key)
    if wanted in keys:
        return keys[wanted]
    # Letters in common first, which is quick; of those, what fewest slips of the hand lead to.
    close = get_close_matches(wanted, keys, n=_LOOKED_AT, cutoff=0.6)
    begun = [each for each in close if each.startswith(f"{wanted} ")]  # a first name alone
    return keys[min(begun or close, key=lambda each: _distance(wanted, each))] if close else None


_LOOKED_AT = 100
"""Names that have letters in common: of a word of five letters there are hundreds."""


def _distance(typed: str, meant: str) -> tuple[int, bool]:
    """Of equally many slips those with the same letters are nearer."""
    return _slips(typed, meant), sorted(typed) != sorted(meant)


def _slips(typed: str, meant: str) -> int:
    """Letters left out, put in, taken for another, or exchanged with the next (sirya, syria)."""
    rows = [list(range(len(meant) + 1))]
    for number, letter in enumerate(typed, 1):
        row = [number]
        for at, other in enumerate(meant, 1):
            slips = min(row[at - 1] + 1, rows[-1][at] + 1, rows[-1][at - 1] + (letter != other))
            if number > 1 and at > 1 and typed[number - 2 : number] == other + meant[at - 2]:
                slips = min(slips, rows[-2][at - 2] + 1)
            row.append(slips)
        rows.append(row)
    return rows[-1][-1]


def _comparable(name: str) -> str:
    return " ".join(fold(name).lower().replace("-", " ").replace("_", " ").split())
