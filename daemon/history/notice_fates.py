"""What was told, and what became of it: waiting for what and until when, gone out by itself or in which digest, where
that stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from alerts.ids import delivery_id
from alerts.ledger.ledger import Fate, Log, State
from alerts.notices.timestamp import rfc3339
from alerts.outbox.history_line import HistoryLine, read_gathered, read_history
from alerts.withholding import Withheld
from daemon.history.decision_line import Decision, Told, as_written
from daemon.history.past import Past

MOST_DELIVERIES = 500
"""Whose state is looked up: the newest."""

MOST_ATTEMPTS = 20
"""Deliveries whose last attempt is looked for in the history, the newest: each costs the store 0.1 µs a line."""


@dataclass(frozen=True, slots=True)
class _Known:
    """Of deliveries, by their ids; of digests that they went out in, too."""

    fates: Mapping[str, Fate]
    ends: Mapping[str, HistoryLine]  # the last attempt of each
    digests: Mapping[str, str]  # delivery → the digest that it went out in


async def notices_of(past: Past, decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """What was told, in order, and what became of it, for decisions given newest first."""
    told = [(decision, each) for decision in reversed(decisions) for each in decision.told]
    ids = [delivery_id(name, each.notice) for _, each in told for name in (*each.to, *each.later)][-MOST_DELIVERIES:]
    known = await _known(past, ids)
    return [
        {
            "topic": each.topic,
            "alert": each.alert,
            "notice": each.notice,
            "reason": each.reason,
            "at": rfc3339(decision.at),
            "article": decision.article,
            **_receivers(each, known),
        }
        for decision, each in told
    ]


async def _known(past: Past, ids: Sequence[str]) -> _Known:
    fates = await past.ledger.fates(ids)
    ends, gathered = await _history(past, ids[-MOST_ATTEMPTS:])
    digests = gathered | {id_: fate.digest for id_, fate in fates.items() if fate.digest}
    if not digests:
        return _Known(fates, ends, {})
    of_digests = await past.ledger.fates(list(dict.fromkeys(digests.values())))
    ends_of_digests, _ = await _history(past, list(of_digests)[-MOST_ATTEMPTS:])
    return _Known({**fates, **of_digests}, {**ends, **ends_of_digests}, digests)


def _receivers(told: Told, known: _Known) -> dict[str, Any]:
    """Who gets it and how far that is, and who does not: decided at once, or when it was its turn."""
    withheld = [{"receiver": kept.receiver, "why": kept.why, "by": kept.by, "at": None} for kept in told.withheld]
    receivers = []
    for name in (*told.to, *told.later):
        fate = known.fates.get(delivery_id(name, told.notice))
        if fate is not None and fate.state is State.WITHHELD:
            withheld.append({"receiver": name, "why": fate.reason, "by": fate.by, "at": _moment(fate.since_ms)})
        else:
            receivers.append(_receiver(name, told, known))
    return {"receivers": receivers, "withheld": withheld}


def _receiver(name: str, told: Told, known: _Known) -> dict[str, Any]:
    id_ = delivery_id(name, told.notice)
    digest, own = known.digests.get(id_, ""), known.fates.get(id_, Fate(State.UNKNOWN))
    fate, end = known.fates.get(digest, own), known.ends.get(digest or id_)
    return {
        "receiver": name,
        "delivery": id_,
        "state": fate.state.value,
        "digest": bool(digest) or (name in told.later and name not in dict(told.waits)),
        "digest_id": digest or None,
        "waits_for": own.wait or None,
        "until": _moment(own.until_ms),
        "attempts": end.attempt if end is not None else fate.attempts,
        "reason": fate.reason,
        "since": _moment(fate.since_ms),
        "at": rfc3339(end.at) if end is not None else None,
        "status": end.status if end is not None else None,
        "error": end.error if end is not None else "",
    }


def _moment(at_ms: int) -> str | None:
    return rfc3339(at_ms) if at_ms else None


def withheld_words(withheld: Withheld) -> str:
    """``muted for desk (nights)``."""
    return f"{withheld.why} for {withheld.receiver} ({withheld.by})"


async def _history(past: Past, ids: Iterable[str]) -> tuple[Mapping[str, HistoryLine], dict[str, str]]:
    """The last attempt of each delivery that the bounded history still holds, and the digest that it went out in."""
    asked = set(ids)
    last: dict[str, HistoryLine] = {}
    digests: dict[str, str] = {}
    if not asked:
        return last, digests
    async for line in past.ledger.lines(Log.HISTORY, [as_written(each) for each in sorted(asked)]):
        if (attempt := read_history(line)) is not None:
            last.setdefault(attempt.delivery, attempt)
        elif (gathered := read_gathered(line)) is not None:
            for member in asked.intersection(gathered.members):
                digests.setdefault(member, gathered.digest)
        if len(last.keys() | digests.keys()) == len(asked):
            break
    return last, digests
