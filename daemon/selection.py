"""Which topics are meant: files, folders, packs and single topics that come with the program.

Built-in lists and topics may be referred to from anywhere (``list:diplomacy``, ``topic:football``); only what was
chosen matches. A list of one's own takes the place of a built-in one of its name.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

from daemon.file_small import Unreadable, read_small
from processors.entities.gazetteer import Gazetteer, load_gazetteer
from processors.errors import InvalidInput, Problem
from processors.packs.builtin import File, entity_files, packs
from processors.topics.query.tree import TopicRef
from processors.topics.query.walk import walk
from processors.topics.topic import BUILT_IN, Loaded, Topic, load_topics
from processors.yaml_document import nearest

SUFFIXES = (".yaml", ".yml")


def select_topics(chosen: Iterable[str], folder: Path) -> Loaded:
    """The topics meant by ``chosen``, and what they refer to; paths from ``folder``. Raises ``InvalidInput``."""
    chosen, names, own_files, problems = list(chosen), set[str](), list[File](), list[Problem]()
    built_in = {topic.name: topic for pack in packs() for topic in pack.loaded.topics}
    # A topic that is not enabled is there to be referred to (football, to be excluded), unless asked for by name.
    with_topics = [pack for pack in packs() if pack.loaded.topics]
    awake = {pack.name: [topic.name for topic in pack.loaded.topics if topic.file.enabled] for pack in with_topics}
    for written in chosen:
        name = written.removeprefix(BUILT_IN)
        if not written.startswith(BUILT_IN):
            _collect(written, folder, own_files, problems)
        elif name in awake:
            names.update(awake[name])
        elif name in built_in:
            names.add(name)
        else:
            close = nearest(name, [*awake, *built_in]) or ": `rasid topics list` shows them"
            problems.append(Problem(written, 0, 0, f"no built-in pack or topic is called `{name}`{close}"))
    own = Loaded()
    try:
        own = load_topics(own_files)
    except InvalidInput as error:
        problems += error.problems
    problems += [
        topic.document.problem(
            ("topics", topic.name), f"`{topic.name}` is a built-in topic: choose another name", key=True
        )
        for topic in own.topics
        if names and topic.name in built_in  # the built-in ones refer to it: it would mean something else to them
    ]
    if problems:
        raise InvalidInput(problems)
    return _joined(replace(own, warnings=(*_saying_nothing(chosen, folder, own), *own.warnings)), built_in, names)


def _saying_nothing(chosen: Iterable[str], folder: Path, own: Loaded) -> Iterator[Problem]:
    """Of each file and folder that holds nothing: whoever named it expects something of it."""
    holding = {Path(each.document.path) for each in own.topics} | {Path(each.document.path) for each in own.lists}
    for written in chosen:
        path = folder / written
        if not written.startswith(BUILT_IN) and not any(path == each or path in each.parents for each in holding):
            yield Problem(written, 0, 0, "no topic and no list is in it")


def select_entities(chosen: Iterable[str], folder: Path) -> Gazetteer:
    """All built-in entities and those in ``chosen`` files and folders. Raises ``InvalidInput``."""
    return load_gazetteer([*entity_files(), *chosen_files(chosen, folder)])


def chosen_files(chosen: Iterable[str], folder: Path) -> Sequence[File]:
    """The text of ``chosen`` files, and of those in ``chosen`` folders. Raises ``InvalidInput``."""
    found, problems = list[File](), list[Problem]()
    for written in chosen:
        _collect(written, folder, found, problems)
    if problems:
        raise InvalidInput(problems)
    return found


def files_of(chosen: Iterable[str], folder: Path) -> Iterator[Path]:
    """The files and folders to watch for changes."""
    for written in chosen:
        if not written.startswith(BUILT_IN):
            path = folder / written
            yield path
            if path.is_dir():
                yield from _yaml_files(path)


def _joined(own: Loaded, built_in: dict[str, Topic], names: set[str]) -> Loaded:
    topics = {topic.name: topic for topic in own.topics}
    topics |= {name: _enabled(built_in[name], True) for name in built_in if name in names}
    queue = list(topics.values())
    while queue:
        for reference in _references(queue.pop()):
            # Of a misspelt name the nearest is taken in: the error names it.
            meant = [] if reference in topics else get_close_matches(reference, built_in, n=1)
            for name in set(meant) - topics.keys():
                asleep = built_in[name]
                # It is there to be referred to, and does not match by itself.
                topics[name] = _enabled(asleep, False)
                queue.append(asleep)
    lists = {each.name: each for pack in packs() for each in pack.loaded.lists} | {
        each.name: each for each in own.lists
    }
    return Loaded(tuple(topics.values()), tuple(lists.values()), own.warnings)


def _enabled(topic: Topic, enabled: bool) -> Topic:
    return replace(topic, file=topic.file.model_copy(update={"enabled": enabled}))


def _references(topic: Topic) -> Iterator[str]:
    for query in (topic.match, topic.exclude):
        if query is not None:
            yield from (node.name for node in walk(query) if isinstance(node, TopicRef))


def _collect(written: str, folder: Path, found: list[File], problems: list[Problem]) -> None:
    if not written.strip():
        problems.append(
            Problem("topics or entities", 0, 0, "a path is empty: name a file or a folder, `.` for this one")
        )
        return
    path = folder / written
    try:
        paths = list(_yaml_files(path)) if path.is_dir() else [path]
    except (OSError, ValueError) as error:  # a name too long, or with a zero character
        problems.append(Problem(written[:200], 0, 0, f"cannot be read: {error}"))
        return
    for each in paths:
        try:
            text = read_small(each)
        except Unreadable as error:
            problems.append(Problem(str(each)[:200], 0, 0, f"cannot be read: {error}"))
            continue
        if text.strip():
            found.append((str(each), text))
        else:  # a disk was full, or an editor is writing: what the file held must not be forgotten in silence
            problems.append(Problem(str(each)[:200], 0, 0, "is empty: write it anew, or delete it"))


def _yaml_files(folder: Path) -> Sequence[Path]:
    """Those whose path below ``folder`` is not hidden: a mounted ConfigMap keeps each file in a hidden folder too."""
    paths = (path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())
    return sorted(path for path in paths if not any(part.startswith(".") for part in path.relative_to(folder).parts))
