"""What the store remembers of a batch of articles before it is decided."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from alerts.admission.admission import Admission
from daemon.look import Matched
from daemon.untold import openings, without
from processors.stories.memory import StoryMemory, questions


async def recall(
    admission: Admission, matched: Sequence[Matched], window: timedelta, now_ms: int, receivers: Collection[str] = ()
) -> tuple[StoryMemory, str]:
    """Their stories, and the version of the memory that they were read at. Usually one question.

    ``receivers`` that were told nothing of a story but what waited and was then withheld, were told nothing of it.
    """
    arrival = datetime.fromtimestamp(now_ms / 1000, UTC)
    asked = questions([(each.article, each.fingerprint, each.event_time) for each in matched], window, arrival)
    memory, version = StoryMemory(), ""
    for question in asked:
        remembered = await admission.lookup(question.days, question.fields, question.far_days, question.far_fields)
        memory.learn(remembered.rows)
        # Of several answers the first version counts: if the memory changed in between, ADMIT says RETRY.
        version = version or remembered.version
    opened = [id_ for row in memory.stories().values() for id_ in openings(row, receivers)]
    if opened and (withheld := await admission.withheld(opened)):
        for story, row in memory.stories().items():
            if (told := without(row, receivers, withheld)) is not row:
                memory.write_story(story, told)
    return memory, version


async def nothing_acknowledged(alerts: Sequence[str]) -> Collection[str]:
    """Where no verdicts are kept."""
    return ()
