"""What one would write in an afternoon, with the store that the whole path is measured on too."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
from ahocorasick_rs import AhoCorasick
from redis.asyncio import Redis

from alerts.store.redis_connection import connect
from alerts.store.redis_private import PrivateServer
from benchmarks.bench_screen import LEADERS, NAMES, TERMS
from benchmarks.composed import HOW, WHAT

BATCH = 500
"""Records: as many as the daemon takes at once."""

OPEN = 16
"""Requests at once: as many as a receiver takes by default."""


async def bare(lines: Sequence[bytes], telling: set[int], url: str, redis: Redis | None) -> float:
    """What one would write in an afternoon; tells of the same articles. Returns CPU seconds."""
    scan = AhoCorasick(list(dict.fromkeys((*NAMES, *LEADERS, *TERMS, *WHAT, *HOW)))[:200])
    decoder, seen = msgspec.json.Decoder(), set[str]()
    gate = asyncio.Semaphore(OPEN)
    began = time.process_time()
    async with aiohttp.ClientSession() as session:

        async def tell(article: dict[str, Any], names: list[str]) -> None:
            async with gate:
                body = json.dumps({"article": article, "names": names}).encode()
                async with session.post(url, data=body, headers={"content-type": "application/json"}) as response:
                    await response.read()

        for a in range(0, len(lines), BATCH):
            sends = []
            for place in range(a, min(a + BATCH, len(lines))):
                article = decoder.decode(lines[place])
                names = scan.find_matches_as_strings(f"{article.get('title') or ''} {article.get('body') or ''}")
                if place in telling:
                    key = str(article.get("id"))
                    fresh = key not in seen if redis is None else await redis.set(f"bare:{key}", 1, nx=True, ex=86_400)
                    seen.add(key)
                    if fresh:
                        sends.append(tell(article, names))
            await asyncio.gather(*sends)
    return time.process_time() - began


@asynccontextmanager
async def a_store(kind: str, folder: Path) -> AsyncIterator[Redis | None]:
    if kind == "memory":
        yield None
        return
    server = PrivateServer(folder / "store")
    await server.start()
    redis = connect(server.url)
    yield redis
    await redis.aclose()
    await server.stop()


async def cpu_of(redis: Redis | None) -> float:
    if redis is None:
        return 0.0
    told = await redis.info("cpu")
    return float(told["used_cpu_user"]) + float(told["used_cpu_sys"])
