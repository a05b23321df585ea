"""Reads the daemon's decision log: what became of every article that some topic concerned."""

import json
from pathlib import Path
from typing import Any

from alerts.store.keys import Keys
from alerts.store.redis_connection import connect
from alerts.store.redis_private import PrivateServer


async def read_decisions(state_dir: Path, name: str) -> list[dict[str, Any]]:
    """Every line of the log of the daemon called ``name``, oldest first. Its private server must be running."""
    redis = connect(PrivateServer(state_dir).url)
    try:
        entries: Any = await redis.xrange(Keys(name).key("decisions"))
        return [json.loads(fields[b"line"]) for _, fields in entries]
    finally:
        await redis.aclose()
