"""What happens to one batch, where the whole process would hide it."""

import asyncio
from itertools import count
from pathlib import Path

from alerts.admission.memory_admission import MemoryAdmission
from alerts.memory_state import MemoryState
from daemon.dead_letters import ENOUGH, Limit
from daemon.decode import Decoder
from daemon.metrics import Metrics
from daemon.pipeline import Pipeline
from daemon.source import Fetched, Record
from tests.daemon.build import NOW, MemoryDeadLetters, a_watch, quiet


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
