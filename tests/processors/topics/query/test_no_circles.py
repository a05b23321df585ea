"""A set of topics holds no circles of references: it goes with its last user, without a look of the collector.

``daemon/collecting.py`` relies on it: what was loaded is never looked through again.
"""

import gc
import weakref
from datetime import UTC, datetime

from processors.entities.gazetteer import load_gazetteer
from processors.model import Article
from processors.topics.topic import load_topics
from processors.topics.watchlist import compile_watchlist

ENTITIES = "entities: [{id: Q858, key: syria, kind: country, names: {ar: [سوريا]}}]"
TOPICS = """
topics:
  t: {match: '(@syria SENTENCE وفد) AND topic:other AND /قم[حع]/'}
  other: {match: قمح OR "حقل القمح"~2, exclude: 'list:officials-syria SENTENCE ميناء'}
"""


def test_what_nobody_uses_any_more_goes_without_the_collector() -> None:
    gc.collect()
    gc.disable()
    try:
        names = load_gazetteer([("entities.yaml", ENTITIES)])
        watchlist = compile_watchlist(load_topics([("t.yaml", TOPICS)]), names, clock=lambda: datetime.now(UTC))
        assert len(watchlist.match(Article(id="a", body="وصل وفد سوريا إلى حقل القمح"))) == 2
        kept: list[weakref.ref[object]] = [weakref.ref(watchlist), weakref.ref(watchlist._leaves)]
        kept += [weakref.ref(watchlist._index), weakref.ref(names)]
        del watchlist, names
        assert [each() for each in kept] == [None, None, None, None]
        assert gc.collect() == 0  # nor was anything made on the way that only the collector frees
    finally:
        gc.enable()
