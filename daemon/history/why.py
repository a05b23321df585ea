"""Why one article was told of under a topic, or was not: every reading of it that the store's logs still hold.

Decisions are told as they were logged. A near miss is explained when it is asked about, with the text that was kept
and the topics in force now, and says so where those were loaded since.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from alerts.ledger.ledger import Log, Reach
from alerts.ledger.seen import PRECISION_MS, SeenAt, asked_for
from alerts.notices.timestamp import rfc3339
from daemon.history.decision_line import ID_CHARS, Decision, as_written
from daemon.history.decision_reading import add_what_came_later, of_decision
from daemon.history.miss_line import Miss, read_miss
from daemon.history.notice_fates import notices_of
from daemon.history.past import Past
from daemon.history.reading import Answer, Reading
from processors.model import Article
from processors.stories.memory import url_field
from processors.topics.explain.explain import Explanation, explain
from processors.yaml_document import nearest

MOST_READINGS = 20
"""Of one article, the newest: a feed gives some again every few minutes."""

MOST_OF_STORY = 1_000
"""Decisions of its story looked at for what was told before."""

LONGEST_ASKED = 8_192
"""Characters of an id or address; no server accepts longer ones."""


@dataclass(frozen=True, slots=True)
class _Name:
    """How the article is named in a line: by its id, where it was read, or its address."""

    written: str
    address: str

    def needles(self) -> list[bytes]:
        id_ = as_written(self.written)
        named = [b'"article":' + id_, b'"origin":' + id_]
        return [*named, b'"address":' + as_written(self.address)] if self.address else named

    def fits(self, line: Decision | Miss) -> bool:
        by_address = bool(self.address) and line.address == self.address
        return self.written in (line.article, line.origin) or by_address


async def why(past: Past, topic: str, asked: str) -> dict[str, Any]:
    """The answer in JSON. ``ValueError`` where the question cannot be meant."""
    if not asked or len(asked) > LONGEST_ASKED:
        raise ValueError("name an article by its id, its address, or where it was read")
    watched = past.watch().watchlist.topics
    name = _Name(asked[:ID_CHARS], url_field(Article(id="", url=asked)) or "")
    decisions = await _decisions(past, name)
    if topic not in watched and not any(topic in decision.topics for decision in decisions):
        raise ValueError(f"no topic is called `{topic}`{nearest(topic, watched)}")
    readings = [of_decision(decision, topic) for decision in decisions if topic in decision.topics]
    readings += await _of_misses(past, name, topic)
    reach = await past.ledger.reach()
    if not readings:
        readings = _of_marks(await past.ledger.seen(asked_for(asked)), reach, decisions, past.loaded_ms())
    readings.reverse()  # the logs give the newest first
    readings.sort(key=lambda each: each.at)
    best = min(readings[::-1], key=lambda each: list(Answer).index(each.answer), default=None)
    decided = best.decision if best is not None else None
    notices = await _notices(past, topic, decided) if decided is not None else []
    if best is not None and decided is not None:
        add_what_came_later(best, decided, notices)
    return {
        "topic": topic,
        "article": asked,
        "answer": best.answer.value if best is not None else Answer.NEVER_SEEN.value,
        "says": best.says if best is not None else _never(reach),
        "readings": [each.shown() for each in readings[-MOST_READINGS:]],
        "notices": notices,
        "reaches_back_to": {
            "decisions": _moment(reach.decisions_ms),
            "near_misses": _moment(reach.misses_ms),
            "seen": _moment(reach.seen_ms),
        },
    }


async def _decisions(past: Past, name: _Name) -> list[Decision]:
    """Of the article, newest first."""
    found: list[Decision] = []
    async for decision in past.decisions(*name.needles()):
        if name.fits(decision):
            found.append(decision)
        if len(found) == MOST_READINGS:
            break
    return found


async def _notices(past: Past, topic: str, decision: Decision) -> list[dict[str, Any]]:
    """What was told of the article's story under the topic."""
    of_story: list[Decision] = []
    async for each in past.decisions(b'"story":' + as_written(decision.story)):
        if each.story == decision.story and any(told.topic == topic for told in each.told):
            of_story.append(each)
        if len(of_story) == MOST_OF_STORY:
            break
    return [notice for notice in await notices_of(past, of_story) if notice["topic"] == topic]


async def _of_misses(past: Past, name: _Name, topic: str) -> list[Reading]:
    """Near misses of the topic and records that were no article. Only the newest is explained."""
    readings: list[Reading] = []
    explained = False
    async for line in past.ledger.lines(Log.MISSES, name.needles()):
        read = read_miss(line)
        if read is None or not name.fits(read[0]) or not (read[0].invalid or topic in read[0].topics):
            continue
        miss, article = read
        if miss.invalid:
            readings.append(_invalid(miss))
        elif article is None or explained:
            readings.append(_near(miss, "its text was too long to keep" if not explained else "as told of the newest"))
        else:
            readings.append(await _explained(past, miss, article, topic))
            explained = True
        if len(readings) == MOST_READINGS:
            break
    return readings


def _invalid(miss: Miss) -> Reading:
    says = f"held no article, and is in the dead letters: {miss.invalid}" + (f", {miss.detail}" if miss.detail else "")
    return Reading(miss.at, Answer.INVALID, says, {"origin": miss.origin})


def _near(miss: Miss, reason: str) -> Reading:
    says = f"had words of the topic and did not match; {reason}. `rasid explain` tells it of the article's file"
    return Reading(miss.at, Answer.NEAR, says, {"article": miss.article, "origin": miss.origin})


async def _explained(past: Past, miss: Miss, article: Article, topic: str) -> Reading:
    watchlist = past.watch().watchlist
    if topic not in watchlist.topics:
        return _near(miss, "the topic is gone, so it cannot be explained")
    # Ten milliseconds or a hundred: too long for the loop, which others wait for.
    explanation = await asyncio.to_thread(explain, watchlist, topic, article, miss.repeated)
    changed = f" (topics as loaded since, {rfc3339(past.loaded_ms())})" if past.loaded_ms() > miss.at else ""
    verb = "did not match, and would now" if explanation.matches else "did not match"
    details = {"article": miss.article, "headline": miss.title, "origin": miss.origin, "score": explanation.score}
    return Reading(miss.at, _answer(explanation), f"{verb}: {explanation.reason}{changed}", details)


def _answer(explanation: Explanation) -> Answer:
    if explanation.matches:
        return Answer.MATCHES_NOW
    if explanation.excluded_by is not None:
        return Answer.EXCLUDED
    held = any(clause.holds for clause in explanation.clauses)
    return Answer.BELOW_THRESHOLD if held else Answer.NEAR_MISS


def _of_marks(seen: Sequence[SeenAt], reach: Reach, decisions: Sequence[Decision], loaded_ms: int) -> list[Reading]:
    """Where no log says more: that it was read, and what follows from the silence of the logs."""
    others = {decision.at for decision in decisions}
    readings = [_silent(at, reach, loaded_ms) for at in seen[-MOST_READINGS:]]
    # Of an article that other topics concerned, the log has the exact moment; the mark is the same reading.
    return readings or [_silent(SeenAt(at, False), reach, loaded_ms) for at in sorted(others)]


def _silent(seen: SeenAt, reach: Reach, loaded_ms: int) -> Reading:
    at, ask = seen.at_ms, "`rasid explain` tells it of the article's file"
    if reach.forgotten(Log.DECISIONS, at):
        return Reading(at, Answer.FORGOTTEN, f"was read, before the oldest decision that is kept; {ask}")
    if seen.partial or reach.forgotten(Log.MISSES, at):
        says = "more articles were near a topic than are written down" if seen.partial else "near misses are forgotten"
        return Reading(at, Answer.PERHAPS_NEAR, f"was read and did not match; of then {says}; {ask}")
    changed = f"; the topics were loaded since, {rfc3339(loaded_ms)}" if loaded_ms >= at + PRECISION_MS else ""
    return Reading(at, Answer.NOT_CONCERNED, f"was read, and too little of what the topic needs was in it{changed}")


def _never(reach: Reach) -> str:
    if reach.seen_ms is None:
        return "was never seen: nothing was read yet"
    return f"was never seen since {rfc3339(reach.seen_ms)}, as far as is remembered"


def _moment(at_ms: int | None) -> str | None:
    return None if at_ms is None else rfc3339(at_ms)
