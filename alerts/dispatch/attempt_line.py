"""The log's line of a request to a receiver, with the ids that lead on: of the delivery, its alert, its story."""

from typing import Any

import msgspec

from alerts.logger import Logger
from alerts.model import Attempt, Leased


class _Named(msgspec.Struct, frozen=True):
    id: str = ""


class _Data(msgspec.Struct, frozen=True):
    alert: _Named = _Named()
    story: _Named = _Named()


class _Body(msgspec.Struct, frozen=True):
    """Of an alert's event. A digest and what Rasid says of itself are about no one alert."""

    data: _Data = _Data()


def tell_attempt(log: Logger, leased: Leased, attempt: Attempt) -> None:
    """One line, whatever came of it; no text of the answer and no address is in it."""
    log.info(
        "delivery_attempt",
        **ids_of(leased.delivery.body),
        delivery=leased.delivery.id,
        receiver=leased.delivery.receiver,
        type=leased.delivery.type,
        attempt=leased.attempt,
        reply=attempt.reply.value,
        status=attempt.status,
        seconds=round(attempt.seconds, 3),
        **in_trace(leased.delivery.trace),
    )


def in_trace(traceparent: str) -> dict[str, str]:
    """The trace's id, where there is a trace."""
    return {"trace": traceparent[3:35]} if traceparent else {}


def ids_of(body: bytes) -> dict[str, Any]:
    """The alert's and the story's, where the body is about one."""
    try:
        data = msgspec.json.decode(body, type=_Body).data
    except msgspec.DecodeError:
        return {}
    return {name: named.id for name, named in (("alert", data.alert), ("story", data.story)) if named.id}
