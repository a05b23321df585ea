"""Dead letters in a file of JSON lines, for sources that keep no place for them. Bounded: one older file is kept."""

import asyncio
import os
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path

import msgspec

from alerts.errors import Unavailable
from daemon.sources.dead_letters import Rejected
from daemon.sources.decode import MAX_BYTES


class FileDeadLetters:
    """Appends to ``path``; at ``max_bytes`` the file becomes ``….1`` and a new one begins."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes

    async def add(self, rejected: Sequence[Rejected]) -> None:
        await asyncio.to_thread(self._append, b"".join(map(_line, rejected)))

    async def close(self) -> None:
        """Every line is on disk already."""

    def _append(self, data: bytes) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.exists() and self._path.stat().st_size + len(data) > self._max_bytes:
                self._path.replace(self._path.with_name(self._path.name + ".1"))
            with self._path.open("ab") as file:
                file.write(data)
                file.flush()
                os.fdatasync(file.fileno())
        except OSError as error:
            raise Unavailable(f"writing dead letters to {self._path}: {error.strerror}") from error


def _line(rejected: Rejected) -> bytes:
    value = (rejected.record.value or b"")[:MAX_BYTES]
    line = {"origin": rejected.record.origin, "reason": rejected.reason, "detail": rejected.detail}
    try:
        line["value"] = value.decode()
    except UnicodeDecodeError:
        line["value_base64"] = b64encode(value).decode()
    return msgspec.json.encode(line) + b"\n"
