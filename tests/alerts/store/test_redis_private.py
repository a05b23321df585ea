"""The private Valkey: started, watched, stopped, torn."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from alerts.admission.redis_admission import RedisAdmission
from alerts.errors import Refused, Unavailable
from alerts.outbox.redis_outbox import RedisOutbox
from alerts.store.redis_connection import answers, check_safety, connect
from alerts.store.redis_private import PrivateServer, find_server
from tests.contracts.store import Store, a_delivery, effects, put


def alive(pid: int) -> bool:
    """Whether a process still runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def delete_socket(server: PrivateServer) -> None:
    Path(server.url.removeprefix("unix://")).unlink()


async def wait_until_gone(pid: int) -> None:
    async with asyncio.timeout(10):
        while alive(pid):
            await asyncio.sleep(0.01)


def test_it_starts_answers_is_safe_and_leaves_nothing_behind(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        server = PrivateServer(tmp_path)
        with capture_logs() as lines:
            await server.start()
            pid, client = server.pid, connect(server.url)
            await check_safety(client)
        assert [each["event"] for each in lines].count("redis_met") == 1, "by who uses it, not by who starts it"
        assert pid is not None
        await client.aclose()
        await server.stop()

        assert not alive(pid)

    runner.run(scenario())


def test_what_was_acknowledged_is_there_after_a_kill(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        server = PrivateServer(tmp_path)
        await server.start()
        watching = asyncio.create_task(server.watch())
        client = connect(server.url)
        await client.set("kept", "yes")
        first = server.pid
        assert first is not None

        os.kill(first, signal.SIGKILL)
        async with asyncio.timeout(10):
            while server.pid == first or not await answers(client):
                await asyncio.sleep(0.01)

        assert await client.get("kept") == b"yes"
        await client.aclose()
        await server.stop()
        await watching

    runner.run(scenario())


def test_a_server_whose_socket_was_deleted_is_started_again(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        server = PrivateServer(tmp_path)
        await server.start()
        watching = asyncio.create_task(server.watch())
        first = server.pid
        delete_socket(server)

        client = connect(server.url)
        async with asyncio.timeout(20):
            while server.pid == first or not await answers(client):
                await asyncio.sleep(0.01)

        await client.aclose()
        await server.stop()
        await watching

    runner.run(scenario())


def test_it_dies_with_a_process_that_is_killed(tmp_path: Path, runner: asyncio.Runner) -> None:
    program = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from alerts.store.redis_private import PrivateServer\n"
        "async def main():\n"
        "    server = PrivateServer(Path(sys.argv[1]))\n"
        "    await server.start()\n"
        "    print('pid', server.pid, flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = next(int(line.split()[1]) for line in parent.stdout if line.startswith("pid "))
        parent.kill()

    runner.run(wait_until_gone(pid))


def test_a_live_orphan_is_ended_before_its_file_is_opened_again(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        orphan = PrivateServer(tmp_path)
        await orphan.start()
        orphan_pid = orphan.pid
        assert orphan_pid is not None
        client = connect(orphan.url)
        await client.set("kept", "yes")
        await client.aclose()

        heir = PrivateServer(tmp_path)
        await heir.start()

        assert not alive(orphan_pid)
        client = connect(heir.url)
        assert await client.get("kept") == b"yes"
        await client.aclose()
        await heir.stop()

    runner.run(scenario())


def test_a_path_too_long_for_a_socket_still_works_and_leaves_nothing_elsewhere(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    async def scenario() -> None:
        server = PrivateServer(tmp_path / ("م" * 60))
        elsewhere = Path(server.url.removeprefix("unix://")).parent
        await server.start()
        client = connect(server.url)
        assert await answers(client)
        await client.aclose()
        assert elsewhere.is_dir()
        await server.stop()
        assert not elsewhere.exists()

    runner.run(scenario())


def test_a_server_that_cannot_read_its_file_says_where_to_look(tmp_path: Path, runner: asyncio.Runner) -> None:
    directory = tmp_path / "valkey" / "appendonlydir"
    directory.mkdir(parents=True)
    (directory / "appendonly.aof.manifest").write_text("nonsense\n")

    with pytest.raises(Refused, match=r"Its last words are in .*valkey/log"):
        runner.run(PrivateServer(tmp_path).start())


def test_a_file_where_its_directory_should_be_is_refused(tmp_path: Path, runner: asyncio.Runner) -> None:
    (tmp_path / "valkey").write_text("")

    with pytest.raises(Refused, match="must be a directory"):
        runner.run(PrivateServer(tmp_path).start())


def test_a_log_torn_twice_in_a_row_loses_nothing_that_the_source_still_holds(
    tmp_path: Path, runner: asyncio.Runner
) -> None:
    """Each round the file loses its last bytes, wherever that cuts; the consumer goes back."""

    async def scenario() -> None:
        server = PrivateServer(tmp_path)
        await server.start()
        client = connect(server.url)
        store = Store(
            RedisAdmission(client, "torn"), RedisOutbox(client, "torn", "one"), RedisOutbox(client, "torn", "two")
        )
        position = 0
        for cut in (1, 37, 400, 3, 1000, 90):
            for _ in range(20):
                position = await admit_next(store, position)
            await client.aclose()
            await kill_and_tear(server, tmp_path, cut)
        while position < 150:
            position = await admit_next(store, position)

        depth = await store.outbox.depth()
        held = await store.admission.snapshot("p")
        assert held is not None
        assert (depth.ready, held.checkpoint, held.low) == (150, 150, 0)
        await client.aclose()
        await server.stop()

    runner.run(scenario())


async def admit_next(store: Store, position: int) -> int:
    """Admit the record at ``position``; go where the answer says, as a consumer does."""
    record = effects(position, a_delivery(f"d{position}", lane=f"l{position}"), memory={f"b:{position}": b"a" * 26})
    return (await put(store, record, a=position)).checkpoint


async def kill_and_tear(server: PrivateServer, state_dir: Path, cut: int) -> None:
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    await wait_until_gone(server.pid)
    log = max((state_dir / "valkey" / "appendonlydir").glob("*.incr.aof"))
    os.truncate(log, max(0, log.stat().st_size - cut))
    await server.start()
    again = connect(server.url)
    async with asyncio.timeout(10):
        while not await answers(again):
            await asyncio.sleep(0.01)
    await again.aclose()


def test_a_server_that_is_not_there_is_waited_for(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        client = connect(f"unix://{tmp_path}/nobody")
        with pytest.raises(
            Unavailable, match=r"^Redis does not answer: No such file or directory \(asking which server this is\)$"
        ):
            await check_safety(client)
        await client.aclose()

    runner.run(scenario())


def test_a_server_killed_as_it_starts_is_started_again(tmp_path: Path, runner: asyncio.Runner) -> None:
    async def scenario() -> None:
        server = PrivateServer(tmp_path)
        starting = asyncio.create_task(server.start())
        while server.pid is None:
            await asyncio.sleep(0)
        first = server.pid
        os.kill(first, signal.SIGKILL)
        await starting
        client = connect(server.url)

        assert await answers(client)
        assert server.pid != first

        await client.aclose()
        await server.stop()

    runner.run(scenario())


def test_a_server_that_takes_long_to_read_its_log_is_waited_for_with_a_line_now_and_then(
    tmp_path: Path, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, go_on = tmp_path / "slow-server", tmp_path / "go-on"
    slow.write_text(f'#!/bin/sh\nwhile [ ! -e {go_on} ]; do sleep 0.01; done\nexec {find_server()} "$@"\n')
    slow.chmod(0o700)
    monkeypatch.setattr("alerts.store.redis_private.find_server", lambda: slow)
    monkeypatch.setattr("alerts.store.redis_private.LINE_SECONDS", 0.05)

    async def scenario() -> None:
        server = PrivateServer(tmp_path)
        with capture_logs() as lines:
            starting = asyncio.create_task(server.start())
            async with asyncio.timeout(10):
                while len(lines) < 2:
                    await asyncio.sleep(0.01)
            assert not starting.done()
            go_on.touch()
            await starting
        await server.stop()

        assert [line["event"] for line in lines[:2]] == ["private_valkey_loading"] * 2
        assert str(tmp_path / "valkey" / "log") in lines[0]["hint"]

    runner.run(scenario())
