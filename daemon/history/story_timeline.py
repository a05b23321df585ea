"""One story: its articles in the order in which they were read, why each belongs to it, and what was told."""

import re
from collections.abc import Sequence
from typing import Any

from alerts.notices.timestamp import rfc3339
from alerts.store.keys import MEMORY_KEEP
from daemon.history.decision_line import Decision, shown_grounds
from daemon.history.notice_fates import notices_of
from daemon.history.past import NotKnown, Past, SeveralKnown
from daemon.history.story_list import gathered, summary
from processors.stories.rows import ID_LENGTH

MOST_LINES = 1_000
"""Articles of one story shown, the newest: a person looks at the first and the last."""

_NAMED = 5
_PREFIX = re.compile(r"[a-z2-7]{1,26}")


async def story_timeline(past: Past, prefix: str) -> dict[str, Any]:
    """The story whose id begins with ``prefix``. Raises ``NotKnown`` and ``SeveralKnown``."""
    if not _PREFIX.fullmatch(prefix):
        raise NotKnown(f"`{prefix[:40]}` is no story: its id is {ID_LENGTH} of the letters a to z and 2 to 7")
    decisions: list[Decision] = []  # newest first
    stories: dict[str, None] = {}
    lines = 0
    async for decision in past.decisions(b'"story":"' + prefix.encode()):
        if decision.story.startswith(prefix):
            stories[decision.story] = None
            lines += 1
            if len(decisions) < MOST_LINES:
                decisions.append(decision)
    if len(stories) > 1:
        raise SeveralKnown(f"{len(stories)} stories begin with {prefix}: {', '.join(list(stories)[:_NAMED])}")
    if not stories:
        raise NotKnown(await _unknown(past, prefix))
    return await _told_of(past, decisions, lines)


async def _told_of(past: Past, decisions: Sequence[Decision], lines: int) -> dict[str, Any]:
    known = gathered(decisions[0])
    for decision in decisions:
        known.add(decision)
    story = decisions[0].story
    row = (await past.story_rows({story: known.last_event_ms})).get(story)
    return {
        **summary(story, known, row),
        "timeline": timeline(decisions),
        "left_out": lines - len(decisions),
        "from_the_start": bool(known.founder) or decisions[-1].relation == "new",
        "notices": await notices_of(past, decisions),
    }


async def _unknown(past: Past, prefix: str) -> str:
    reach = (await past.ledger.reach()).decisions_ms
    if reach is None:
        return "no story was seen yet: the decision log is empty"
    row = await past.story_rows({prefix: past.now_ms()}) if len(prefix) == ID_LENGTH else {}
    still = f" It is remembered for {MEMORY_KEEP.days} days, its articles are not shown." if row else ""
    return f"no story begins with {prefix} in the decision log, which reaches back to {rfc3339(reach)}.{still}"


def timeline(decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """One line each for decisions given newest first, in the order of reading. Readings alike are one line."""
    shown: dict[tuple[Any, ...], dict[str, Any]] = {}
    for decision in reversed(decisions):
        key = decision.article, decision.relation, decision.because, decision.grounds, bool(decision.told)
        if key in shown:
            shown[key]["times"] += 1
            shown[key]["last_read_at"] = rfc3339(decision.at)
            continue
        shown[key] = {
            "published": rfc3339(decision.event_ms),
            "dated": decision.dated or "published",
            "read_at": rfc3339(decision.at),
            "outlet": decision.source,
            "lang": decision.lang,
            "headline": decision.title,
            "article": decision.article,
            "url": decision.url,
            "relation": decision.relation,
            "of": decision.of,
            "because": decision.why_here(),
            "grounds": shown_grounds(decision),
            "topics": list(decision.topics),
            "outcome": decision.outcome,
            "times": 1,
        }
    return list(shown.values())
