"""Why one article was told of under a topic, or was not: every reading of it that the store's logs still hold.

Decisions are told as they were logged. A near miss is explained when it is asked about, with the text that was kept
and the topics in force now, and says so where those were loaded since.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from alerts.ledger.ledger import Log, Reach
from alerts.ledger.seen import SeenAt, asked_for
from alerts.timestamp import rfc3339
from alerts.withholding import Withheld
from daemon.history.decision_line import ID_CHARS, Decision, as_written
from daemon.history.miss_line import Miss, read_miss
from daemon.history.notice_fates import notices_of, withheld_words
from daemon.history.past import Past
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


class Answer(StrEnum):
    """What became of the article, most telling first."""

    ALERTED = "alerted"  # it led to a notice
    REPEAT = "repeat"  # it matched, and its story was told of already
    SILENCED = "silenced"  # the same, by a silence
    INHIBITED = "inhibited"  # the same, by another alert of its story
    MUTED = "muted"  # it was new, and a time interval of its routes kept it from all whom they lead to
    UNROUTED = "unrouted"  # it matched, and no route sends that anywhere
    MATCHES_NOW = "matches_now"  # it did not match then, and does with the topics of now
    EXCLUDED = "excluded"
    BELOW_THRESHOLD = "below_threshold"
    NEAR_MISS = "near_miss"  # no clause holds
    NEAR = "near"  # the topic's words may be in it; its text was not kept
    INVALID = "invalid"  # the record was no article
    PERHAPS_NEAR = "perhaps_near"  # it was read while more was near than is written down
    NOT_CONCERNED = "not_concerned"  # words or names that the topic needs are not in it
    FORGOTTEN = "forgotten"  # it was read, before the oldest decision that is still kept
    NEVER_SEEN = "never_seen"


@dataclass(slots=True)
class Reading:
    """One time that the article was read, and what came of it for the topic."""

    at: int
    answer: Answer
    says: str
    details: dict[str, Any] = field(default_factory=dict)
    decision: Decision | None = None  # where it was one

    def shown(self) -> dict[str, Any]:
        """In JSON."""
        return {"at": rfc3339(self.at), "answer": self.answer.value, "says": self.says, **self.details}


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
    readings = [_of_decision(decision, topic) for decision in decisions if topic in decision.topics]
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
        _add_what_came_later(best, decided, notices)
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


def _of_decision(decision: Decision, topic: str) -> Reading:
    score = next((each for each in decision.scores if each.topic == topic), None)
    matched = f"matched with score {score.score:g} ({', '.join(score.clauses)})" if score is not None else "matched"
    told = [each for each in decision.told if each.topic == topic]
    names = [name for each in told for name in (*each.to, *each.later)]
    withheld = [each for notice in told for each in notice.withheld]
    kept_from = "; ".join(dict.fromkeys(withheld_words(each) for each in withheld))
    if names:
        reasons = ", ".join(each.reason for each in told)
        answer, says = (
            Answer.ALERTED,
            f"{matched}, and led to a notice ({reasons}) for {', '.join(dict.fromkeys(names))}",
        )
        turns = dict.fromkeys(turn for each in told for turn in each.waits)
        says += "".join(f"; {name}'s route makes it wait ({wait})" for name, wait in turns)
        says += f"; {kept_from}" if kept_from else ""
    elif withheld:
        answer, says = Answer(withheld[0].why), f"{matched}, and was told to nobody: {kept_from}"
    elif told:
        answer, says = Answer.UNROUTED, f"{matched}, and no route sends its alert anywhere"
    else:
        of = f" by {decision.of}" if decision.of and decision.of != decision.article else ""
        because = f" because {'; '.join(decision.because)}" if decision.because else ""
        joined = f"joined story {decision.story}{of}{because}"
        answer, says = Answer.REPEAT, f"{matched}, but {joined}, and that was told of already: a repeat"
    details = {
        "article": decision.article,
        "headline": decision.title,
        "origin": decision.origin,
        "story": decision.story,
        "relation": decision.relation,
        "of": decision.of,
        "because": list(decision.because),
        "score": score.score if score is not None else None,
        "clauses": list(score.clauses) if score is not None else [],
    }
    return Reading(decision.at, answer, says, details, decision)


def _add_what_came_later(reading: Reading, decision: Decision, notices: Sequence[dict[str, Any]]) -> None:
    """What the article's own notices were withheld by when their turn came."""
    own = [each for each in notices if (each["article"], each["at"]) == (decision.article, rfc3339(decision.at))]
    late = [kept for each in own for kept in each["withheld"] if kept["at"]]
    if not late:
        return
    words = "; ".join(
        dict.fromkeys(withheld_words(Withheld(kept["receiver"], kept["why"], kept["by"])) for kept in late)
    )
    if any(each["receivers"] for each in own):
        reading.says += f"; when its turn came: {words}"
    else:
        reading.answer = Answer(late[0]["why"])
        reading.says += f"; when its turn came it was told to nobody: {words}"


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
    changed = f"; the topics were loaded since, {rfc3339(loaded_ms)}" if loaded_ms > at else ""
    return Reading(at, Answer.NOT_CONCERNED, f"was read, and too little of what the topic needs was in it{changed}")


def _never(reach: Reach) -> str:
    if reach.seen_ms is None:
        return "was never seen: nothing was read yet"
    return f"was never seen since {rfc3339(reach.seen_ms)}, as far as is remembered"


def _moment(at_ms: int | None) -> str | None:
    return None if at_ms is None else rfc3339(at_ms)
