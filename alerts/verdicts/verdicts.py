"""Where verdicts are kept, for all processes of one name."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from alerts.verdicts.verdict import Says, Verdict

Counts = Mapping[str, Mapping[Says, int]]
"""Verdicts kept: topic → what they say → how many."""


class Verdicts(Protocol):
    """Raises ``Unavailable``."""

    async def put(self, verdict: Verdict) -> None:
        """Keep it in place of an earlier one on the same alert. Of more than ``MOST_VERDICTS`` the oldest go."""
        ...

    async def newest(self, count: int) -> Sequence[Verdict]:
        """The last ones first."""
        ...

    async def judged(self, alerts: Sequence[str]) -> Collection[str]:
        """Those of the alerts that a verdict is kept on."""
        ...

    async def counts(self) -> Counts:
        """Of all that are kept."""
        ...
