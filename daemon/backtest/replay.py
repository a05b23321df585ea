"""An archive taken past topics in event time, article by article, by the code that decides in the daemon.

What is told, and under which ids, is what a daemon of the same ``name`` would have told that had read the same
articles in the same order and remembered a story window of them. Nothing is sent or kept.
"""

from datetime import UTC, datetime

from alerts.admission.admission import RecordEffects
from alerts.notices.digest import Weight
from daemon.effects import effects_of
from daemon.history.decision_line import Decision, read_decision
from daemon.look import look_at
from daemon.sources.source import Record
from daemon.watch import Watch
from processors.model import Article
from processors.stories.event_time import event_time, milliseconds
from processors.stories.group import MAX_ROWS, DayBuckets
from processors.stories.memory import StoryMemory, Write, questions
from processors.topics.repeated import RepeatedParagraphs

_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class Replay:
    """One set of topics and what it remembers of an archive. Articles go in as they were recorded."""

    def __init__(self, watch: Watch, *, now: datetime, max_rows: int = MAX_ROWS) -> None:
        """``now`` is the time of the run: nothing in an archive is later. An article without a date takes the time of
        the one before it."""
        self._watch = watch
        self._config = watch.loaded.config
        self._now = now
        self._clock = _BEFORE_ALL
        self._offset = -1
        self._repeated = RepeatedParagraphs()
        self.weights: dict[str, Weight] = {}  # of stories that were told of, as they stand
        self.effects: RecordEffects | None = None  # of the last article
        self.now_ms = 0  # when it arrived
        self._store = DayBuckets(max_rows=max_rows, min_days=2 * (self._config.stories.window.days + 2))

    def step(self, article: Article) -> tuple[datetime, Decision | None]:
        """When the article happened, and what it led to; None where no topic concerns it."""
        self._offset += 1
        arrival = self._arrival(article)
        now_ms = self.now_ms = milliseconds(arrival)
        self.effects = None
        record = Record(self._offset, None, appended_ms=now_ms)
        looked_at = look_at(article, record, self._watch, self._repeated, now_ms=now_ms)
        if (matched := looked_at.matched) is None:
            return event_time(article, arrival), None
        window = self._config.stories.window
        memory = StoryMemory()
        for question in questions([(article, matched.fingerprint, matched.event_time)], window, arrival):
            memory.learn(self._store.answer(question))
        led_to = effects_of(matched, memory, self._watch, name=self._config.name, window=window, now_ms=now_ms)
        self._store.write(Write(each.day, each.field, each.row) for each in led_to.effects.memory)
        decision, self.effects = read_decision(led_to.effects.decision), led_to.effects
        if decision is not None and (row := memory.story(decision.story)) is not None:
            self.weights[decision.story] = Weight(row.articles, row.independent_sources)
        return matched.event_time, decision

    def _arrival(self, article: Article) -> datetime:
        """An archive tells no arrivals: an article arrives when it is published, or later, when its turn comes."""
        moment = event_time(article, self._now)
        if moment == self._now:  # no date that can be believed
            return self._now if self._clock == _BEFORE_ALL else self._clock
        self._clock = max(self._clock, moment)
        return self._clock
