"""What becomes new about a story with each article. Pure: the story's row in, the row with what is new in it out.

A row's sets only grow, so that how much of them somebody was told is one number each (``rows.Reader``). A version of
an article that was seen before is never news: feeds and caches serve old ones again, and records are read again.
"""

import zlib
from collections.abc import Iterable

import msgspec

from processors.model import Article
from processors.stories.denials import Wording
from processors.stories.fingerprint import Fingerprint
from processors.stories.headline_figures import value_of
from processors.stories.named import Facets
from processors.stories.reasons import Reason
from processors.stories.rows import Change, Said, StoryRow
from processors.stories.story import MAX_CHARS, encodable

MAX_NAMED, MAX_MENTIONED = 32, 64
"""More countries and key entities than the headlines of one event have, and than its openings have: 6 bytes each."""

MAX_CHANGES = 12
"""The latest edits, denials and retractions; who was told of older ones needs them no more."""

MAX_VERSIONS = 8
"""Of one article, so that old ones are known again: five bytes each, and only where it is edited."""

DENIED, RETRACTED, EDIT = "denied", "retracted", "edit"
"""Kinds of notices; an edit's key is the hash of its text."""


def said_now(print_: Fingerprint, before: Said) -> Said:
    """What the article says, with what its versions so far (``before``) said; nothing new where it is one of them."""
    version = version_of(print_)
    if version in before.versions:
        return before
    versions = (*before.versions, version)
    return Said(print_.headline_figures, before.wording | print_.wording, versions[-MAX_VERSIONS:])


def version_of(print_: Fingerprint) -> int:
    """A text, in 32 bits: enough to tell the few versions of one article apart."""
    return zlib.crc32(print_.text.encode("ascii"))


def developed(
    row: StoryRow,
    article: Article,
    print_: Fingerprint,
    facets: Facets,
    *,
    before: Said | None = None,
    edited: bool = False,
    copied: bool = False,
) -> StoryRow:
    """The row after an article joined the story, or was read again with another text (``edited``).

    ``before`` is what an edited article said, None where that is not known. Of a copy (``copied``) the text was told:
    what another headline over it names is known, not new. So is what is named first of all.
    """
    if edited and (before is None or version_of(print_) in before.versions):
        return row
    wording = Wording(print_.wording) | (Wording.OFFICIAL if facets.official_denial else Wording.NONE)
    change = _edit(row, article, print_, wording, before) if before is not None else _other(row, article, wording)
    known, fresh = facets.opening, facets.headline
    if copied or not (row.named or row.mentioned):  # of an opening in a language whose names are not known, too
        known, fresh = (*fresh, *known), ()
    named = _added(row.named, (each for each in fresh if each not in row.mentioned), MAX_NAMED)
    grown = msgspec.structs.replace(
        row,
        named=named,
        mentioned=_added(row.mentioned, (each for each in known if each not in named), MAX_MENTIONED),
        wording=row.wording | wording,
    )
    if change is None:
        return grown
    return msgspec.structs.replace(grown, changes=(*row.changes, change)[-MAX_CHANGES:], changed=row.changed + 1)


def _edit(row: StoryRow, article: Article, print_: Fingerprint, wording: Wording, before: Said) -> Change | None:
    """What an edit changes that nobody was told: another number in the headline, a denial, something taken back."""
    new = wording & ~Wording(before.wording) & ~Wording(row.wording)
    was = {value_of(figure) for figure in before.figures}
    told = {value_of(figure) for change in row.changes for figure in change.now}
    now = tuple(figure for figure in print_.headline_figures if value_of(figure) not in was | told)
    reasons = []
    if new & (Wording.RETRACTION | Wording.NOTE):
        reasons.append(Reason.RETRACTION)
    if new & Wording.OFFICIAL or (new & Wording.DENIAL and not row.wording & Wording.OFFICIAL):
        reasons.append(Reason.DENIAL)
    if now:
        reasons.append(Reason.FIGURES)
    key = f"{EDIT}:{print_.text}"
    if not reasons or any(change.key == key for change in row.changes):
        return None
    still = {value_of(figure) for figure in print_.headline_figures}
    gone = tuple(figure for figure in before.figures if now and value_of(figure) not in still)
    return Change(key, tuple(reasons), _id(article), gone, now)


def _other(row: StoryRow, article: Article, wording: Wording) -> Change | None:
    """What another article of the story denies or takes back: each once, whoever says it after."""
    new = wording & ~Wording(row.wording)
    if new & Wording.OFFICIAL:
        return Change(DENIED, (Reason.DENIAL,), _id(article))
    if new & Wording.RETRACTION:
        return Change(RETRACTED, (Reason.RETRACTION,), _id(article))
    return None


def _id(article: Article) -> str:
    return encodable(article.id[:MAX_CHARS])


def _added(held: tuple[str, ...], new: Iterable[str], most: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*held, *new)))[: max(most, len(held))]
