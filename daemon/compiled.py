"""The chosen topics and all entities, read and compiled: what a configuration and an option ``-t`` both come to."""

import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from daemon.collecting import not_collecting
from daemon.selection import select_entities, select_topics
from processors.entities.gazetteer import Gazetteer
from processors.errors import InvalidInput, Problem
from processors.model import MAX_TEXT_CHARS
from processors.topics.problems import check_loaded
from processors.topics.topic import Loaded, Topic
from processors.topics.watchlist import Watchlist, compile_watchlist


def load_watchlist(
    topics: Iterable[str], entities: Iterable[str], folder: Path | None = None
) -> tuple[Watchlist, Sequence[Problem]]:
    """Topics without a configuration, and warnings. Raises ``InvalidInput``."""
    watchlist, _, warnings = compile_chosen(topics, entities, folder or Path())
    return watchlist, warnings


def load_checked_topics(
    topics: Iterable[str], entities: Iterable[str], folder: Path | None = None
) -> tuple[Mapping[str, Topic], Sequence[Problem]]:
    """The same topics, checked against the entities as if to match with them, but nothing is compiled."""
    with not_collecting():
        chosen, gazetteer = _read(topics, entities, folder or Path())
        return check_loaded(chosen, gazetteer)[0], chosen.warnings


def compile_chosen(
    topics: Iterable[str], entities: Iterable[str], folder: Path, max_text_chars: int = MAX_TEXT_CHARS
) -> tuple[Watchlist, Gazetteer, Sequence[Problem]]:
    """The same, and the entities. Raises ``InvalidInput`` with the problems of both."""
    with not_collecting():
        chosen, gazetteer = _read(topics, entities, folder)
        watchlist = compile_watchlist(
            chosen,
            gazetteer,
            clock=lambda: datetime.now(UTC),
            timer=time.perf_counter,
            max_text_chars=max_text_chars,
        )
        return watchlist, gazetteer, chosen.warnings


def _read(topics: Iterable[str], entities: Iterable[str], folder: Path) -> tuple[Loaded, Gazetteer]:
    problems: list[Problem] = []
    chosen = gazetteer = None
    try:
        chosen = select_topics(topics, folder)
    except InvalidInput as error:
        problems += error.problems
    try:
        gazetteer = select_entities(entities, folder)
    except InvalidInput as error:
        problems += error.problems
    if chosen is None or gazetteer is None:
        raise InvalidInput(problems)
    return chosen, gazetteer
