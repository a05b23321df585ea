"""What each topic costs beyond the look that all topics share. Time is an argument, as everywhere here."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence


class Meter:
    """Adds up seconds by topic: those spent on one topic, and an equal part of what is done for several at once."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._since = 0.0
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.candidates: Counter[str] = Counter()
        """Articles that were looked at for a topic."""

    def start(self, candidates: Sequence[str]) -> None:
        """The closer look at one article begins."""
        self.candidates.update(candidates)
        self._since = self._now()

    def spent_on(self, *topics: str) -> None:
        """What was done since the last call was done for these."""
        now = self._now()
        for topic in topics:
            self.seconds[topic] += (now - self._since) / len(topics)
        self._since = now

    def drain(self) -> Mapping[str, float]:
        """The seconds since the last call, by topic."""
        seconds, self.seconds = self.seconds, defaultdict(float)
        return seconds
