"""Every key that Rasid keeps in Redis, its type, and what is in it.

All keys share one hash tag, the daemon's ``name``: one script may touch them all, also on a Cluster, where they
live on one node (failover, not scale; a name per tenant scales). No key is built inside a script.

| key ``rasid:{name}:…`` | type | holds |
|---|---|---|
| ``layout`` | string | the version of this table; another version is refused, never guessed at |
| ``incarnation`` | string | drawn when the store is found empty: a wiped Redis is another incarnation |
| ``checkpoints`` | hash | partition → next offset whose effects are not yet here |
| ``unfinished`` | sorted set, scores 0 | ``partition NUL offset(20) NUL delivery``: the first that each needs |
| ``pins`` | hash | delivery, pending, ready, or dead and not yet ``kept`` → its members of ``unfinished``, msgpack |
| ``version`` | string | token of the story memory; changes with each batch that writes to it |
| ``memory:<day>`` | hash | rows of the story memory by day of event time; expires (``MEMORY_KEEP``) |
| ``deliveries`` | hash | delivery → its constant bytes, msgpack; present exactly while unfinished |
| ``pending`` | hash | delivery → its line of a digest to come, msgpack; present exactly while pending |
| ``amended`` | hash | pending delivery whose alert was corrected → notice of that, NUL, what its digest shows instead |
| ``pending:<group>`` | sorted set | delivery → when it became pending, ms; that of a backlog is its receiver |
| ``backlog`` | hash | receiver → the pending deliveries of its backlog |
| ``groups`` | sorted set | group that a route paces → when the first of it is due, ms; present while any is pending |
| ``group_told`` | sorted set | group → when it was last told, ms; kept ``GROUP_KEEP`` |
| ``throttles`` | hash | receiver and topic → end of the slot, ms, and deliveries told in it by severity |
| ``digests`` | hash | digest → the deliveries it stands for, msgpack; present exactly while unfinished |
| ``digested`` | hash | each of these → its digest |
| ``told`` | sorted set | every delivery ever added → when, ms; kept ``MEMORY_KEEP``: nothing is added twice |
| ``withheld`` | hash | what waited and was not told → ms, why, by what, with spaces between; kept ``MEMORY_KEEP`` |
| ``withheld_times`` | sorted set | the same → when that was, ms |
| ``ready`` | sorted set | delivery → when it became ready, ms |
| ``sequence`` | integer | order of admission |
| ``queue`` | sorted set, scores 0 | ``lane NUL sequence(20) NUL delivery``: the head of a lane is its first member |
| ``due:<receiver>`` | sorted set | lane → when its head is due, ms; a lease moves it forward |
| ``urgent`` | set | lanes with something urgent, until nothing in them is unfinished |
| ``leases`` | hash | lane → ``instance NUL receiver`` |
| ``attempts`` | hash | delivery → attempts that failed |
| ``not_before`` | hash | delivery → when it may be tried again, where its lane is due earlier to park it |
| ``parked`` | hash | delivery → the lane that it left (empty for a replay) |
| ``gaps`` | hash | lane → how many of its deliveries are parked |
| ``receivers`` | hash | receiver → unfinished deliveries |
| ``failing`` | hash | receiver → first and last failure since it last worked, ms, and how many, with spaces between |
| ``rate:<receiver>`` | sorted set | ``ms NUL delivery`` → when it was lent, ms; for a span of its ``rate``, expires |
| ``disabled`` | hash | receiver → why it is not called any more |
| ``beats`` | hash | receiver → the last span of time that a process took upon itself to send its heartbeat for |
| ``dead`` | hash | delivery → reason, attempts, ms, bytes, with spaces between |
| ``dead_times`` | sorted set | delivery → when it died, ms; kept ``history.keep`` |
| ``sent`` | hash | delivery that arrived → status, attempts, ms, bytes, with spaces between; bounded |
| ``sent_times`` | sorted set | the same → when it arrived, ms; the newest of the last ``history.keep`` |
| ``replays:<receiver>`` | sorted set | delivery that waits for its turn to be sent again → when that was asked, ms |
| ``replaying:<receiver>`` | set | those that were put back into the queue, some of them finished since |
| ``replay_receivers`` | set | receivers of which one of the two may hold something |
| ``kept`` | set | deliveries, parked or dead, that the parked topic holds |
| ``to_keep`` | sorted set | delivery that the parked topic must be told of → since when, ms |
| ``restored`` | string | the parked topic that was put back into this store, all of it |
| ``outcomes`` | hash | outcome → records; ``skipped:<reason>`` → offsets |
| ``decisions`` | stream | a line per matched record, bounded |
| ``misses`` | stream | a line per article that has a topic's words and does not match, or that is none; bounded |
| ``alerts`` | stream | a line per notice, as the API shows it, bounded; its ids are the cursors of the API |
| ``seen`` | string | a mark of 12 bytes per article read, newest last; bounded |
| ``seen_before`` | string | those of before, once ``seen`` was full |
| ``silences`` | hash | silence → what it says, msgpack; those that are over are kept ``history.keep`` |
| ``silence_ends`` | sorted set | silence → its end, ms |
| ``silences_version`` | string | changes with each silence that is added or ended |
| ``tokens`` | hash | SHA-256 of a token of the API → its name, scopes and times, msgpack |
| ``token_names`` | hash | name of a token → its SHA-256 |
| ``verdicts`` | hash | alert → the last verdict on it, msgpack; the latest 10,000 |
| ``verdict_times`` | sorted set | alert → when that was, ms |
| ``verdict_counts`` | hash | ``topic NUL verdict`` → how many |
| ``history`` | stream | a line per attempt, kept ``history.keep``, and bounded |
"""

from dataclasses import dataclass
from datetime import timedelta

LAYOUT = "2"
"""Raised when a release reads or writes these keys differently; the release notes then say how to move."""

MEMORY_KEEP = timedelta(hours=72 + 76 + 24)
"""How long a day of the story memory outlives its last write: the widest story window (72 h), the whole retry
schedule (76 h), and a day for a replay. Shorter, and a replay could open an old story as new."""

GROUP_KEEP = timedelta(hours=24)
"""The longest ``group_interval``."""

DECISIONS_KEPT = 50_000
"""Lines of the decision log, about 1 kB each and never over 4: the articles that topics concerned in two weeks, where
those are 3 % of 100,000 a day."""

MISSES_KEPT = 10_000
"""Lines of the log of misses, 3 kB each with the packed text, so that it can be explained: a day of 100,000 articles,
of which one in ten has a topic's words and does not match."""

ALERTS_KEPT = 10_000
"""Lines of the log of alerts, 2 kB each and never over 8: what a busy desk is told in a month."""

SEEN_BYTES = 6_000_000
"""At which the marks of articles seen begin anew, the last so many being kept beside: half a million articles at
least, a million at most."""

HISTORY_KEPT = 100_000
"""Lines of the attempt history: 200 bytes each, and up to 2 kB where receivers say much."""

DELIVERED_KEPT = 20_000
"""Deliveries that arrived and are kept, the default of ``history.deliveries``: 80 MB at the 4 kB of an alert."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of the daemon called ``name``."""

    name: str

    def key(self, what: str) -> str:
        """The full key of one row of the table above."""
        return f"rasid:{{{self.name}}}:{what}"

    def memory(self, day: str) -> str:
        """The bucket of the story memory for a day of event time."""
        return self.key(f"memory:{day}")

    def due(self, receiver: str) -> str:
        """The lanes of one receiver."""
        return self.key(f"due:{receiver}")

    def rate(self, receiver: str) -> str:
        """What was lent of one receiver's deliveries lately."""
        return self.key(f"rate:{receiver}")

    def pending(self, group: str) -> str:
        """What waits to be told together."""
        return self.key(f"pending:{group}")

    def replays(self, receiver: str) -> str:
        """What one receiver is to be sent again, and waits for its turn."""
        return self.key(f"replays:{receiver}")

    def replaying(self, receiver: str) -> str:
        """What one receiver is being sent again."""
        return self.key(f"replaying:{receiver}")
