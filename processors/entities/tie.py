"""What an entity is to another, and whether it was so on a day."""

from dataclasses import dataclass
from datetime import date

from processors.model import Role

CAPITAL = "capital"


@dataclass(frozen=True, slots=True)
class Tie:
    """A city that speaks for a country, or somebody who holds an office of it."""

    entity: str
    of: str
    role: str  # as written in the file: president, capital …
    start: date | None
    end: date | None
    status: str
    side: str = ""

    def role_on(self, day: date | None) -> Role | None:
        """Through what a mention speaks of the other; None before the period, when nobody knew of it.

        The first and the last day belong to it. Without a day every holder counts.
        """
        if self.role == CAPITAL:
            return Role.CAPITAL
        if day is None:
            return Role.LEADER
        if self.start is not None and day < self.start:
            return None
        return Role.LEADER if self.end is None or day <= self.end else Role.FORMER
