"""What one article was found to say is remembered for the question that asked, and for no other."""

from datetime import UTC, datetime

from processors.entities.gazetteer import load_gazetteer
from processors.model import Article
from processors.topics.query.tree import EntityRef
from processors.topics.topic import load_topics
from processors.topics.watchlist import compile_watchlist

ENTITIES = """
entities:
  - {id: rasid:north, key: north, kind: country, names: {en: [Northland]}}
  - {id: rasid:south, key: south, kind: country, names: {en: [Southland]}}
"""
TOPICS = "topics:\n  both:\n    match: |\n      @north AND @south\n"


def test_a_question_made_on_the_way_never_gets_the_answer_to_another_one() -> None:
    names = load_gazetteer([("entities.yaml", ENTITIES)])
    watchlist = compile_watchlist(load_topics([("t.yaml", TOPICS)]), names, clock=lambda: datetime.now(UTC))
    reading = watchlist.read(Article(id="a", body="A ship left Northland."))

    for _ in range(100):  # each value is let go at once, and another one may take its place in memory
        assert reading.hits(EntityRef(0, "@north", "north", None), "text")
        assert not reading.hits(EntityRef(0, "@south", "south", None), "text")
