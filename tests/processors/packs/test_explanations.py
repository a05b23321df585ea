"""Of every ready topic each innermost part that does not hold says why."""

from collections.abc import Iterator

import pytest

from processors.model import Article
from processors.packs.builtin import packs
from processors.topics.explain.explain import Clause, explain
from processors.topics.watchlist import Watchlist

TOPICS = [topic.name for topic in packs()[0].loaded.topics]
BODY = "افتتحت البلدية حديقة. ثم قال وزير الخارجية المصري بعد ذلك إن حصة الأسد من السوق ذهبت إلى المزارعين."


def innermost(clause: Clause) -> Iterator[Clause]:
    if not clause.parts:
        yield clause
    for part in clause.parts:
        yield from innermost(part)


@pytest.mark.parametrize("topic", TOPICS)
def test_each_innermost_part_that_does_not_hold_says_why(mena: Watchlist, topic: str) -> None:
    explanation = explain(mena, topic, Article(id="a", title="حديقة جديدة", body=BODY))
    parts = [part for clause in explanation.clauses for part in innermost(clause)]

    assert not explanation.matches
    assert parts
    assert [part.source for part in parts if not part.holds and not part.lacks] == []
