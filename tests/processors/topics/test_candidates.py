"""Topics are asked only where a group that they cannot do without is there, and none is passed over."""

from hypothesis import given
from hypothesis import strategies as st

from processors.topics.candidates import ARTICLES_LOOKED_AT, FILED_AT_ONCE, Candidates, Clause, suffices
from processors.topics.query.tree import Term
from processors.topics.requirement import BODY, NOTHING, TITLE, Requirement

Topic = tuple[list[Clause], float]

ANY = Term(0, "", "any")
KEYS = st.builds(lambda group, place: group + place, st.integers(0, 5), st.sampled_from([0, TITLE, BODY]))
TUPLES = st.lists(KEYS, max_size=4, unique=True).map(tuple)
NEEDS = st.recursive(
    st.builds(Requirement, any=st.booleans(), keys=TUPLES, parts=st.just(())),
    lambda inner: st.builds(Requirement, any=st.booleans(), keys=TUPLES, parts=st.lists(inner, max_size=3).map(tuple)),
    max_leaves=6,
)
CLAUSES = st.lists(
    st.builds(Clause, st.just(ANY), st.sampled_from([0.5, 1.0, 2.0]), NEEDS, st.none()), min_size=1, max_size=3
)
TOPICS = st.lists(st.tuples(CLAUSES, st.sampled_from([0.5, 1.0, 2.5])), max_size=5)


def all_of(*keys: int) -> Topic:
    return [Clause(ANY, 1.0, Requirement(any=False, keys=keys, parts=()))], 1.0


@given(TOPICS, st.lists(st.frozensets(KEYS), min_size=1, max_size=4))
def test_exactly_the_topics_whose_clauses_suffice_are_candidates(
    topics: list[Topic], found: list[frozenset[int]]
) -> None:
    candidates = Candidates(topics)

    for _ in range(2):  # before and after it is known what is rare
        for present in found:
            expected = [number for number, topic in enumerate(topics) if suffices(*topic, present)]
            assert candidates.among(present) == expected
        for _ in range(ARTICLES_LOOKED_AT):
            candidates.among(found[0])


def test_a_topic_is_filed_under_what_is_rare() -> None:
    common, rare = 1, 2
    candidates = Candidates([all_of(common, rare)])

    for _ in range(ARTICLES_LOOKED_AT + 1):
        candidates.among({common})

    assert set(candidates.keys) == {rare}


def test_what_few_topics_ask_for_is_taken_for_rare_until_articles_were_seen() -> None:
    candidates = Candidates([all_of(1, 2), all_of(1, 3), all_of(1, 4)])

    assert set(candidates.keys) == {2, 3, 4}


def test_no_article_waits_until_all_topics_are_filed_anew() -> None:
    topics = [all_of(0, number) for number in range(1, 3 * FILED_AT_ONCE)]
    candidates = Candidates(topics)
    filed = candidates.keys

    for _ in range(ARTICLES_LOOKED_AT + 2):
        assert candidates.among({0, 7}) == [6]
    assert candidates.keys == filed
    assert candidates.among({0, 7}) == candidates.among({0, 7}) == [6]


def test_a_topic_that_needs_nothing_is_always_asked() -> None:
    assert Candidates([([Clause(ANY, 1.0, NOTHING)], 1.0)]).among(set()) == [0]
