"""A backtest decides as the daemon does: the same stories, alerts and notices under the same ids."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from alerts.admission.admission import Admitted, Batch
from alerts.admission.memory_admission import MemoryAdmission
from alerts.store.memory_state import MemoryState
from daemon.backtest.replay import Replay
from daemon.backtest.run import Run, Span
from daemon.history.decision_line import Decision, read_decision
from daemon.metrics.metrics import Metrics
from daemon.pipeline import Pipeline
from daemon.sources.dead_letters import Limit
from daemon.sources.decode import Decoder
from daemon.sources.source import Fetched, Record
from daemon.watch import Watch
from processors.model import Article
from processors.stories.event_time import milliseconds
from tests.daemon.backtest.archive import START, archive
from tests.daemon.build import MemoryDeadLetters, a_line, a_watch

NOW = START + timedelta(days=60)


class Log(MemoryAdmission):
    """The store of a live pipeline, whose decision log can be read."""

    def __init__(self) -> None:
        super().__init__(MemoryState())
        self.decisions: list[Decision] = []

    async def admit(self, batch: Batch) -> Admitted:
        """Keep what was decided."""
        lines = [read_decision(each.decision) for each in batch.records if each.decision]
        self.decisions += [line for line in lines if line is not None]
        return await super().admit(batch)


def live(articles: Sequence[Article], watch: Watch, runner: asyncio.Runner, *, batch: int) -> list[Decision]:
    """What the pipeline decides when each article arrives as it is published, the late ones late."""
    log, clock, versions = Log(), [0], count(1)
    pipeline = Pipeline(
        name="test",
        decoder=Decoder(),
        watch=lambda: watch,
        admission=log,
        dead_letters=MemoryDeadLetters(),
        limit=Limit(0.5),
        metrics=Metrics("test"),
        now_ms=lambda: clock[0],
        new_version=lambda: str(next(versions)),
        admitted=lambda: None,
    )
    records = []
    for offset, article in enumerate(articles):
        assert article.published_at is not None
        clock[0] = max(clock[0], milliseconds(article.published_at))
        published = article.published_at.isoformat()
        fields = {name: getattr(article, name) for name in ("id", "title", "body", "source", "url", "lang")}
        records.append(Record(offset, a_line(**fields, published_at=published), appended_ms=clock[0]))
    runner.run(log.recover("p", 0, "i"))
    for a in range(0, len(records), batch):
        fetched = records[a : a + batch]
        clock[0] = fetched[-1].appended_ms or 0
        runner.run(pipeline.process(Fetched("p", a, a + len(fetched), fetched), "i"))
    return log.decisions


def replayed(articles: Sequence[Article], watch: Watch) -> list[Decision]:
    replay = Replay(watch, now=NOW)
    return [decision for article in articles if (decision := replay.step(article)[1]) is not None]


def ids(decisions: Sequence[Decision]) -> list[object]:
    """Everything that has an id, and how it came about. What waited in a large batch goes out in a digest."""
    return [
        (
            (each.article, each.story, each.relation, each.of),
            [(told.alert, told.notice, told.reason, (*told.to, *told.later)) for told in each.told],
        )
        for each in decisions
    ]


@pytest.mark.parametrize("batch", [1, 7, 500])
def test_a_backtest_tells_what_the_daemon_told_id_by_id(batch: int, tmp_path: Path, runner: asyncio.Runner) -> None:
    articles, watch = archive(), a_watch(tmp_path)

    told = ids(replayed(articles, watch))

    assert told == ids(live(articles, watch, runner, batch=batch))
    assert {"new", "copy", "same_article"} <= {each.relation for each in replayed(articles, watch)}


def test_after_a_warm_up_of_one_window_the_ids_are_those_of_the_whole_archive(tmp_path: Path) -> None:
    articles, watch = archive(days=9), a_watch(tmp_path)
    day = (START + timedelta(days=6)).date()
    whole, part = Run(watch, Span.parse(None, None, "UTC", NOW)), Run(watch, Span.parse(str(day), None, "UTC", NOW))

    for article in articles:
        whole.step(article)
        part.step(article)

    late = [notice for notice in whole.tally.notices if notice.day >= day]
    assert part.tally.notices == late
    assert late
    assert part.warmed_up < sum(whole.tally.articles[each] for each in whole.tally.days if each < day)


def test_an_article_without_a_date_happens_when_its_turn_comes(tmp_path: Path) -> None:
    dated, undated = archive(days=1)[0], Article(id="undated", title="فيضان", body="فيضان")
    replay = Replay(a_watch(tmp_path), now=NOW)

    first, _ = replay.step(dated)
    second, _ = replay.step(undated)

    assert (first, second) == (dated.published_at, dated.published_at)


def test_a_first_article_without_a_date_moves_no_clock(tmp_path: Path) -> None:
    replay = Replay(a_watch(tmp_path), now=NOW)

    replay.step(Article(id="undated", title="فيضان", body="فيضان"))
    at, _ = replay.step(archive(days=1)[0])

    assert at == archive(days=1)[0].published_at
    assert at < datetime(2026, 3, 2, tzinfo=UTC)
