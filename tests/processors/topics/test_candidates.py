"""Topics are asked only where a group that they cannot do without is there, and none is passed over."""

from hypothesis import given
from hypothesis import strategies as st

from processors.topics.candidates import ARTICLES_LOOKED_AT, Candidates, suffices
from processors.topics.requirement import NOTHING, Requirement

Clauses = list[tuple[float, Requirement]]

BITS = st.integers(0, 2**9 - 1)
NEEDS = st.recursive(
    st.builds(Requirement, any=st.booleans(), bits=BITS, parts=st.just(())),
    lambda inner: st.builds(Requirement, any=st.booleans(), bits=BITS, parts=st.lists(inner, max_size=3).map(tuple)),
    max_leaves=6,
)
CLAUSES = st.lists(st.tuples(st.sampled_from([0.5, 1.0, 2.0]), NEEDS), min_size=1, max_size=3)
TOPICS = st.lists(st.tuples(CLAUSES, st.sampled_from([0.5, 1.0, 2.5])), max_size=5)


@given(TOPICS, st.lists(BITS, min_size=1, max_size=4))
def test_exactly_the_topics_whose_clauses_suffice_are_candidates(
    topics: list[tuple[Clauses, float]], found: list[int]
) -> None:
    named = {f"t{number}": topic for number, topic in enumerate(topics)}
    candidates = Candidates(named)

    for _ in range(2):  # before and after it is known what is rare
        for present in found:
            expected = [name for name, (clauses, threshold) in named.items() if suffices(clauses, threshold, present)]
            assert candidates.among(present) == expected
        for _ in range(ARTICLES_LOOKED_AT):
            candidates.among(found[0])


def test_a_topic_is_filed_under_what_is_rare() -> None:
    common, rare = 1, 2
    candidates = Candidates({"t": ([(1.0, Requirement(any=False, bits=common | rare, parts=()))], 1.0)})

    for _ in range(ARTICLES_LOOKED_AT):
        candidates.among(common)

    assert candidates.keys == rare


def test_a_topic_that_needs_nothing_is_always_asked() -> None:
    assert Candidates({"t": ([(1.0, NOTHING)], 1.0)}).among(0) == ["t"]
