"""The topics and lists that come with Rasid, by name: a whole pack, or one topic with all that it refers to."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from processors.errors import InvalidInput, Problem
from processors.topics.check import walk
from processors.topics.query import ListRef, TopicRef
from processors.topics.topic import Loaded, Topic, load_topics
from processors.yaml_document import nearest

PACKS = ("mena",)
"""Every pack, each a folder beside this file."""

_FOLDERS = ("topics", "lists")

File = tuple[str, str]
"""The path shown to people, and the text."""


def builtin_names() -> tuple[str, ...]:
    """Everything that ``load_builtin`` takes: the packs, then their topics in the order of the alphabet."""
    return (*PACKS, *sorted(topic.name for pack in PACKS for topic in _read(pack).topics))


def load_builtin(name: str) -> list[File]:
    """The files of a pack, or those of one topic: its own, and those of the lists and topics that it refers to.

    Raises ``InvalidInput`` with the nearest name where ``name`` is neither.
    """
    if name in PACKS:
        return list(_files(name).items())
    for pack in PACKS:
        topics = {topic.name: topic for topic in _read(pack).topics}
        if name in topics:
            wanted = _paths_of(name, topics, {each.name: each.document.path for each in _read(pack).lists})
            return [(path, text) for path, text in _files(pack).items() if path in wanted]
    known = builtin_names()
    hint = nearest(name, known) or f": there are {', '.join(f'`{each}`' for each in known)}"
    raise InvalidInput([Problem(f"builtin:{name}", 0, 0, f"no pack and no topic of this name comes with Rasid{hint}")])


def _paths_of(name: str, topics: Mapping[str, Topic], lists: Mapping[str, str]) -> set[str]:
    """The files that hold a topic and all that it refers to, however far."""
    paths: set[str] = set()
    pending, seen = [name], set[str]()
    while pending:
        current = pending.pop()
        if current in seen:
            continue
        seen.add(current)
        paths.add(topics[current].document.path)
        for reference in _references(topics[current]):
            if isinstance(reference, TopicRef):
                pending.append(reference.name)
            else:
                paths.add(lists[reference.name])
    return paths


def _references(topic: Topic) -> Iterable[TopicRef | ListRef]:
    for query in (topic.match, topic.exclude):
        if query is not None:
            yield from (node for node in walk(query) if isinstance(node, TopicRef | ListRef))


@cache
def _read(pack: str) -> Loaded:
    return load_topics(_files(pack).items())


@cache
def _files(pack: str) -> Mapping[str, str]:
    """Path → text, topics first, in the order of the alphabet whatever the file system says."""
    found: dict[str, str] = {}
    for folder in _FOLDERS:
        place = files(__package__) / pack / folder
        for each in sorted(place.iterdir(), key=lambda entry: entry.name):
            if each.name.endswith(".yaml"):
                found[f"builtin:{pack}/{folder}/{each.name}"] = each.read_text(encoding="utf-8")
    return MappingProxyType(found)
