"""Old news under a new date: found by what does not change with the date, whatever day it claims to be of. Pure.

Beside the days around an article's event time, its id, its address and one run of its words are looked for in the
buckets of the last days of *arrival*. What is found there and lies outside the window of its story keeps the story's
time: a date that was changed makes no story younger or longer.
"""

from datetime import UTC, datetime

from processors.stories.copies import Copy, copy_of
from processors.stories.fingerprint import Fingerprint
from processors.stories.grounds import Ground, GroundCode
from processors.stories.memory import REMEMBERED, StoryMemory
from processors.stories.rows import StoryRow, link_row
from processors.stories.sketch import likeness

SAME_TEXT = 0.95
"""Jaccard from which a text is taken for an old one again, not for a form filled in anew: of a report of two hundred
words, two were changed."""

SAME_PAGE = 0.5
"""Jaccard from which an address that comes again after the window carries the same article, and not the next day's
prices or the newest of a rolling page: an edited report keeps half of its runs."""


def in_reach(day: int, arrival: datetime | None) -> bool:
    """Whether an article of that arrival may know a row of a day (a proleptic ordinal) outside of its window.

    A batch holds rows that were asked for by its other articles: what one of them finds must not depend on those.
    """
    return arrival is not None and (arrival - REMEMBERED).astimezone(UTC).toordinal() <= day


def same_page(row: StoryRow, print_: Fingerprint) -> bool:
    """Whether a story has had this text or headline, in whatever version."""
    if print_.title and any(old.title == print_.title for old in row.prints):
        return True
    alike = (likeness(print_.sketch, old.sketch).jaccard for old in row.prints if old.short == print_.short)
    return max(alike, default=0.0) >= SAME_PAGE


def old_text(print_: Fingerprint, memory: StoryMemory, arrival: datetime | None) -> tuple[str, Copy] | None:
    """The story outside of the window that had this very text, with the same figures; a headline alone comes again."""
    field = f"b:{print_.bands[0]}" if print_.bands and not print_.short else ""
    held = memory.row(field)
    link = link_row(held)
    if held is None or link is None or not in_reach(link.day, arrival):
        return None
    story = next(iter(memory.stories_at([field])), "")
    row = memory.story(story) if story else None
    copies = (copy_of(print_, old) for old in row.prints if _same_figures(print_, old.figures)) if row else ()
    best = max((copy for copy in copies if copy is not None), key=lambda copy: copy.likest, default=None)
    if best is None or best.likest < SAME_TEXT:
        return None
    because = (Ground(GroundCode.OLD_TEXT), *best.because)
    return story, Copy(best.article, best.score, best.likest, because)


def _same_figures(print_: Fingerprint, figures: bytes) -> bool:
    return print_.figures == figures
