"""Everything that is watched, compiled into one value: screen an article cheaply, evaluate the candidates."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from processors.matchers.index import PatternIndex, compile_patterns
from processors.matchers.search import Search
from processors.model import MAX_TEXT_CHARS, Article, FieldName, Mention, Pattern, Verdict
from processors.normalize.text import Text, read_text
from processors.topics.asks_names import asks_names
from processors.topics.candidates import Candidates, Clause, may_suffice, suffices
from processors.topics.evaluate.evaluate import Evaluation, Likely, Parts, top_clauses
from processors.topics.evaluate.evidence import evidence
from processors.topics.evaluate.judged import Judged
from processors.topics.evaluate.reading import Reading
from processors.topics.find_leaves import find_exactly, find_roughly
from processors.topics.glance import Glances
from processors.topics.leaves import Leaves
from processors.topics.meter import Meter
from processors.topics.names import NameRefusal, Names
from processors.topics.offices import title_lists, with_offices
from processors.topics.problems import check_loaded
from processors.topics.query.regex.screen import LiteralScreen
from processors.topics.query.tree import Leaf, Query
from processors.topics.repeated import Span
from processors.topics.requirement import Requirements, group_of
from processors.topics.screen import Screen
from processors.topics.sight import Sight
from processors.topics.topic import Loaded, Topic

WHOLE_WORDS_ONLY = frozenset({"fa", "ur", "ckb", "ku", "ps"})
"""Languages in Arabic letters whose words carry no Arabic particles."""


class Watchlist:
    """Made by ``compile_watchlist``; what it answers never changes. Articles in flight keep the one they began with.

    Inside it learns which words are rare (``Candidates``) and remembers words; ``meter`` counts what topics cost.
    """

    def __init__(
        self,
        topics: Mapping[str, Topic],
        names: Names,
        index: PatternIndex,
        screen: Screen,
        leaves: Leaves,
        clauses: Mapping[str, Sequence[Clause]],
        clock: Callable[[], datetime],
        meter: Meter,
        max_text_chars: int,
    ) -> None:
        self.topics = topics
        self.meter = meter
        self._names = names
        self._index = index
        self._screen = screen
        self._leaves = leaves
        self._clauses = clauses
        self._named = len(names.patterns())
        self._enabled = [name for name, topic in topics.items() if topic.file.enabled]
        self._candidates = Candidates([(clauses[name], topics[name].file.threshold) for name in self._enabled])
        self._clock = clock
        self._max_chars = max_text_chars
        self._zones = {zone: ZoneInfo(zone) for zone in {topic.file.timezone for topic in topics.values()}}

    def may_match(self, name: str, article: Article) -> bool:
        """Whether the article is a candidate for one topic, enabled or not."""
        present, _ = self._screen.look(article, self._max_chars)
        return suffices(self._clauses[name], self.topics[name].file.threshold, present)

    @property
    def max_text_chars(self) -> int:
        """So many characters of each field are matched."""
        return self._max_chars

    def match(self, article: Article, repeated: Sequence[Span] = ()) -> tuple[Verdict, ...]:
        """The topics that the article matches, in the order of the files.

        ``repeated`` are paragraphs of its body that its source repeats: no evidence comes from them.
        """
        return self.match_text(article, repeated)[0]

    def match_text(
        self, article: Article, repeated: Sequence[Span] = ()
    ) -> tuple[tuple[Verdict, ...], Mapping[FieldName, Text], Sequence[str]]:
        """The same, its fields as they were read (none where nothing matches), and topics whose words it may have."""
        present, sight = self._screen.look(article, self._max_chars)
        asked = [self._enabled[number] for number in self._candidates.among(present)]
        if not asked:
            return (), {}, ()
        self.meter.start(asked)
        candidates = [name for name in asked if self._may_match(name, sight)]
        self.meter.spent_on(*asked)
        if not candidates:
            return (), {}, asked
        texts = self._texts(article, repeated)
        search = self._index.search(texts, particles=_takes_particles(article))
        self.meter.spent_on(*candidates)
        likely = self._likely(candidates, sight, article, texts, search)
        if not likely:
            return (), {}, asked
        reading = self._read(article, likely, texts, search, sight)
        self.meter.spent_on(*likely)
        verdicts = []
        judged: dict[str, Judged] = {}
        for name in likely:
            held = self.judge(name, reading, judged)
            if self.matches(name, held):
                verdicts.append(Verdict(topic=name, score=held.score, evidence=evidence(held.held, reading)))
            self.meter.spent_on(name)
        return tuple(verdicts), texts if verdicts else {}, asked

    def triggers(self, article: Article) -> Mapping[str, frozenset[int]]:
        """The candidates, and for each the groups of patterns (``group_of``) that made it one."""
        present, sight = self._screen.look(article, self._max_chars)
        asked = {self._enabled[n]: self._candidates.asked_by(n, present) for n in self._candidates.among(present)}
        return {name: frozenset(map(group_of, keys)) for name, keys in asked.items() if self._may_match(name, sight)}

    def group_of(self, leaf: Leaf) -> int | None:
        """The group of patterns of a word, phrase, list or name of a query."""
        return self._leaves.group_of(leaf)

    def _texts(self, article: Article, repeated: Sequence[Span]) -> dict[FieldName, Text]:
        texts: dict[FieldName, Text] = {}
        if article.title:
            texts["title"] = read_text(article.title, max_chars=self._max_chars)
        if article.body:
            texts["body"] = read_text(article.body, max_chars=self._max_chars, repeated=repeated)
        return texts

    def _likely(
        self,
        candidates: Sequence[str],
        sight: Sight,
        article: Article,
        texts: Mapping[FieldName, Text],
        search: Search,
    ) -> Sequence[str]:
        """Candidates that match if every mention that could count does: two in three articles need no closer look."""
        reading = Reading(article, texts, find_roughly(search, self._leaves), self._clock(), sight)
        known: dict[str, bool] = {}
        likely = []
        for name in candidates:
            if self._may_hold(name, reading, known):
                likely.append(name)
            self.meter.spent_on(name)
        return likely

    def _may_match(self, name: str, sight: Sight) -> bool:
        return may_suffice(self._clauses[name], self.topics[name].file.threshold, sight)

    def _may_hold(self, name: str, reading: Reading, known: dict[str, bool]) -> bool:
        def other_may_hold(other: str) -> Parts | None:
            if other not in known:
                known[other] = self._may_hold(other, reading, known)
            return [] if known[other] else None

        evaluation = Likely(reading, self._zone(name), other_may_hold)
        score = 0.0
        for clause in self._clauses[name]:
            if clause.may_hold(reading.sight) and evaluation.holds(clause.query) is not None:
                score += clause.weight
                if score >= self.topics[name].file.threshold:
                    return True
        return False

    def read(
        self, article: Article, texts: Mapping[FieldName, Text] | None = None, repeated: Sequence[Span] = ()
    ) -> Reading:
        """Find every mention in the article that a topic may ask for; ``texts`` are its fields where they were read.

        Nothing is found in ``repeated`` paragraphs of its body.
        """
        texts = self._texts(article, repeated) if texts is None else texts
        search = self._index.search(texts, particles=_takes_particles(article))
        return self._read(article, tuple(self.topics), texts, search, Sight())

    def _read(
        self,
        article: Article,
        topics: Iterable[str],
        texts: Mapping[FieldName, Text],
        search: Search,
        sight: Sight,
    ) -> Reading:
        """Find what ``topics`` may ask for. All names are looked for if they ask for any entity, since a longer name
        decides what a shorter one is not. What cannot hold for what is seen is not looked at."""
        named = (
            self._names.resolve(search.below(self._named), texts, article)
            if asks_names(topics, self.topics, self._leaves)
            else ()
        )
        find = find_exactly(search, named, self._leaves, self._entity_id)
        return Reading(article, texts, find, self._clock(), sight)

    def refusals(
        self, article: Article, texts: Mapping[FieldName, Text]
    ) -> tuple[Callable[[str], Sequence[NameRefusal]], Callable[[Query], Sequence[Mention]]]:
        """Asked for an entity: why mentions of it did not count. Asked for a list: the phrases that it leaves out."""
        search = self._index.search(texts, particles=_takes_particles(article))

        def phrases(leaf: Query) -> Sequence[Mention]:
            return [mention for each in search.mentions(self._leaves.blocks_of(leaf)) for mention in each]

        return self._names.refusals(search.below(self._named), texts, article), phrases

    def entities_of(self, leaf: Query) -> Sequence[str]:
        """The entities that a list holds."""
        return [entity.name for entity in self._leaves.entities_of(leaf)]

    def judge(self, name: str, reading: Reading, judged: dict[str, Judged]) -> Judged:
        """Evaluate one topic; ``judged`` keeps the verdicts on topics that others refer to."""
        if name in judged:
            return judged[name]
        topic = self.topics[name]
        evaluation = self.evaluation(name, reading, judged)
        clauses = tuple(
            (
                clause.query,
                clause.weight,
                evaluation.holds(clause.query) if clause.may_hold(reading.sight) else None,
            )
            for clause in self._clauses[name]
        )
        excluded = evaluation.holds(topic.exclude) if topic.exclude is not None else None
        score = sum(weight for _, weight, parts in clauses if parts is not None)
        judged[name] = Judged(score, clauses, excluded)
        return judged[name]

    def evaluation(self, name: str, reading: Reading, judged: dict[str, Judged]) -> Evaluation:
        """What evaluates the queries of one topic on one article."""

        def holds(other: str) -> Parts | None:
            verdict = self.judge(other, reading, judged)
            return verdict.held if self.matches(other, verdict) else None

        return Evaluation(reading, self._zone(name), holds)

    def matches(self, name: str, judged: Judged) -> bool:
        """Whether what was judged is a match: a clause holds, the score suffices, nothing excludes it."""
        held = any(parts is not None for _, _, parts in judged.clauses)
        return held and judged.score >= self.topics[name].file.threshold and judged.excluded is None

    def _zone(self, name: str) -> ZoneInfo:
        return self._zones[self.topics[name].file.timezone]

    def _entity_id(self, name: str) -> str:
        found = self._names.find(name)
        return found.id if found is not None else ""


def _takes_particles(article: Article) -> bool:
    return article.lang.lower().split("-")[0] not in WHOLE_WORDS_ONLY


def compile_watchlist(
    loaded: Loaded,
    names: Names,
    *,
    clock: Callable[[], datetime],
    timer: Callable[[], float] = float,
    max_text_chars: int = MAX_TEXT_CHARS,
) -> Watchlist:
    """Resolve and compile. Raises ``InvalidInput`` that lists every problem of every topic and list.

    ``timer`` tells seconds to the watchlist's ``meter``. Only the first ``max_text_chars`` characters of each field are
    matched.
    """
    written, lists = check_loaded(loaded, names)
    leaves = Leaves({**lists, **title_lists()}, names)
    topics = {name: with_offices(topic, lists, names) for name, topic in written.items()}
    for topic in topics.values():
        leaves.add(topic)
    patterns: Sequence[Pattern] = leaves.patterns

    required = Requirements(leaves.group_of, lambda name: topics[name].match)

    def compiled(query: Query, weight: float) -> Clause:
        return Clause(query, weight, required.of(query))

    clauses = {name: tuple(compiled(*each) for each in top_clauses(topic.match)) for name, topic in topics.items()}
    keys = {key for each in clauses.values() for clause in each for key in clause.need.every_key()}
    screened = {group_of(key) for key in keys}
    groups = leaves.groups(screened)
    named = len(names.patterns())
    relevant = names.relevant(leaves.watched_below(named))
    index = compile_patterns(patterns, groups, lambda number: number >= named or number in relevant)
    if index.tells_places:
        glances = Glances(leaves.group_of, screened)
        for name, of in clauses.items():
            clauses[name] = tuple(clause._replace(glance=glances.of(clause.query)) for clause in of)
    literals = LiteralScreen(leaves.literals(screened))
    screen = Screen(index, literals, {group_of(key) for key in keys if key != group_of(key)})
    return Watchlist(topics, names, index, screen, leaves, clauses, clock, Meter(timer), max_text_chars)
