"""Verdicts in plain memory, held to the same contract as those in Redis."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence

from alerts.verdicts.verdict import MOST_VERDICTS, Says, Verdict
from alerts.verdicts.verdicts import Counts


class MemoryVerdicts:
    """``Verdicts``. Never waits."""

    def __init__(self) -> None:
        self._kept: dict[str, Verdict] = {}

    async def put(self, verdict: Verdict) -> None:
        self._kept[verdict.alert] = verdict
        newest = sorted(self._kept.values(), key=_order, reverse=True)[:MOST_VERDICTS]
        self._kept = {each.alert: each for each in newest}

    async def newest(self, count: int) -> Sequence[Verdict]:
        return sorted(self._kept.values(), key=_order, reverse=True)[:count]

    async def judged(self, alerts: Sequence[str]) -> Collection[str]:
        return self._kept.keys() & alerts

    async def counts(self) -> Counts:
        found: defaultdict[str, Counter[Says]] = defaultdict(Counter)
        for each in self._kept.values():
            found[each.topic][each.says] += 1
        return found


def _order(verdict: Verdict) -> tuple[int, str]:
    return verdict.at_ms, verdict.alert
