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
    close = get_close_matches(wanted, keys, n=1, cutoff=0.6)
    return keys[close[0]] if close else None


def _comparable(name: str) -> str:
    return " ".join(fold(name).lower().replace("-", " ").replace("_", " ").split())
