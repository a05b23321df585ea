"""What happens to one batch of records: READ THIS FIRST.

Pure decisions, then one write. Articles that no topic concerns cost a decode and a screening, and never touch Redis
but as a number. Everything here may be done again after a crash and changes nothing the second time.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence

import msgspec

from alerts.admission.admission import Admission, Admitted, Answer, Batch, RecordEffects
from alerts.errors import Unavailable
from alerts.model import Outcome
from alerts.routing.routing import repeats
from alerts.silences.silence import Silence
from daemon.effects import effects_of
from daemon.history.noted import Noting
from daemon.history.past import judged_of
from daemon.history.told_line import tell_of
from daemon.look import look_at
from daemon.metrics.metrics import Metrics
from daemon.recall import recall
from daemon.sources.dead_letters import DeadLetters, Limit, Rejected
from daemon.sources.decode import Decoder, is_tombstone
from daemon.sources.source import Fetched, Record
from daemon.tracing.record_spans import RecordSpans, no_spans
from daemon.under_way import Decided, Read
from daemon.watch import Watch
from processors.errors import InvalidArticle
from processors.stories.event_time import Dated
from processors.topics.repeated import RepeatedParagraphs

YIELD_SECONDS = 0.020
"""The loop also sends webhooks and answers health checks: nobody waits longer than this for us."""

BIG_BYTES = 32 * 1024
"""A record over this is read in a thread: alone it could take longer than ``YIELD_SECONDS``. The interpreter lets
other threads run every 5 ms, so the loop goes on meanwhile. Real articles are a tenth of it."""

TRIES = 20
"""Another process changes the memory of stories now and then, not twenty times in a row."""


class Pipeline:
    """Takes batches of one source to the store."""

    def __init__(
        self,
        *,
        name: str,
        decoder: Decoder,
        watch: Callable[[], Watch],
        admission: Admission,
        dead_letters: DeadLetters,
        limit: Limit,
        metrics: Metrics,
        now_ms: Callable[[], int],
        new_version: Callable[[], str],
        admitted: Callable[[], None],
        repeated: RepeatedParagraphs | None = None,
        silences: Callable[[], Sequence[Silence]] = tuple,
        judged: Callable[[Sequence[str]], Awaitable[Collection[str]]] = lambda alerts: judged_of(None, alerts),
        waits: Callable[[], None] = lambda: None,
        told: Callable[[Sequence[RecordEffects]], None] = tell_of,
        spans: Callable[[str], RecordSpans] = no_spans,
    ) -> None:
        """``admitted`` is called when something is ready, ``waits`` when something is pending. ``judged``: which
        of some alerts somebody has judged. ``spans``: those of a batch of a partition."""
        self._name = name
        self._decoder = decoder
        self._watch = watch
        self._admission = admission
        self._dead_letters = dead_letters
        self._limit = limit
        self._metrics = metrics
        self._now_ms = now_ms
        self._new_version = new_version
        self._admitted = admitted
        self._repeated = RepeatedParagraphs() if repeated is None else repeated
        self._silences = silences
        self._judged = judged
        self._waits = waits
        self._told = told
        self._spans = spans
        self._noting = Noting(decoder.names)
        self._read_to: dict[str, int] = {}  # partition → offset behind the last record ever read
        self._set_aside: dict[str, int] = {}  # partition → offset behind the last dead letter kept
        self._told_again: dict[str, set[str]] = {}  # partition → alerts counted while it is read again

    async def process(self, fetched: Fetched, incarnation: str, known_below: int = 0) -> Admitted:
        """Take one batch to the store. Raises ``Unavailable``: the same batch may be processed again.

        Records below ``known_below`` were in the store before it lost them: their alerts may be told again.
        """
        watch = self._watch()  # one set of topics and routes for the whole batch
        read = await self._read(fetched, watch)
        await self._keep_dead_letters(fetched, read)
        started = time.monotonic()
        for _ in range(TRIES):
            decided = await self._decide(read, watch)
            self._count_again(fetched, decided, known_below)
            read.spans.admitting()
            admitted = await self._admission.admit(
                Batch(
                    incarnation=incarnation,
                    partition=fetched.partition,
                    a=fetched.a,
                    b=fetched.b,
                    version=decided.version,
                    next_version=self._new_version(),
                    now_ms=self._now_ms(),
                    records=decided.effects,
                    seen=read.noted.seen(self._now_ms()),
                )
            )
            self._metrics.admits.labels(admitted.answer.value).inc()
            if admitted.answer is not Answer.RETRY:
                break
        else:
            raise Unavailable("the memory of stories keeps changing under us")
        if admitted.answer is Answer.DONE:
            self._metrics.admit_seconds.observe(time.monotonic() - started)
            self._count(read, decided)
            self._told(decided.effects)
            read.spans.admitted()
        return admitted

    async def _keep_dead_letters(self, fetched: Fetched, read: Read) -> None:
        """Before the checkpoint passes them. What is processed again, in whichever batch, is kept and counted once."""
        seen = self._set_aside.get(fetched.partition, -1)
        fresh = [rejected for rejected in read.rejected if rejected.record.offset >= seen]
        if fresh:
            await self._dead_letters.add(fresh)
        if fetched.b > seen:
            self._set_aside[fetched.partition] = fetched.b
            for record, outcome in read.settled:
                if record.offset >= seen:
                    self._limit.count(dead=outcome is Outcome.INVALID)
            for matched in read.matched:
                if matched.record.offset >= seen:
                    self._limit.count(dead=False)
            self._limit.check()

    async def _read(self, fetched: Fetched, watch: Watch) -> Read:
        """Decode and match, letting others run in between."""
        read, records = Read(self._spans(fetched.partition)), fetched.records
        read_to = self._read_to.get(fetched.partition, 0)
        begun = breath = time.monotonic()
        for record in records:
            again = record.offset < read_to
            read.spans.begin()
            if record.value is not None and len(record.value) > BIG_BYTES:
                await asyncio.to_thread(self._read_one, record, watch, read, again)
            else:
                self._read_one(record, watch, read, again)
            if time.monotonic() - breath > YIELD_SECONDS:
                await asyncio.sleep(0)
                breath = time.monotonic()
        for topic, seconds in watch.watchlist.meter.drain().items():
            self._metrics.topic_seconds.labels(self._metrics.topics.label(topic)).inc(seconds)
            self._metrics.costs[topic] += seconds
        if records:
            self._metrics.looked_at += len(records)
            self._read_to[fetched.partition] = max(read_to, records[-1].offset + 1)
            self._metrics.match_seconds.observe((time.monotonic() - begun) / len(records))
        return read

    def _read_one(self, record: Record, watch: Watch, read: Read, again: bool) -> None:
        if record.flaw is not None:
            read.settled.append((record, Outcome.INVALID))
            read.rejected.append(Rejected(record, record.flaw.reason, record.flaw.detail))
            return
        if record.value is None or is_tombstone(record.value):
            read.settled.append((record, Outcome.TOMBSTONE))
            return
        try:
            decoded = self._decoder.decode(record.value)
        except InvalidArticle as error:
            read.settled.append((record, Outcome.INVALID))
            read.rejected.append(Rejected(record, error.reason, error.detail))
            self._noting.invalid(read.noted, record, error, self._now_ms())
            return
        read.bad_dates += decoded.bad_date
        if not again:
            self._metrics.came_from(decoded.article.source)
        now_ms = self._now_ms()
        looked_at = look_at(decoded.article, record, watch, self._repeated, now_ms=now_ms, again=again)
        read.bad_dates += looked_at.dated in (Dated.IMPOSSIBLE, Dated.FUTURE)
        read.repeated += looked_at.repeated
        self._noting.article(read.noted, record, decoded.article, looked_at, now_ms)
        if looked_at.matched is None:
            read.settled.append((record, Outcome.UNMATCHED))
        else:
            read.matched.append(read.spans.matched(looked_at.matched))

    async def _decide(self, read: Read, watch: Watch) -> Decided:
        """LOOKUP, then decide in order."""
        misses = read.noted.misses
        effects = {
            record.offset: RecordEffects(record.offset, outcome.value, miss=misses.get(record.offset, b""))
            for record, outcome in read.settled
        }
        if not read.matched:
            return Decided("", list(effects.values()))
        read.spans.deciding()
        window = watch.loaded.config.stories.window
        memory, version = await recall(self._admission, read.matched, window, self._now_ms(), watch.receivers)
        asked = memory.alerts() if repeats(watch.route) else ()
        judged = await self._judged(asked) if asked else ()
        decided = Decided(version, ())
        breath = time.monotonic()
        for matched in read.matched:
            led_to = effects_of(
                matched,
                memory,
                watch,
                name=self._name,
                window=window,
                now_ms=self._now_ms(),
                silences=self._silences(),
                judged=judged,
            )
            effects[matched.record.offset] = led_to.effects
            read.spans.decided(led_to.effects, led_to.story)
            if miss := misses.get(matched.record.offset):
                effects[matched.record.offset] = msgspec.structs.replace(led_to.effects, miss=miss)
            decided.opened += led_to.opened
            decided.updated += led_to.updated
            decided.withheld += led_to.withheld
            decided.alerts += [(matched.record.offset, alert) for alert in led_to.alerts]
            if time.monotonic() - breath > YIELD_SECONDS:
                await asyncio.sleep(0)
                breath = time.monotonic()
        decided.effects = [effects[offset] for offset in sorted(effects)]
        return decided

    def _count_again(self, fetched: Fetched, decided: Decided, known_below: int) -> None:
        """Alerts of records that the store had and lost, each once: it may have been told under another id.

        Those that are known by now too: whoever read a copy meanwhile has opened them anew. Counted before the write,
        because that may happen and its answer not come.
        """
        if fetched.a >= known_below:
            self._told_again.pop(fetched.partition, None)
            return
        counted = self._told_again.setdefault(fetched.partition, set())
        again = {alert for offset, alert in decided.alerts if offset < known_below} - counted
        counted |= again
        self._metrics.realerted.inc(len(again))

    def _count(self, read: Read, decided: Decided) -> None:
        metrics = self._metrics
        for outcome, number in Counter(each.outcome for each in decided.effects).items():
            metrics.records.labels(outcome).inc(number)
        metrics.bad_dates.inc(read.bad_dates)
        metrics.repeated_paragraphs.inc(read.repeated)
        metrics.near_misses.labels("kept").inc(len(read.noted.misses))
        metrics.near_misses.labels("left_out").inc(read.noted.left_out)
        for topic in decided.opened:
            metrics.alerts.labels(metrics.topics.label(topic)).inc()
        for reason in decided.updated:
            metrics.updates.labels(reason).inc()
        for why in decided.withheld:
            metrics.withheld.labels(why).inc()
        for rejected in read.rejected:
            metrics.invalid.labels(rejected.reason).inc()
        for matched in read.matched:
            for verdict in matched.verdicts:
                metrics.matches.labels(metrics.topics.label(verdict.topic)).inc()
        if any(each.deliveries for each in decided.effects):
            self._admitted()
        if any(each.pending for each in decided.effects):
            self._waits()
