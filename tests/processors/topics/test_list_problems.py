"""Entries of a list are words, phrases and @keys; what an author means otherwise is refused, not looked for in vain."""

import pytest

from processors.entities.gazetteer import load_gazetteer
from processors.errors import InvalidInput
from processors.topics.list_problems import entry_trouble
from processors.topics.topic import load_topics
from processors.topics.watchlist import compile_watchlist
from tests.processors.topics.test_watchlist import ENTITIES, NOW

NAMES = load_gazetteer([("entities.yaml", ENTITIES)])


def told(entries: str) -> list[str]:
    text = f"topics:\n  t: {{match: 'list:l'}}\nlists:\n  l: {entries}\n"
    try:
        compile_watchlist(load_topics([("topics.yaml", text)]), NAMES, clock=lambda: NOW)
    except InvalidInput as refused:
        return [str(problem) for problem in refused.problems]
    return []


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("زيار*", "write the forms out"),
        ("*زيارة", "write the forms out"),
        ("=وفد", "leave it out"),
        ("/زيار(ة|ات)/", "a regular expression stands in a query"),
        ("/covid/i", "a regular expression stands in a query"),
        ("list:ports", "stands in a query only"),
        ("سفير OR سفارة", "each word is an entry of its own"),
        ("ambassador AND embassy", "each word is an entry of its own"),
        ("سفير NEAR/3 سفارة", "each word is an entry of its own"),
        ("…", "holds no letter and no digit"),
    ],
)
def test_the_signs_of_a_query_are_refused(entry: str, says: str) -> None:
    for part in ("terms", "verbs", "bare", "not"):
        (problem,) = told(f'{{{part}: {{ar: [ميناء, "{entry}"]}}}}')
        assert problem.startswith("topics.yaml:4:")
        assert says in problem


@pytest.mark.parametrize(
    "entry",
    [
        "TRUTH OR DARE",
        "24/7",
        "a/b",
        "«وفد»",
        "AT&T",
        "C++",
        "@somebody",
        "المصدر: رويترز",
        "3 = 2 + 1",
        "or",
        "this or that",
    ],
)
def test_ordinary_entries_are_not(entry: str) -> None:
    assert entry_trouble(entry) is None
    assert told(f'{{terms: {{ar: ["{entry}"]}}}}') == []


def test_an_entity_among_words_is_refused() -> None:
    (problem,) = told("{terms: {ar: ['@egypt']}}")

    assert problem == "topics.yaml:4:20: `@egypt` is an entity: write it under `entities:`"


@pytest.mark.parametrize(
    ("entity", "says"),
    [
        ("@egypt.leadr", "`.leadr` is no role, did you mean `leader`?"),
        ("@egypt.", "`.` is no role; the roles are .name"),
        ("@egipt", "unknown entity `@egipt`, did you mean `@egypt`?"),
    ],
)
def test_a_role_that_is_none_does_not_mean_all_of_them(entity: str, says: str) -> None:
    (problem,) = told(f"{{entities: ['{entity}']}}")

    assert problem == f"topics.yaml:4:18: {says}" or problem.startswith(f"topics.yaml:4:18: {says}")
