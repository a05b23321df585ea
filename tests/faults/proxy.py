"""A network that misbehaves on demand, in a process of its own: ``python -m tests.faults.proxy TARGET SEED``.

``TARGET`` is host:port or the path of a Unix socket. Prints the port that it listens on. A line on standard input names
the toxic that works from now on; an empty one ends it. What it did to connections that are open stays done.
"""

import asyncio
import random
import socket
import struct
import subprocess
import sys
from contextlib import suppress
from enum import StrEnum

LATENCY_SECONDS, CLOSE_SECONDS = 0.25, 1.0
BYTES_PER_SECOND = 30_000
SLICE_BYTES, SLICE_SECONDS = 60, 0.0005
LIMIT_BYTES = 6_000

CHUNK = 64 * 1024


class Toxic(StrEnum):
    """The eight of Toxiproxy."""

    LATENCY = "latency"
    DOWN = "down"  # nobody listens, and what was open is closed
    BANDWIDTH = "bandwidth"
    SLOW_CLOSE = "slow_close"
    TIMEOUT = "timeout"  # half-open: everything vanishes, nobody is told
    RESET_PEER = "reset_peer"
    SLICER = "slicer"
    LIMIT_DATA = "limit_data"  # cut off in the middle


class _Connection:
    """One client and what it is connected to."""

    def __init__(self, client: asyncio.StreamWriter, server: asyncio.StreamWriter) -> None:
        self.writers = (client, server)
        self.doomed = False  # bytes of it vanished
        self.passed = 0

    def reset(self) -> None:
        for writer in self.writers:
            raw = writer.get_extra_info("socket")
            if raw is not None and raw.family == socket.AF_INET:
                with suppress(OSError):
                    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()


class Proxy:
    """Forwards one port to one target."""

    def __init__(self, target: str, seed: int) -> None:
        self._target = target
        self._random = random.Random(seed)
        self._toxic: Toxic | None = None
        self._connections: set[_Connection] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def listen(self) -> None:
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self.port, limit=CHUNK)
        self.port = self._server.sockets[0].getsockname()[1]

    async def use(self, toxic: Toxic | None) -> None:
        before, self._toxic = self._toxic, toxic
        if toxic in (Toxic.DOWN, Toxic.RESET_PEER):
            self._reset(self._connections)
        self._reset({each for each in self._connections if each.doomed})
        if toxic is Toxic.DOWN and self._server is not None:
            self._server.close()
        elif before is Toxic.DOWN and toxic is not Toxic.DOWN:
            await self.listen()

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self._reset(self._connections)
        while self._connections:
            await asyncio.sleep(0.01)

    def _reset(self, connections: set[_Connection]) -> None:
        for each in list(connections):
            each.reset()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self._target.startswith("/"):
                back, forth = await asyncio.open_unix_connection(self._target, limit=CHUNK)
            else:
                host, _, port = self._target.rpartition(":")
                back, forth = await asyncio.open_connection(host, int(port), limit=CHUNK)
        except OSError:
            writer.transport.abort()
            return
        connection = _Connection(writer, forth)
        self._connections.add(connection)
        try:
            await asyncio.gather(self._pipe(connection, reader, forth), self._pipe(connection, back, writer))
        finally:
            self._connections.discard(connection)
            for each in connection.writers:
                each.transport.abort()

    async def _pipe(self, connection: _Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                await self._forward(connection, data, writer)
            if self._toxic is Toxic.SLOW_CLOSE:
                await asyncio.sleep(CLOSE_SECONDS)
        with suppress(OSError, RuntimeError):
            writer.close()

    async def _forward(self, connection: _Connection, data: bytes, writer: asyncio.StreamWriter) -> None:
        match self._toxic:
            case Toxic.LATENCY:
                await asyncio.sleep(LATENCY_SECONDS * self._random.uniform(0.2, 1.8))
            case Toxic.BANDWIDTH:
                await asyncio.sleep(len(data) / BYTES_PER_SECOND)
            case Toxic.TIMEOUT:
                connection.doomed = True
            case Toxic.RESET_PEER:
                connection.reset()
            case Toxic.SLICER:
                while len(data) > SLICE_BYTES and self._toxic is Toxic.SLICER:
                    cut = self._random.randint(1, SLICE_BYTES)
                    writer.write(data[:cut])
                    await writer.drain()
                    await asyncio.sleep(SLICE_SECONDS)
                    data = data[cut:]
            case Toxic.LIMIT_DATA:
                connection.passed += len(data)
                if connection.passed > LIMIT_BYTES:
                    writer.write(data[: self._random.randrange(len(data))])
                    await asyncio.sleep(0)
                    connection.reset()
        if not connection.doomed:
            writer.write(data)
            await writer.drain()


async def run(target: str, seed: int) -> None:
    proxy = Proxy(target, seed)
    await proxy.listen()
    print(proxy.port, flush=True)
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        name = line.decode().strip()
        await proxy.use(Toxic(name) if name else None)
        print("done", flush=True)


class ProxyProcess:
    """It, from outside."""

    def __init__(self, target: str, seed: int) -> None:
        command = [sys.executable, "-m", "tests.faults.proxy", target, str(seed)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self._line())

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def use(self, toxic: Toxic | None) -> None:
        """In force when this returns."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{toxic or ''}\n")
        self._process.stdin.flush()
        assert self._line() == "done\n"

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], int(sys.argv[2])))
