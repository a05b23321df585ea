"""Which story a text belongs to that was never seen before: as a copy, as old news dated anew, or as the same event.

Pure. A store is asked for what shares a band, a name, word or figure; the texts decide.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from processors.stories.copies import Copy, copy_of
from processors.stories.fingerprint import Fingerprint
from processors.stories.memory import StoryMemory
from processors.stories.redated import old_text
from processors.stories.rows import StoryRow
from processors.stories.same_story import Told, same_story
from processors.stories.sketch import likeness
from processors.stories.story import near


def its_story(
    print_: Fingerprint,
    moment: datetime,
    memory: StoryMemory,
    window: timedelta,
    arrival: datetime | None,
    topics: Collection[str] | None,
) -> tuple[str, Copy, bool] | None:
    """The story, why, and whether the text is a copy of one of the story's; None if it is of no story that is known.

    Of several the most alike is joined, then the earliest, then the least id: never a matter of chance.
    """
    near_ = _near(print_, moment, memory, window)
    copies = ((story, row, copy) for story, row in near_ if (copy := _copied(print_, row)) is not None)
    if (copied := _first(copies)) is not None:
        return copied[0], copied[2], True
    if (old := old_text(print_, memory, arrival)) is not None:
        return *old, True
    told = ((story, row, why) for story, row in near_ if (why := same_story(print_, row, moment, topics)) is not None)
    if (same := _first(told)) is not None:
        story, row, why = same
        return story, Copy(why.article, why.score, likest_version(print_, row), why.because), False
    return None


_Scored = TypeVar("_Scored", Copy, Told)


def _first(candidates: Iterable[tuple[str, StoryRow, _Scored]]) -> tuple[str, StoryRow, _Scored] | None:
    """The most alike, then the earliest, then the least id."""
    return min(candidates, key=lambda each: (-each[2].score, each[1].first_ms, each[0]), default=None)


def _near(
    print_: Fingerprint, moment: datetime, memory: StoryMemory, window: timedelta
) -> Sequence[tuple[str, StoryRow]]:
    """The stories that may be the article's: they share a band or something that it tells of."""
    fields = [f"b:{band}" for band in print_.bands]
    fields.extend(f"k:{key}" for key in print_.asked)
    found = ((story, memory.story(story)) for story in memory.stories_at(fields))
    return [(story, row) for story, row in found if row is not None and near(row, moment, window)]


def _copied(print_: Fingerprint, row: StoryRow) -> Copy | None:
    """Which of a story's texts this one is most surely a copy of; of equals the first, the founder's."""
    copies = (copy for old in row.prints if (copy := copy_of(print_, old)) is not None)
    return max(copies, key=lambda copy: copy.score, default=None)


def likest_version(print_: Fingerprint, row: StoryRow) -> float:
    """How like the most similar kept version of its kind is (Jaccard)."""
    alike = (likeness(print_.sketch, old.sketch).jaccard for old in row.prints if old.short == print_.short)
    return max(alike, default=0)
