"""Publishes the samples into a followed file, evenly spread: what a feed reader or a log shipper would do."""

import asyncio
from collections.abc import Sequence
from pathlib import Path


async def feed(path: Path, lines: Sequence[bytes], seconds: float) -> None:
    """Append ``lines`` to ``path`` over ``seconds``."""
    pause = seconds / max(1, len(lines))
    with path.open("ab") as file:
        for line in lines:
            file.write(line + b"\n")
            file.flush()
            await asyncio.sleep(pause)
