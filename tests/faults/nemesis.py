"""A seeded plan of kills. Pure: which part, after how long, and whether it may first come back to its feet."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Victim(StrEnum):
    DAEMON = "daemon"
    SERVER = "server"
    SERVER_TWICE = "server twice"  # the second time while it is coming back, where the first left a torn log
    SERVER_THEN_DAEMON = "server, then daemon"

    @property
    def kills(self) -> int:
        return 1 if self in (Victim.DAEMON, Victim.SERVER) else 2


@dataclass(frozen=True, slots=True)
class Blow:
    victim: Victim
    after_seconds: float  # from the moment before
    between_seconds: float  # of two kills in a row
    when_ready: bool  # otherwise at any moment of its start, too


def plan(seed: int, kills: int) -> Iterator[Blow]:
    """Blows of at least ``kills`` kills in all, daemon and server in turn."""
    chance, done, turn = random.Random(seed), 0, 0
    while done < kills:
        servers = [Victim.SERVER, Victim.SERVER, Victim.SERVER_TWICE, Victim.SERVER_THEN_DAEMON]
        victim = chance.choice(servers) if turn % 2 else Victim.DAEMON
        yield Blow(victim, chance.uniform(0.0, 1.2), chance.uniform(0.0, 0.3), chance.random() < 0.75)
        done += victim.kills
        turn += 1
