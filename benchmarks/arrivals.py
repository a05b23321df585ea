"""A receiver in a process of its own that remembers all that came: what, how often, in which order."""

import asyncio
import contextlib
import hashlib
from dataclasses import dataclass, field
from multiprocessing.connection import Connection


@dataclass
class Arrivals:
    """Of deliveries whose body begins with ``lane number NUL``."""

    requests: int = 0
    bytes_of: dict[str, bytes] = field(default_factory=dict)  # by id, a digest of the first body
    changed: int = 0  # came again with other bytes
    last: dict[str, int] = field(default_factory=dict)  # by lane, the number that came last for the first time
    disordered: int = 0  # came for the first time after a later one, or before one that it should follow

    def take(self, id_: str, body: bytes) -> None:
        """One request came whole."""
        self.requests += 1
        digest = hashlib.blake2b(body, digest_size=16).digest()
        if (first := self.bytes_of.get(id_)) is not None:
            self.changed += first != digest
            return
        self.bytes_of[id_] = digest
        lane, number = body.partition(b"\0")[0].decode().rsplit(" ", 1)
        self.disordered += int(number) != self.last.get(lane, -1) + 1
        self.last[lane] = int(number)

    def summary(self) -> tuple[int, int, int, int]:
        """Different ids, requests, ids that came again with other bytes, ids out of order."""
        return len(self.bytes_of), self.requests, self.changed, self.disordered


def _value(head: bytes, name: bytes) -> bytes:
    line = next(line for line in head.split(b"\r\n") if line.lower().startswith(name))
    return line.partition(b":")[2].strip()


def serve(pipe: Connection) -> None:
    """Sends its port through ``pipe``, then a summary for everything that it gets."""

    async def run() -> None:
        arrivals = Arrivals()

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                while True:
                    head = await reader.readuntil(b"\r\n\r\n")
                    body = await reader.readexactly(int(_value(head, b"content-length:")))
                    arrivals.take(_value(head, b"webhook-id:").decode(), body)
                    writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
                    await writer.drain()
            writer.close()

        def answer() -> None:
            pipe.recv()
            pipe.send(arrivals.summary())

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        asyncio.get_running_loop().add_reader(pipe.fileno(), answer)
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()

    asyncio.run(run())
