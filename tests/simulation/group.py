"""The group that the processes are members of: who may read which partition, and who has heard of it."""

import random

from daemon.sources.memory_source import MemoryLog, MemorySource


class Group:
    """Gives out partitions. A member that has not heard yet goes on with what it had: a zombie."""

    def __init__(self, log: MemoryLog, chance: random.Random) -> None:
        self.members: dict[str, MemorySource] = {}
        self.unheard: dict[str, dict[str, int]] = {}  # member → what is its own now
        self.log = log
        self._chance = chance
        self._number = 0

    def join(self, name: str) -> MemorySource:
        """A new process: the partitions are given out anew."""
        self.members[name] = source = MemorySource(self.log, grows=True)
        self.rebalance()
        return source

    def leave(self, name: str) -> None:
        """It died. Its partitions stay with it until the next rebalance."""
        del self.members[name]
        self.unheard.pop(name, None)

    def rebalance(self) -> dict[str, dict[str, int]]:
        """Every partition to some member: to one all, to another none, as it comes."""
        self._number += 1
        names = list(self.members)
        self.unheard = {name: {} for name in names}
        if names:
            for partition in self.log.records:
                self.unheard[self._chance.choice(names)][partition] = self._number
            self.log.assign(dict.fromkeys(self.log.records, self._number))
        return {name: dict(share) for name, share in self.unheard.items()}

    def hear(self, name: str) -> None:
        """The member learns what became of it."""
        if (share := self.unheard.pop(name, None)) is not None:
            self.members[name].assign(share)

    def zombies(self) -> list[str]:
        """Members that believe in partitions that are not theirs any more."""
        return [name for name in self.unheard if self.members[name].assigned()]
