"""Which deliveries are asked for: a list with a filter, page by page."""

import re
from typing import Any

from alerts.deliveries.deliveries import Place, Standing, Wanted
from alerts.ids import lane_id
from daemon.history.delivery_shown import shown
from daemon.history.past import NotKnown, Past, SeveralKnown
from processors.stories.rows import ID_LENGTH
from processors.yaml_document import meant

MOST_SHOWN = 500
"""In one answer: 10 MB where every body is as long as it may be."""

_STORY = re.compile(r"[a-z2-7]{1,26}")
_CURSOR = re.compile(r"([0-9]{1,15})\.(evt_[a-z0-9]{1,64})")


async def list_deliveries(past: Past, wanted: Wanted, limit: int, cursor: str) -> dict[str, Any]:
    """A page in JSON, the newest first. ``next`` is the cursor of what follows, null at the end; a page may be short,
    and even empty, before that. ``ValueError`` where the cursor is none of ours."""
    page = await past.deliveries.page(wanted, limit, place_of(cursor))
    if not cursor and not page.found and page.after is None:
        check_receiver(past, wanted.receiver)
    after = f"{page.after.at_ms}.{page.after.id}" if page.after is not None else None
    return {"deliveries": [shown(each) for each in page.found], "next": after}


def place_of(cursor: str) -> Place | None:
    """Raises ``ValueError`` where it is none of ours."""
    if not cursor:
        return None
    if (found := _CURSOR.fullmatch(cursor)) is None:
        raise ValueError("cursor is what `next` of the page before said")
    return Place(int(found[1]), found[2])


def standing_of(written: str) -> frozenset[Standing]:
    """``dead``, ``ready,leased``; all where nothing is written. ``ValueError`` says what there is."""
    names = [each.strip() for each in written.split(",")] if written else []
    known = [each.value for each in Standing]
    for each in names:
        if each not in known:
            raise ValueError(f"no state is called `{each}`{meant(each, known)}")
    return frozenset(map(Standing, names)) or frozenset(Standing)


async def lanes_of(past: Past, story: str, receiver: str) -> frozenset[str]:
    """The lanes of one story, given by a beginning of its id; of one receiver, or of all that are configured.

    Raises ``NotKnown`` and ``SeveralKnown``. Digests are in no story's lane.
    """
    if not story:
        return frozenset()
    whole = story if len(story) == ID_LENGTH and _STORY.fullmatch(story) else await _whole_id(past, story)
    receivers = [receiver] if receiver else list(past.watch().receivers)
    return frozenset(lane_id(each, whole) for each in receivers)


async def _whole_id(past: Past, prefix: str) -> str:
    if not _STORY.fullmatch(prefix):
        raise NotKnown(f"`{prefix[:40]}` is no story: its id is {ID_LENGTH} of the letters a to z and 2 to 7")
    found: dict[str, None] = {}
    async for decision in past.decisions(b'"story":"' + prefix.encode()):
        if decision.story.startswith(prefix):
            found[decision.story] = None
    if len(found) > 1:
        raise SeveralKnown(f"{len(found)} stories begin with {prefix}: {', '.join(list(found)[:5])}")
    if not found:
        raise NotKnown(f"no story begins with {prefix} in the decision log")
    return next(iter(found))


def check_receiver(past: Past, name: str) -> None:
    """Raises ``NotKnown`` where no receiver is called so; a removed one may still have deliveries."""
    known = list(past.watch().receivers)
    if name and name not in known:
        raise NotKnown(f"no receiver is called `{name[:64]}`{meant(name[:64], known)}")
