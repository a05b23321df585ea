"""Articles placed as the daemon places them: asked for, decided, written, a batch at a time."""

from collections.abc import Sequence
from datetime import datetime

from processors.model import Article
from processors.stories.decide import Placement, decide
from processors.stories.event_time import event_time
from processors.stories.fingerprint import fingerprint
from processors.stories.group import DayBuckets
from processors.stories.memory import WINDOW, StoryMemory, questions


class Reader:
    """One story memory that forgets nothing."""

    def __init__(self) -> None:
        self.store = DayBuckets(min_days=10_000)

    def read(self, article: Article, arrival: datetime) -> Placement:
        """One article, a batch by itself."""
        return self.read_batch([(article, arrival)])[0]

    def read_batch(self, batch: Sequence[tuple[Article, datetime]]) -> list[Placement]:
        """Several, asked for together as of the last arrival."""
        items = [(article, fingerprint(article), event_time(article, arrival)) for article, arrival in batch]
        memory, placed = StoryMemory(), list[Placement]()
        for question in questions(items, WINDOW, batch[-1][1]):
            memory.learn(self.store.answer(question))
        for (article, print_, moment), (_, arrival) in zip(items, batch, strict=True):
            placed.append(decide(article, print_, moment, memory, name="rasid", window=WINDOW, arrival=arrival))
        self.store.write(write for each in placed for write in each.writes)
        return placed
