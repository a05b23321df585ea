"""What an engineer would write in an afternoon, for comparison: it folds nothing, keeps nothing, and loses alerts.

    python -m benchmarks.plain_loop SERVER TOPIC RECORDS REDIS_URL HOOK

Kafka, a scan for the names, ``SET NX``, POST with fifty requests open. Prints the seconds from the first record on.
"""

import asyncio
import sys
import time

import aiohttp
import msgspec
from ahocorasick_rs import AhoCorasick
from aiokafka import AIOKafkaConsumer
from redis.asyncio import Redis

from benchmarks.invented import WATCHED

OPEN = 50


async def run(server: str, topic: str, records: int, redis_url: str, hook: str) -> None:
    names = AhoCorasick(WATCHED)
    redis = Redis.from_url(redis_url)
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=server, group_id=f"plain-{time.time_ns()}", auto_offset_reset="earliest"
    )
    await consumer.start()
    room, posts, read, alerts, began = asyncio.Semaphore(OPEN), set[asyncio.Task[None]](), 0, 0, 0.0
    async with aiohttp.ClientSession() as session:

        async def post(article: dict[str, str]) -> None:
            async with room, session.post(hook, json=article) as response:
                await response.read()

        while read < records:
            for batch in (await consumer.getmany(timeout_ms=1000, max_records=500)).values():
                began = began or time.monotonic()
                read += len(batch)
                for record in batch:
                    article = msgspec.json.decode(record.value)
                    if not names.find_matches_as_indexes(article["title"] + "\n" + article["body"]):
                        continue
                    if await redis.set(f"plain:{article['id']}", 1, nx=True, ex=86400):
                        alerts += 1
                        task = asyncio.create_task(post(article))
                        posts.add(task)
                        task.add_done_callback(posts.discard)
        await asyncio.gather(*posts)
    print(f"{time.monotonic() - began:.3f} {alerts}")
    await consumer.stop()
    await redis.aclose()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5]))
