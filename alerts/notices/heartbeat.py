"""The heartbeat of a receiver: one small event for each span of time in which all is well. Pure.

Its id and bytes are made of the receiver and the span, so that whichever process sends it, and however often, it is the
same. An old one is worthless: it waits in no outbox, and is not among the dead letters.
"""

from datetime import timedelta

from alerts.model import Delivery
from alerts.notices.system_event import SystemEvent, delivery_of
from alerts.notices.timestamp import rfc3339
from alerts.receiver import Receiver

TYPE = "system.heartbeat"


def slot_of(now_ms: int, every: timedelta) -> int:
    """The span of time that it is now, counted from 1970: all processes mean the same one."""
    return now_ms // (every // timedelta(milliseconds=1))


def slot_end_ms(slot: int, every: timedelta) -> int:
    """When the next one begins."""
    return (slot + 1) * (every // timedelta(milliseconds=1))


def heartbeat(name: str, receiver: Receiver, every: timedelta, slot: int) -> Delivery:
    """What ``receiver`` hears of the daemon called ``name`` in ``slot``."""
    seconds, next_ms = round(every.total_seconds()), slot_end_ms(slot, every)
    event = SystemEvent(
        type=TYPE,
        about=(name, str(seconds), str(slot)),
        data={"name": name, "every_s": seconds, "next": rfc3339(next_ms)},
        text=f"{name} is well; the next heartbeat follows at {rfc3339(next_ms)}",
    )
    return delivery_of(event, receiver, slot_end_ms(slot - 1, every))
