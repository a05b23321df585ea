"""What the store remembers of a batch of articles before it is decided."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from alerts.admission.admission import Admission
from daemon.look import Matched
from daemon.untold import first_and_last, marks_of, without
from processors.stories.memory import StoryMemory, questions
from processors.stories.rows import StoryRow

ASKED_AT_ONCE = 1_000
"""Deliveries of which it is asked whether they were withheld: their ids take some milliseconds."""


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
    if receivers and await admission.withholds():
        await _forget_withheld(memory, admission, marks_of(receivers))
    return memory, version


async def _forget_withheld(memory: StoryMemory, admission: Admission, receivers: Mapping[int, str]) -> None:
    """A few stories at a time: a thousand receivers that were told of each are not for one step."""
    stories, asked, of = memory.stories(), list[str](), dict[str, StoryRow]()
    for place, (story, row) in enumerate(stories.items(), 1):
        asked += first_and_last(row, receivers)
        of[story] = row
        if len(asked) < ASKED_AT_ONCE and place < len(stories):
            continue
        withheld = await admission.withheld(asked) if asked else ()
        for each, its in of.items() if withheld else ():
            if (told := without(its, receivers, withheld)) is not its:
                memory.write_story(each, told)
        asked, of = [], {}
