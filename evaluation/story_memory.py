"""What the memory of stories costs in Redis: bytes an article remembered, and the server's time for a matched one.

    python -m evaluation.story_memory ARCHIVE… [--upto 1000000] [--articles 10000]

Articles of the archives, taken as matched by one topic, go through the daemon's own decisions and scripts, 500 a batch,
on each server program that is installed. Then the store is filled with rows of the same shapes under other names, and
at each size further articles are measured: the time is what the server says it spent (``INFO commandstats``) on LOOKUP
and ADMIT, deliveries and decision lines included. Prints JSON.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from alerts.admission.admission import Answer, Batch
from alerts.admission.redis_admission import RedisAdmission
from alerts.store.redis_connection import connect
from alerts.store.redis_private import PrivateServer
from daemon.backtest.desk import desk_watch
from daemon.effects import effects_of
from daemon.look import Matched
from daemon.sources.source import Record
from daemon.watch import Watch
from evaluation.stories.corpora import archive as read_archive
from processors.model import Article, Verdict
from processors.stories.event_time import milliseconds
from processors.stories.fingerprint import fingerprint
from processors.stories.memory import WINDOW, StoryMemory, questions
from processors.stories.rows import REFERENCE

NAME = "measured"
BATCH = 500
MEASURED = 2_000
"""Articles whose time is measured at each size."""

TOPIC = "builtin:syria-egypt-relations"
"""Only its name is used: every article is taken as matched."""

_FILL = 20_000
"""Rows sent at once while the store is filled."""


class Stream:
    """Batches of articles into one store, as the daemon takes them there."""

    def __init__(self, redis: Redis, watch: Watch) -> None:
        self._admission = RedisAdmission(redis, NAME)
        self._watch = watch
        self._offset = 0
        self.relations: dict[str, int] = {}

    async def begin(self) -> None:
        """Make the store ours."""
        await self._admission.recover("p", 0, "i")

    async def take(self, articles: Sequence[tuple[datetime, Article]]) -> None:
        """Every article of the list, by batches."""
        for start in range(0, len(articles), BATCH):
            await self._batch(articles[start : start + BATCH])

    async def _batch(self, articles: Sequence[tuple[datetime, Article]]) -> None:
        arrival = max(moment for moment, _ in articles)
        matched = [self._matched(number, article, moment) for number, (moment, article) in enumerate(articles)]
        memory, version = StoryMemory(), ""
        asked = [(each.article, each.fingerprint, each.event_time) for each in matched]
        for question in questions(asked, WINDOW, arrival):
            remembered = await self._admission.lookup(
                question.days, question.fields, question.far_days, question.far_fields
            )
            memory.learn(remembered.rows)
            version = version or remembered.version
        now_ms = milliseconds(arrival)
        effects = [
            effects_of(each, memory, self._watch, name=NAME, window=WINDOW, now_ms=now_ms).effects for each in matched
        ]
        a, self._offset = self._offset, self._offset + len(matched)
        batch = Batch("i", "p", a, self._offset, version, f"{a}", now_ms, effects)
        admitted = await self._admission.admit(batch)
        if admitted.answer is not Answer.DONE:
            raise RuntimeError(f"ADMIT answered {admitted.answer}")

    def _matched(self, number: int, article: Article, moment: datetime) -> Matched:
        record = Record(self._offset + number, None, appended_ms=milliseconds(moment))
        verdict = Verdict(topic=TOPIC.partition(":")[2], score=1.0, evidence=())
        return Matched(record, article, (verdict,), fingerprint(article), moment, milliseconds(moment))


async def measure(server: PrivateServer, archive: Sequence[tuple[datetime, Article]], options: Any) -> dict[str, Any]:
    """One server program: bytes an article, and the server's time at each size."""
    await server.start()
    redis = connect(server.url)
    try:
        stream = Stream(redis, desk_watch([TOPIC], (), name=NAME))
        await stream.begin()
        first, rest = archive[: options.articles], archive[options.articles :]
        before = await _memory_bytes(redis)
        time = await _timed(redis, stream, first)
        kept = await _memory_bytes(redis) - before
        found: dict[str, Any] = {
            "server": (await redis.info("server")).get("server_name", "redis"),
            "version": (await redis.info("server"))["redis_version"],
            "articles": len(first),
            "bytes_an_article": round(kept / len(first)),
            "rows_an_article": round(await _rows(redis) / len(first), 2),
            "microseconds_a_matched_article": {str(len(first)): round(time, 1)},
        }
        size, taken, filling = len(first), 0, Filling(redis, len(first))
        while (size := size * 10) <= options.upto and taken + MEASURED <= len(rest):
            await filling.upto(size)
            time = await _timed(redis, stream, rest[taken : taken + MEASURED])
            taken += MEASURED
            found["microseconds_a_matched_article"][str(size)] = round(time, 1)
        return found
    finally:
        await redis.aclose()
        await server.stop()


async def _timed(redis: Redis, stream: Stream, articles: Sequence[tuple[datetime, Article]]) -> float:
    """Microseconds of the server for each of the articles."""
    await redis.config_resetstat()
    await stream.take(articles)
    spent = sum(
        stat["usec"]
        for command, stat in (await redis.info("commandstats")).items()
        if command in ("cmdstat_evalsha", "cmdstat_eval", "cmdstat_fcall")
    )
    return float(spent) / len(articles)


def _memory_key(day: str) -> str:
    return f"rasid:{{{NAME}}}:memory:{day}"


async def _memory_bytes(redis: Redis) -> int:
    """What the rows hold: the sum over the day buckets, as the server counts it."""
    keys = [key async for key in redis.scan_iter(match=_memory_key("*"), count=1000)]
    return sum([await redis.memory_usage(key, samples=0) or 0 for key in keys])


async def _rows(redis: Redis) -> int:
    keys = [key async for key in redis.scan_iter(match=_memory_key("*"), count=1000)]
    return sum([int(await redis.hlen(key)) for key in keys])


class Filling:
    """Rows of the shapes that a first run left, again and again under other names and stories."""

    def __init__(self, redis: Redis, articles: int) -> None:
        self._redis = redis
        self._articles = articles  # that the first run's rows stand for
        self._copies = 1
        self._rows: dict[bytes, list[tuple[bytes, bytes]]] = {}

    async def upto(self, articles: int) -> None:
        """Until the rows stand for so many articles."""
        if not self._rows:
            keys = sorted([key async for key in self._redis.scan_iter(match=_memory_key("*"), count=1000)])
            self._rows = {key: list((await self._redis.hgetall(key)).items()) for key in keys}
        chance = random.Random(self._copies)  # noqa: S311 - names of rows, the same on every run
        for _ in range(self._copies, articles // self._articles):
            for key, pairs in self._rows.items():
                for piece in _pieces(_renamed(pairs, chance)):
                    await self._redis.hset(key, mapping=piece)
            self._copies += 1


def _renamed(pairs: Sequence[tuple[bytes, bytes]], chance: random.Random) -> Iterator[tuple[bytes, bytes]]:
    salt = chance.randbytes(4).hex().encode()
    for field, row in pairs:
        head, tail = field[:-8], row[REFERENCE:]
        yield head + salt, chance.randbytes(REFERENCE // 2).hex().encode() + tail


def _pieces(pairs: Iterator[tuple[bytes, bytes]]) -> Iterator[dict[bytes, bytes]]:
    while piece := dict(islice(pairs, _FILL)):
        yield piece


async def run(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Each server program that is there."""
    archive = [(at, article) for article, at in read_archive([Path(path) for path in options.archives])]
    with tempfile.TemporaryDirectory() as folder:
        return [await measure(PrivateServer(Path(folder)), archive, options)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0 also where the data is absent: there is nothing to measure then."""
    parser = argparse.ArgumentParser(description="What the memory of stories costs in Redis.")
    parser.add_argument("archives", nargs="+", metavar="ARCHIVE")
    parser.add_argument("--upto", type=int, default=1_000_000)
    parser.add_argument("--articles", type=int, default=10_000)
    options = parser.parse_args(arguments)
    absent = [path for path in options.archives if not Path(path).exists()]
    if absent:
        sys.stderr.write(f"skipped: no such file: {', '.join(absent)}\n")
        return 0
    json.dump(asyncio.run(run(options)), sys.stdout, indent=2)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
