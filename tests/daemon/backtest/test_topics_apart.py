"""Two events that no topic has in common are two stories, however alike they are told."""

from collections import defaultdict
from datetime import UTC, datetime

from daemon.backtest.desk import desk_watch
from daemon.backtest.replay import Replay
from daemon.demo.samples import sample_lines, sample_text
from daemon.sources.decode import Decoder
from processors.errors import InvalidArticle

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
CEASEFIRE, RELATIONS = "gaza-ceasefire", "syria-egypt-relations"


def test_the_demo_tells_talks_on_a_ceasefire_and_on_trade_apart_though_both_are_in_cairo() -> None:
    replay = Replay(desk_watch(["builtin:mena"], (), name="demo"), now=NOW)
    topics: dict[str, set[str]] = defaultdict(set)
    for line in sample_lines(sample_text(), NOW):
        try:
            _, decision = replay.step(Decoder().decode(line).article)
        except InvalidArticle:
            continue
        if decision is not None:
            topics[decision.story].update(decision.topics)

    assert {CEASEFIRE, RELATIONS} <= set().union(*topics.values())
    assert [story for story, held in topics.items() if {CEASEFIRE, RELATIONS} <= held] == []
