"""How many alerts each topic opened in each of the last hours, of the log of alerts: for small charts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from alerts.ledger.alert_log import AlertLog
from alerts.notices.timestamp import rfc3339

HOURS = 24
HOUR_MS = 3_600_000

KEPT_MS = 10_000
"""For which an answer is given again: everybody who looks at a page asks for it."""

_LATE_MS = 60_000
"""By which processes may differ in what time it is: so far the log is looked at beyond its end."""


class _Topic(msgspec.Struct):
    id: str


class _Line(msgspec.Struct):
    """What is read of a line: a twentieth of the time that all of it would take."""

    at: str
    reason: str
    topic: _Topic


_decoder = msgspec.json.Decoder(_Line)


class AlertVolume:
    """Counts once for all who ask within ``KEPT_MS``."""

    def __init__(self) -> None:
        self._counted_ms = -KEPT_MS
        self._counts: Mapping[str, Sequence[int]] = {}

    async def by_hour(self, log: AlertLog, now_ms: int) -> Mapping[str, Sequence[int]]:
        """Topic → alerts opened in each of the last ``HOURS`` whole hours of the clock, the present one last."""
        if not 0 <= now_ms - self._counted_ms < KEPT_MS:
            self._counts, self._counted_ms = await _count(log, now_ms), now_ms
        return self._counts


async def _count(log: AlertLog, now_ms: int) -> Mapping[str, Sequence[int]]:
    first_hour = now_ms // HOUR_MS - HOURS + 1
    # Moments are written alike, so that they compare as texts, and an hour is the beginning of one.
    hours = {rfc3339((first_hour + step) * HOUR_MS)[:13]: step for step in range(HOURS)}
    oldest = rfc3339(first_hour * HOUR_MS - _LATE_MS)
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0] * HOURS)
    before = ""
    while True:
        page = await log.older(before, [b'"reason":"opened"'])
        for entry in page.entries:
            line = _decoder.decode(entry.line)
            if line.at < oldest:
                return counts
            if line.reason == "opened" and (step := hours.get(line.at[:13])) is not None:
                counts[line.topic.id][step] += 1
        if not page.next:
            return counts
        before = page.next
