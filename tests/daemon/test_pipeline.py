"""What happens to one batch, where the whole process would hide it."""

import asyncio
from itertools import count
from pathlib import Path

from alerts.admission.admission import Answer
from alerts.admission.memory_admission import MemoryAdmission
from alerts.store.memory_state import MemoryState
from daemon.metrics.metrics import Metrics
from daemon.pipeline import Pipeline
from daemon.sources.dead_letters import ENOUGH, Limit
from daemon.sources.decode import Decoder
from daemon.sources.source import Fetched, Record
from tests.daemon.build import NOW, MemoryDeadLetters, a_line, a_watch, quiet, value_of


def test_what_is_read_again_in_another_batch_is_kept_and_counted_once(tmp_path: Path, runner: asyncio.Runner) -> None:
    dead_letters, watch, versions = MemoryDeadLetters(), a_watch(tmp_path), count(1)
    pipeline = Pipeline(
        name="test",
        decoder=Decoder(),
        watch=lambda: watch,
        admission=MemoryAdmission(MemoryState()),
        dead_letters=dead_letters,
        limit=Limit(0.5),
        metrics=Metrics("test"),
        now_ms=lambda: NOW,
        new_version=lambda: str(next(versions)),
        admitted=lambda: None,
    )
    # 80 of 200 hold no article. Counted twice, the first hundred would make it 160 of 300, which stops the process.
    records = [Record(offset, b"broken" if offset < 80 else quiet(offset)) for offset in range(ENOUGH)]

    for a, b in [(0, 100), (0, ENOUGH)]:
        runner.run(pipeline.process(Fetched("p", a, b, records[a:b]), "incarnation"))

    assert [each.record.offset for each in dead_letters.kept] == list(range(80))


TEASER = "فيضان يقطع الطريق بين المدينتين"


def a_record(offset: int) -> Record:
    """Its second paragraph is what ``floods`` looks for; all but the first record repeat it."""
    body = f"ارتفعت أسعار القمح في أسواق المدينة رقم {offset} أمس بعد هبوط طويل\n{TEASER}"
    return Record(offset, a_line(id=f"{offset}", source="جريدة", title=f"خبر {offset}", body=body))


def test_a_batch_processed_again_with_others_finds_what_it_found(tmp_path: Path, runner: asyncio.Runner) -> None:
    admission, watch, versions, metrics = MemoryAdmission(MemoryState()), a_watch(tmp_path), count(1), Metrics("test")
    pipeline = Pipeline(
        name="test",
        decoder=Decoder(),
        watch=lambda: watch,
        admission=admission,
        dead_letters=MemoryDeadLetters(),
        limit=Limit(0.5),
        metrics=metrics,
        now_ms=lambda: NOW,
        new_version=lambda: str(next(versions)),
        admitted=lambda: None,
    )
    metrics.topics.add(watch.topics)
    records = [a_record(offset) for offset in range(6)]

    for a, b in [(0, 2), (2, 4)]:
        lost = runner.run(pipeline.process(Fetched("p", a, b, records[a:b]), "incarnation"))
        assert lost.answer is Answer.LOST
    runner.run(admission.recover("p", 0, "incarnation"))
    runner.run(pipeline.process(Fetched("p", 0, 6, records), "incarnation"))

    assert value_of(metrics, "rasid_matches_total", {"topic": "floods"}) == 1
    assert value_of(metrics, "rasid_records_total", {"outcome": "unmatched"}) == 5
    assert value_of(metrics, "rasid_repeated_paragraphs_total") == 5
