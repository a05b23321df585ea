"""Ids of alerts, notices, deliveries and lanes.

Computed from what a thing is about, so that doing it again, here or elsewhere, gives the same id. URL, secrets,
route path and topic version are in none of them: changing those must not send old news again.
"""

from collections.abc import Iterable

from processors.ids import digest


def alert_id(name: str, topic: str, story: str) -> str:
    """The alert that ``topic`` has ``story``, under the daemon's configured ``name``."""
    return digest("alert", name, topic, story)


def notice_id(alert: str, kind: str, key: str = "") -> str:
    """One thing to say about an alert: kind ``opened``, or ``sources`` with key ``10`` …"""
    return digest("notice", alert, kind, key)


def notice_of(alert: str, keys: Iterable[tuple[str, str]]) -> str:
    """Several things to say about an alert at once; of one thing the same as ``notice_id``."""
    return digest("notice", alert, *(part for pair in keys for part in pair))


def digest_notice(group: str, members: Iterable[str]) -> str:
    """A digest of exactly these deliveries; another set of them is another digest, whatever the time."""
    return digest("digest", group, *sorted(members))


def event_notice(event_type: str, *about: str) -> str:
    """Something that Rasid says of itself: its type, and what tells it from others of that type."""
    return digest("event", event_type, *about)


def delivery_id(receiver: str, notice: str) -> str:
    """One notice for one receiver; it is the ``webhook-id`` of every attempt."""
    return "evt_" + digest("delivery", receiver, notice)


def lane_id(receiver: str, story: str) -> str:
    """What must arrive in order: everything for one receiver about one story.

    Digests and system events have a lane each, under a word that no story's id can be.
    """
    return digest("lane", receiver, story)
