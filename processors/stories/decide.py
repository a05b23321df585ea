"""Which story an article belongs to. Pure: LOOKUP's rows in, a placement and the rows to write out.

1. An article whose id or address is remembered stays in its story, whatever its text or its date says now.
2. Otherwise the stories that share a band, or a name, word or figure are candidates. A text that is a
   copy joins the story that it is most a copy of, then the earliest, then the least id: never a matter of chance.
3. Otherwise an old text under a new date stays in its story too (``redated``).
4. Otherwise a text that tells the same event joins the story that it has most in common with (``same_story``).
5. Otherwise it begins a story.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

import msgspec

from processors.ids import story_id
from processors.model import Article
from processors.stories.candidates import its_story, likest_version
from processors.stories.copies import Copy
from processors.stories.developments import said_now
from processors.stories.fingerprint import KEPT_BANDS, Fingerprint
from processors.stories.grounds import Ground, GroundCode, percent
from processors.stories.memory import StoryMemory, Write, article_field, url_field
from processors.stories.redated import in_reach, same_page
from processors.stories.rows import (
    NOTHING_SAID,
    REFERENCE,
    VERSION,
    ArticleRow,
    LinkRow,
    Said,
    StoryRow,
    article_row,
    encode_mark,
    encode_row,
    link_row,
    reference_of,
    story_of,
)
from processors.stories.story import (
    MAX_CHARS,
    MAX_ORIGIN_CHARS,
    NEW_VERSION_BELOW,
    encodable,
    founded,
    joined,
    last_seen,
    near,
    seen_again,
    with_print,
)


class Relation(StrEnum):
    """How an article came into its story. Also a metric label."""

    NEW = "new"
    SAME_ARTICLE = "same_article"
    COPY = "copy"
    SAME_STORY = "same_story"


@dataclass(frozen=True, slots=True)
class Placement:
    """The story of one article. ``of`` is the article it joined by, "" if none."""

    story: str
    relation: Relation
    of: str
    because: tuple[Ground, ...]
    row: StoryRow  # the story as it now stands
    writes: tuple[Write, ...]
    again: bool = False  # an article of the story was read once more
    lost: bool = False  # and the story's own row is out of reach: what was told of it is not known
    before: Said | None = None  # what it said then, None where that is not known


def decide(
    article: Article,
    print_: Fingerprint,
    event_time: datetime,
    memory: StoryMemory,
    *,
    name: str,
    window: timedelta,
    arrival: datetime | None = None,
    topics: Collection[str] | None = None,
) -> Placement:
    """Place one article, and make ``memory`` as it will be once the placement's writes are done.

    ``arrival`` is when it came to where it was read; None in an archive, where only event time counts. ``topics`` are
    those that it concerns, None where nobody watches for any. An article read again, unchanged and on the same day,
    writes nothing.
    """
    known = _known(article, print_, memory, event_time, window, arrival)
    if known is not None:
        return _same_article(article, print_, event_time, memory, known, window, arrival)
    found = its_story(print_, event_time, memory, window, arrival, topics)
    if found is None:
        story, by = story_id(name, article.id), Copy("", 0, 0, ())
        moment, row, relation = event_time, founded(article, print_, event_time), Relation.NEW
    else:
        story, by, copied = found
        relation = Relation.COPY if copied else Relation.SAME_STORY
        held = memory.story(story)
        assert held is not None  # noqa: S101 - a candidate has a row
        moment = event_time if near(held, event_time, window) else last_seen(held)
        row = joined(held, article, print_, moment, likest=by.likest, copied=by.article if copied else "")
    kept = _kept_day(moment, window, arrival)
    return _place(article, print_, moment, memory, story, row, relation, by, kept=kept)


@dataclass(frozen=True, slots=True)
class _Known:
    """An article that was seen before, by its id or by its address."""

    story: str
    of: str
    ground: Ground
    row: ArticleRow | None  # None where only the address is known
    said: Said | None


def _known(
    article: Article,
    print_: Fingerprint,
    memory: StoryMemory,
    moment: datetime,
    window: timedelta,
    arrival: datetime | None,
) -> _Known | None:
    held = memory.row(article_field(article))
    if (row := article_row(held)) is not None and held is not None:
        return _Known(story_of(held), article.id, Ground(GroundCode.SAME_ID), row, row.said)
    field = url_field(article)
    held = memory.row(field) if field else None
    link = link_row(held)
    if link is None or held is None:
        return None
    # A batch may hold rows of other days than this article's LOOKUP would have read.
    span = (moment - window).astimezone(UTC).toordinal(), (moment + window).astimezone(UTC).toordinal()
    if not span[0] <= link.day <= span[1]:
        row_ = memory.story(story_of(held))
        if row_ is None or not in_reach(link.day, arrival) or not same_page(row_, print_):
            return None
    return _Known(story_of(held), link.article, Ground(GroundCode.SAME_ADDRESS), None, link.said)


def _same_article(
    article: Article,
    print_: Fingerprint,
    moment: datetime,
    memory: StoryMemory,
    known: _Known,
    window: timedelta,
    arrival: datetime | None,
) -> Placement:
    held = memory.story(known.story)
    if held is None and arrival is not None:
        return _lost(article, print_, moment, memory, known, _kept_day(moment, window, arrival))
    if held is not None and not near(held, moment, window):
        moment = last_seen(held)  # a new date for what happened then
    kept = _kept_day(moment, window, arrival)
    unchanged = known.row is not None and known.row.text == print_.text
    if unchanged and held is not None and known.row is not None and known.row.day >= kept:
        because = (known.ground, Ground(GroundCode.SAME_TEXT))
        return Placement(known.story, Relation.SAME_ARTICLE, known.of, because, held, (), again=True)
    row = seen_again(held, moment) if held is not None else founded(article, print_, moment)
    likest = likest_version(print_, row)
    if likest < NEW_VERSION_BELOW:
        origin = encodable(print_.origin[:MAX_ORIGIN_CHARS])
        row = msgspec.structs.replace(row, prints=with_print(row.prints, article.id, print_, origin))
    changed = Ground(GroundCode.CHANGED_TEXT, percent(likest))
    copy = Copy(known.of, 0, likest, (known.ground, Ground(GroundCode.SAME_TEXT) if unchanged else changed))
    placed = _place(
        article, print_, moment, memory, known.story, row, Relation.SAME_ARTICLE, copy, known.said, kept=kept
    )
    return replace(placed, again=held is not None, before=known.said)


def _lost(
    article: Article, print_: Fingerprint, moment: datetime, memory: StoryMemory, known: _Known, kept: int
) -> Placement:
    """An article that is known of a story that is not: it stays known, and the story is not begun anew."""
    said = said_now(print_, known.said or NOTHING_SAID)
    own = Write(
        _bucket(kept), article_field(article), encode_row(known.story, ArticleRow(VERSION, kept, print_.text, said))
    )
    memory.write(own)
    because = (known.ground, Ground(GroundCode.STORY_GONE))
    row = founded(article, print_, moment)
    return Placement(known.story, Relation.SAME_ARTICLE, known.of, because, row, (own,), again=True, lost=True)


def _place(
    article: Article,
    print_: Fingerprint,
    moment: datetime,
    memory: StoryMemory,
    story: str,
    row: StoryRow,
    relation: Relation,
    by: Copy,
    before: Said | None = None,
    *,
    kept: int,
) -> Placement:
    said = said_now(print_, before or NOTHING_SAID)
    writes = [*_marks(article, print_, said, moment, memory, story, kept), memory.write_story(story, row)]
    return Placement(story, relation, by.article, by.because, row, tuple(writes))


def _marks(
    article: Article, print_: Fingerprint, said: Said, moment: datetime, memory: StoryMemory, story: str, kept: int
) -> Iterator[Write]:
    """The rows by which later articles find the story. Those that stand already, as new, are not written again.

    The article's own is in the bucket of the day ``kept`` or a later one.
    """
    day = _day(moment)
    standing_own = article_row(memory.row(article_field(article)))
    # LOOKUP reads the newest day first: an article dated back is written where it will be found.
    own_day = max(kept, standing_own.day) if standing_own is not None else kept
    own = Write(
        _bucket(own_day), article_field(article), encode_row(story, ArticleRow(VERSION, own_day, print_.text, said))
    )
    memory.write(own)
    yield own
    links = {f"b:{band}": LinkRow(VERSION, day) for band in print_.bands[:KEPT_BANDS]}
    links.update({f"k:{key}": LinkRow(VERSION, day) for key in print_.marks})
    if (address := url_field(article)) is not None:
        links[address] = LinkRow(VERSION, day, encodable(article.id[:MAX_CHARS]), said)
    for field, link in links.items():
        held = memory.row(field)
        standing = link_row(held)
        newer = standing is not None and standing.day > day
        if (
            held is not None
            and standing is not None
            and standing.day >= day
            and reference_of(held) == story[:REFERENCE]
        ):
            if standing.said == link.said:
                continue
            link, newer = msgspec.structs.replace(link, day=standing.day), False  # an edit
        kept_row = encode_row(story, link) if field == address else encode_mark(story, link.day)
        write = Write(_bucket(link.day), field, kept_row)
        if not newer:  # there the other row would still be found
            memory.write(write)
        yield write


def _kept_day(moment: datetime, window: timedelta, arrival: datetime | None) -> int:
    """The day under which an article's own row is kept: of what comes late the day of arrival, where it is looked for
    whatever date it will bear next."""
    late = arrival is not None and arrival - moment > window
    return _day(arrival if late and arrival is not None else moment)


def _bucket(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _day(moment: datetime) -> int:
    return moment.astimezone(UTC).toordinal()
