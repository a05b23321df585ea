"""One story: its articles in the order in which they were read, why each belongs to it, and what was told."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from alerts.ids import delivery_id
from alerts.keys import MEMORY_KEEP
from alerts.ledger.ledger import Fate, Log, State
from alerts.outbox.history_line import HistoryLine, read_history
from alerts.timestamp import rfc3339
from alerts.withholding import Withheld
from daemon.decision_line import Decision, Told, as_written
from daemon.past import NotKnown, Past, SeveralKnown
from daemon.story_list import gathered, summary
from processors.stories.rows import ID_LENGTH

MOST_LINES = 1_000
"""Articles of one story shown, the newest: a person looks at the first and the last."""

MOST_DELIVERIES = 500
"""Whose state is looked up: the newest."""

MOST_ATTEMPTS = 20
"""Deliveries whose last attempt is looked for in the history, the newest: each costs the store 0.1 µs a line."""

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
        key = decision.article, decision.relation, decision.because, bool(decision.told)
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
            "because": list(decision.because),
            "topics": list(decision.topics),
            "outcome": decision.outcome,
            "times": 1,
        }
    return list(shown.values())


async def notices_of(past: Past, decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """What was told, in order, and what became of it, for decisions given newest first."""
    told = [(decision, each) for decision in reversed(decisions) for each in decision.told]
    ids = [delivery_id(name, each.notice) for _, each in told for name in (*each.to, *each.later)][-MOST_DELIVERIES:]
    fates = await past.ledger.fates(ids)
    ends = await _last_attempts(past, ids[-MOST_ATTEMPTS:])
    return [
        {
            "topic": each.topic,
            "alert": each.alert,
            "notice": each.notice,
            "reason": each.reason,
            "at": rfc3339(decision.at),
            "article": decision.article,
            "receivers": _receivers(each, fates, ends),
            "withheld": [{"receiver": kept.receiver, "why": kept.why, "by": kept.by} for kept in each.withheld],
        }
        for decision, each in told
    ]


def _receivers(told: Told, fates: Mapping[str, Fate], ends: Mapping[str, HistoryLine]) -> list[dict[str, Any]]:
    shown = []
    for name in (*told.to, *told.later):
        id_ = delivery_id(name, told.notice)
        fate, end = fates.get(id_, Fate(State.UNKNOWN)), ends.get(id_)
        shown.append(
            {
                "receiver": name,
                "delivery": id_,
                "state": fate.state.value,
                "digest": name in told.later,
                "attempts": end.attempt if end is not None else fate.attempts,
                "reason": fate.reason,
                "since": rfc3339(fate.since_ms) if fate.since_ms else None,
                "at": rfc3339(end.at) if end is not None else None,
                "status": end.status if end is not None else None,
                "error": end.error if end is not None else "",
            }
        )
    return shown


def withheld_words(withheld: Withheld) -> str:
    """``muted for desk (nights)``."""
    return f"{withheld.why} for {withheld.receiver} ({withheld.by})"


async def _last_attempts(past: Past, ids: Sequence[str]) -> Mapping[str, HistoryLine]:
    """The last attempt of each delivery that the bounded history still holds."""
    last: dict[str, HistoryLine] = {}
    if ids:
        async for line in past.ledger.lines(Log.HISTORY, [as_written(each) for each in ids]):
            if (attempt := read_history(line)) is not None:
                last.setdefault(attempt.delivery, attempt)
            if len(last) == len(ids):
                break
    return last
