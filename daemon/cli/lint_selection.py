"""What the linter looks at: the chosen topics and lists, with everything that they refer to."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from daemon.selection import select_entities, select_topics
from processors.errors import InvalidInput, Problem
from processors.topics.lint.finding import Desk
from processors.topics.lint.name_uses import NameUses
from processors.topics.topic import BUILT_IN
from processors.topics.watchlist import compile_watchlist


def lint_selection(
    topics: Iterable[str], entities: Iterable[str], folder: Path | None = None
) -> tuple[Desk, Sequence[str]]:
    """The desk, and the lists that are looked at. Raises ``InvalidInput`` with every problem of what cannot be used.

    What comes with the program is looked at only where it was chosen.
    """
    topics, where = list(topics), folder or Path()
    problems: list[Problem] = []
    loaded = gazetteer = None
    try:
        loaded = select_topics(topics, where)
    except InvalidInput as error:
        problems += error.problems
    try:
        gazetteer = select_entities(entities, where)
    except InvalidInput as error:
        problems += error.problems
    if loaded is None or gazetteer is None:
        raise InvalidInput(problems)
    compile_watchlist(loaded, gazetteer, clock=lambda: datetime.now(UTC))
    built_in_too = any(written.startswith(BUILT_IN) for written in topics)

    def looked_at(path: str) -> bool:
        return built_in_too or not path.startswith(BUILT_IN)

    desk = Desk(
        topics={topic.name: topic for topic in loaded.topics},
        lists={held.name: held for held in loaded.lists},
        names=NameUses(gazetteer.entities.values()),
        looked_at=[topic.name for topic in loaded.topics if looked_at(topic.document.path)],
    )
    return desk, [held.name for held in loaded.lists if looked_at(held.document.path)]
