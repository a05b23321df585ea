"""What a topic costs is counted for it alone; what made articles its candidates is told in its own words."""

from datetime import UTC, datetime
from itertools import count

from processors.entities.gazetteer import load_gazetteer
from processors.model import Article
from processors.topics.cost import Costs
from processors.topics.meter import Meter
from processors.topics.topic import load_topics
from processors.topics.watchlist import compile_watchlist

NOW = datetime(2026, 11, 24, tzinfo=UTC)
TOPICS = """
topics:
  grain: {match: (قمح OR شعير) AND ميناء}
  rain: {match: مطر}
  storm: {match: 'topic:rain AND عاصفة'}
  asleep: {match: ثلج, enabled: false}
"""
BODIES = ["وصل القمح إلى الميناء", "شعير في الميناء", "القمح غالٍ", "نزل المطر", "هبت العاصفة مع المطر", "لا شيء"]


def costs_of(bodies: list[str]) -> Costs:
    ticks = count()
    names = load_gazetteer([])
    loaded = load_topics([("topics.yaml", TOPICS)])
    watchlist = compile_watchlist(loaded, names, clock=lambda: NOW, timer=lambda: float(next(ticks)))
    costs = Costs(watchlist)
    costs.add(Article(id=str(number), body=body) for number, body in enumerate(bodies))
    return costs


def test_seconds_between_two_calls_are_shared_by_those_they_were_spent_on() -> None:
    times = iter([0.0, 4.0, 7.0])
    meter = Meter(lambda: next(times))

    meter.start(["a", "b"])
    meter.spent_on("a", "b")
    meter.spent_on("b")

    assert meter.drain() == {"a": 2.0, "b": 5.0}
    assert meter.drain() == {}
    assert meter.candidates == {"a": 1, "b": 1}


def test_every_enabled_topic_is_told_the_dearest_first() -> None:
    costs = costs_of(BODIES).by_cost()

    assert {cost.topic: (cost.candidates, cost.matches) for cost in costs} == {
        "grain": (2 / 6, 2 / 6),
        "rain": (2 / 6, 2 / 6),
        "storm": (1 / 6, 1 / 6),
    }
    assert [cost.micros for cost in costs] == sorted((cost.micros for cost in costs), reverse=True)
    assert all(cost.micros > 0 for cost in costs)


def test_what_made_articles_candidates_is_told_as_the_topic_says_it() -> None:
    triggers = {cost.topic: dict(cost.triggers) for cost in costs_of(BODIES).by_cost()}

    assert triggers["rain"] == {"مطر": 1.0}
    assert "عاصفة" in triggers["storm"] or "مطر" in triggers["storm"]
    assert set(triggers["grain"]) <= {"قمح", "شعير", "ميناء"}


def test_no_article_and_no_candidate_cost_nothing() -> None:
    assert {cost.micros for cost in costs_of([]).by_cost()} == {0.0}
    assert {cost.micros for cost in costs_of(["لا شيء"]).by_cost()} == {0.0}
