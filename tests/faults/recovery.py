"""How long it takes until alerts arrive again. Pure."""

import statistics
from collections.abc import Iterable, Mapping, Sequence

from tests.faults.check import opener_of
from tests.faults.ledger import Published, Receipt


def recovery_seconds(restarts: Sequence[float], receipts: Sequence[Receipt]) -> list[float]:
    """From each restart to the first request that reached the receiver after it; at most to the next restart."""
    arrivals = sorted(receipt.at for receipt in receipts)
    recovered = []
    for restart, following in zip(restarts, [*restarts[1:], float("inf")], strict=True):
        after = next((at for at in arrivals if at >= restart), None)
        if after is not None and after < following:
            recovered.append(after - restart)
    return recovered


class Arrivals:
    """Tells when what was published to each partition from some moment on began to arrive."""

    def __init__(self) -> None:
        self._published: dict[str, Published] = {}
        self._accepted: list[tuple[float, Published]] = []
        self._unknown: list[Receipt] = []
        self.partitions: dict[int, float] = {}  # when the first record in each was acknowledged

    def add(self, published: Iterable[Published], receipts: Iterable[Receipt]) -> None:
        """What came since the last time."""
        for each in published:
            if each.url:
                self._published[each.url] = each
                self.partitions.setdefault(each.partition, each.at)
        # An alert may arrive before the producer has written down that its article was acknowledged.
        unknown, self._unknown = [*self._unknown, *receipts], []
        for receipt in unknown:
            if not receipt.accepted:
                continue
            if (said := self._published.get(opener_of(receipt))) is None:
                self._unknown.append(receipt)
            else:
                self._accepted.append((receipt.at, said))

    def since(self, moment: float) -> float | None:
        """When alerts of articles published from ``moment`` on had arrived from every partition; None: not yet."""
        first: dict[int, float] = {}
        for at, said in reversed(self._accepted):
            if at < moment:
                break
            if said.at >= moment:
                first[said.partition] = min(at, first.get(said.partition, at))
        there = {partition for partition, began in self.partitions.items() if began <= moment}
        return max(first.values()) if first and first.keys() >= there else None


def summary(seconds: Mapping[str, Sequence[float]]) -> list[str]:
    """Rows of a Markdown table: kind, how many were measured, median, longest."""
    rows = []
    for kind, times in seconds.items():
        rows.append(f"| {kind} | {len(times)} | {statistics.median(times):.2f} | {max(times):.2f} |")
    return rows
