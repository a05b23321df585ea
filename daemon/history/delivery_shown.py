"""A delivery in JSON, as the API and the commands show it. It holds no secret: bodies are made of articles alone."""

import json
from typing import Any

from alerts.deliveries.deliveries import Known
from alerts.ledger.ledger import Log
from alerts.notices.timestamp import rfc3339
from alerts.outbox.history_line import HistoryLine, read_gathered, read_history
from daemon.history.decision_line import as_written
from daemon.history.past import NotKnown, Past

MOST_ATTEMPTS = 100
"""Of one delivery shown, the newest: a schedule has ten, and each replay begins it anew."""


def shown(known: Known) -> dict[str, Any]:
    """One of a list. ``at`` is when it came to its state; what is not known is null or empty."""
    body = _body(known.body)
    data = body if known.type == "" else _part(body, "data")
    alert = _part(data, "alert")
    topics = alert.get("topics")
    first = topics[0] if isinstance(topics, list) and topics and isinstance(topics[0], dict) else {}
    return {
        "id": known.id,
        "receiver": known.receiver,
        "type": known.type,
        "state": known.standing.value,
        "at": rfc3339(known.at_ms),
        "created": rfc3339(known.created_ms),
        "attempts": known.attempts,
        "status": known.status or None,
        "reason": known.reason,
        "next": rfc3339(known.next_ms) if known.next_ms is not None else None,
        "parked": known.parked,
        "replay": known.replay,
        "topic": _text(first.get("id", data.get("topic", ""))),
        "alert": _text(alert.get("id", "")),
        "story": _text(_part(data, "story").get("id", data.get("story", ""))),
        "text": _text(data.get("text", "")),
    }


async def shown_whole(past: Past, id_: str) -> dict[str, Any]:
    """One with its body and its attempts, the last one last. Raises ``NotKnown``."""
    known = (await past.deliveries.find([id_])).get(id_)
    attempts = await attempts_of(past, id_)
    if known is None:
        fate = (await past.ledger.fates([id_]))[id_]
        digest = fate.digest or await _digest_of(past, id_)
        if digest:
            raise NotKnown(f"`{id_}` was told in the digest `{digest}`")
        if fate.state == "delivered":
            raise NotKnown(f"`{id_}` was delivered, by itself or in a digest; its bytes are not kept any more")
        if fate.state == "withheld":
            raise NotKnown(f"`{id_}` waited, and was not told when its turn came: {fate.reason} ({fate.by})")
        raise NotKnown(f"no delivery has the id `{id_[:80]}`, or it is forgotten")
    return {
        **shown(known),
        "notice": known.notice,
        "history": [attempt_shown(each) for each in reversed(attempts)],
        "body": _body(known.body),
    }


async def attempts_of(past: Past, id_: str) -> list[HistoryLine]:
    """The attempts that the bounded history still holds, the newest first."""
    oldest = past.now_ms() - round(past.watch().loaded.config.history.keep.total_seconds() * 1000)
    found: list[HistoryLine] = []
    async for line in past.ledger.lines(Log.HISTORY, [b'"delivery":' + as_written(id_)]):
        attempt = read_history(line)
        if attempt is not None and attempt.delivery == id_ and attempt.at >= oldest:
            found.append(attempt)
        if len(found) == MOST_ATTEMPTS:
            break
    return found


async def _digest_of(past: Past, id_: str) -> str:
    """What it went out in, as far as the history reaches; "" where that is not known."""
    async for line in past.ledger.lines(Log.HISTORY, [as_written(id_)]):
        gathered = read_gathered(line)
        if gathered is not None and id_ in gathered.members:
            return gathered.digest
    return ""


def attempt_shown(attempt: HistoryLine) -> dict[str, Any]:
    """One attempt: ``outcome`` is delivered, later, or why it was given up; ``reply`` the first of what was said."""
    return {
        "at": rfc3339(attempt.at),
        "attempt": attempt.attempt,
        "outcome": attempt.outcome,
        "status": attempt.status or None,
        "error": attempt.error,
        "seconds": attempt.seconds,
        "reply": attempt.reply,
    }


def _body(body: bytes) -> Any:
    """Its JSON; text where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")


def _part(content: Any, name: str) -> dict[str, Any]:
    part = content.get(name) if isinstance(content, dict) else None
    return part if isinstance(part, dict) else {}


def _text(content: Any) -> str:
    return content if isinstance(content, str) else ""
