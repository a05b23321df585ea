"""What topic files and routes may say about updates, and what is told of mistakes."""

from datetime import timedelta

import pytest

from processors.errors import InvalidInput
from processors.stories.reasons import ANY_UPDATES, DEVELOPMENTS, TOPIC_UPDATES, Reason, Updates
from processors.stories.updates_file import UpdatesFile
from processors.topics.topic import load_topics

EVERY = set(DEVELOPMENTS)


def updates_of(text: str) -> Updates:
    """Of a topic whose file says so."""
    loaded = load_topics([("t.yaml", f"topics:\n  t: {{match: x, updates: {{{text}}}}}\n")])
    return loaded.topics[0].file.updates.over(TOPIC_UPDATES)


@pytest.mark.parametrize(
    ("text", "on", "sources", "minutes"),
    [
        ("", EVERY, (3, 10, 30), 15),
        ("on: []", frozenset(), (3, 10, 30), 15),
        ("on: [denial, sources]", {Reason.DENIAL, Reason.SOURCES}, (3, 10, 30), 15),
        ("on: language", {Reason.LANGUAGE}, (3, 10, 30), 15),
        ("sources: 5", EVERY, (5,), 15),
        ("sources: [20, 5, 20]", EVERY, (5, 20), 15),
        ("sources: []", EVERY, (), 15),
        ("floor: 1h30m", EVERY, (3, 10, 30), 90),
        ("floor: 0", EVERY, (3, 10, 30), 0),
    ],
)
def test_a_topic_says_what_is_news(text: str, on: set[Reason], sources: tuple[int, ...], minutes: int) -> None:
    assert updates_of(text) == Updates(frozenset(on), sources, timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("on: [source]", 32, "unknown reason `source`, did you mean `sources`?"),
        ("on: [sources, nothing]", 41, "unknown reason `nothing`, expected retraction, denial"),
        ("on: [sources, repeat]", 41, "unknown reason `repeat`: what is not new is told again by a route's"),
        ("on: yes", 31, "unknown reason `True`"),
        ("sources: [3, 1]", 40, "`1` is no count of sources: write numbers from 2 to 40"),
        ("sources: [41]", 37, "`41` is no count of sources"),
        ("sources: [yes]", 37, "`True` is no count of sources"),
        ("floor: 15", 34, "15 is no duration"),
        ("flor: 15m", 27, "unknown key `flor`, did you mean `floor`?"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_remedy(text: str, column: int, message: str) -> None:
    with pytest.raises(InvalidInput) as error:
        updates_of(text)

    (problem,) = error.value.problems
    assert (problem.line, problem.column) == (2, column)
    assert message in problem.message


def test_a_route_narrows_a_topic_and_counts_sources_its_own_way() -> None:
    route = UpdatesFile(on=(Reason.DENIAL, Reason.SOURCES), sources=(5,), floor=timedelta(hours=1)).over(ANY_UPDATES)
    topic = Updates(frozenset({Reason.SOURCES, Reason.LANGUAGE}), (3, 10), timedelta(minutes=5))

    assert route.within(topic) == Updates(frozenset({Reason.SOURCES}), (5,), timedelta(hours=1))
    assert ANY_UPDATES.within(topic) == topic
    assert UpdatesFile(floor=timedelta(0)).over(ANY_UPDATES).within(topic) == topic, (
        "a shorter floor lets no more through"
    )
