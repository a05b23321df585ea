"""What is watched, and who is told: everything that a reload replaces, in one value that never changes."""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.facts import EntityNames, TopicFacts
from alerts.receiver import Receiver, Route
from daemon.config_load import Loaded
from processors.topics.watchlist import Watchlist


@dataclass(frozen=True, slots=True)
class Watch:
    """One consistent set. A batch sees one set from its first record to its last."""

    loaded: Loaded
    watchlist: Watchlist
    topics: Mapping[str, TopicFacts]
    entities: Mapping[str, EntityNames]

    @property
    def receivers(self) -> Mapping[str, Receiver]:
        """Who can be told."""
        return self.loaded.receivers

    @property
    def route(self) -> Route:
        """Who is told what."""
        return self.loaded.route
