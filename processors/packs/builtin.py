"""What comes with Rasid: every pack with its topics, lists and entities, read once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from processors.topics.topic import BUILT_IN, Loaded, load_topics

SUFFIX = ".yaml"

File = tuple[str, str]
"""The path shown to people, and the text."""


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder of ready topics, lists and entities."""

    name: str
    loaded: Loaded
    folder: Traversable

    @property
    def entities(self) -> Sequence[File]:
        """Read when they are asked for, which is seldom: a program that runs for months need not keep their text."""
        return tuple(_resources(self.folder, "entities"))


@cache
def packs() -> Sequence[Pack]:
    """Every pack of the installed program, which does not change while it runs."""
    folders = sorted(files(__package__).iterdir(), key=_name)
    return [_read_pack(each) for each in folders if each.is_dir() and not each.name.startswith("_")]


def pack(name: str) -> Pack:
    """The pack of this name, which must be one of ours."""
    return next(each for each in packs() if each.name == name)


def entity_files() -> Sequence[File]:
    """The entities of every pack: a name is told from its namesakes only where all of them are known."""
    return [file for each in packs() for file in each.entities]


def _read_pack(folder: Traversable) -> Pack:
    topics = [*_resources(folder, "topics"), *_resources(folder, "lists")]
    return Pack(folder.name, load_topics(topics), folder)


def _resources(folder: Traversable, kind: str) -> Iterator[File]:
    inner = folder.joinpath(kind)
    if inner.is_dir():
        for each in sorted(inner.iterdir(), key=_name):
            if each.name.endswith(SUFFIX):
                yield f"{BUILT_IN}{folder.name}/{kind}/{each.name}", each.read_text(encoding="utf-8")


def _name(each: Traversable) -> str:
    return each.name
