"""The whole daemon: a file, the private Valkey, a local receiver, real signals."""

import json
import re
import signal
from pathlib import Path

from tests.daemon.build import TOPICS, a_flood, quiet, write_config
from tests.end_to_end.daemon import Daemon, append, daemon, rasid, receiver, wait_until


def test_an_article_that_is_appended_arrives_signed_and_once(tmp_path: Path) -> None:
    with receiver() as hook, daemon(tmp_path, hook) as running:
        running.event("ready")
        append(tmp_path, quiet(1), a_flood(1), a_flood(1))
        wait_until(lambda: hook.posts, "the alert")
        append(tmp_path, a_flood(2))
        wait_until(lambda: len(hook.posts) > 1, "the second alert")

        assert running.ask("/-/ready") == (200, "ready\n")
        assert running.stop() == 0

    assert hook.alerts() == [("floods", "flood-1"), ("floods", "flood-2")]
    assert running.event("stopped")["drained"] is True
    assert not (tmp_path / "state" / "http_address").exists()


def test_a_killed_daemon_goes_on_where_it_was(tmp_path: Path) -> None:
    append(tmp_path, *(a_flood(number) for number in range(40)))
    with receiver() as hook:
        with daemon(tmp_path, hook) as first:
            wait_until(lambda: len(hook.posts) > 3, "some alerts")
            first.stop(signal.SIGKILL)
        with daemon(tmp_path, hook) as second:
            wait_until(lambda: len({webhook_id for webhook_id, _ in hook.posts}) == 40, "all alerts")
            append(tmp_path, a_flood(99))
            wait_until(lambda: ("floods", "flood-99") in hook.alerts(), "the last")
            assert second.stop() == 0

    by_id: dict[str, set[bytes]] = {}
    for webhook_id, body in hook.posts:
        by_id.setdefault(webhook_id, set()).add(body)
    assert len(by_id) == 41
    assert all(len(bodies) == 1 for bodies in by_id.values())


def test_a_signal_in_the_first_moment_ends_nothing_by_half(tmp_path: Path) -> None:
    def keeps_signals_for_later() -> bool:
        status = Path(f"/proc/{running.process.pid}/status").read_text()
        masks = {name: int(mask, 16) for name, mask in re.findall(r"(Sig(?:Ign|Cgt)):\s*(\w+)", status)}
        # SIGHUP alone shows nothing: under nohup it is passed over from the start.
        return bool(masks["SigIgn"] >> (signal.SIGHUP - 1) & masks["SigCgt"] >> (signal.SIGTERM - 1) & 1)

    with receiver() as hook, daemon(tmp_path, hook) as running:
        wait_until(keeps_signals_for_later, "the first line of the command")
        running.process.send_signal(signal.SIGHUP)

        assert running.stop(signal.SIGTERM) == 0
        assert not {"ready", "reloaded"} & {line["event"] for line in running.log()}


def test_once_ends_by_itself_when_everything_was_delivered(tmp_path: Path) -> None:
    append(tmp_path, *(a_flood(number) for number in range(30)))
    with receiver() as hook:
        once = {"sources": [{"file": {"path": "articles.jsonl"}}]}
        with daemon(tmp_path, hook, "--once", **once) as first:
            assert first.process.wait(30) == 0
        with daemon(tmp_path, hook, "--once", **once) as second:
            assert second.process.wait(30) == 0

    assert len(hook.posts) == 30


def test_a_reload_takes_over_good_files_and_refuses_bad_ones(tmp_path: Path) -> None:
    with receiver() as hook, daemon(tmp_path, hook) as running:
        running.event("ready")
        (tmp_path / "topics.yaml").write_text("topics: [", encoding="utf-8")
        running.event("reload_failed")
        append(tmp_path, a_flood(1))
        wait_until(lambda: hook.posts, "an alert of the old set")

        status, answer = running.ask("/-/reload", "POST")
        assert status == 422
        assert "not readable as YAML" in answer

        fires = TOPICS + "  fires:\n    match: |\n      حريق\n"
        (tmp_path / "topics.yaml").write_text(fires, encoding="utf-8")
        running.process.send_signal(signal.SIGHUP)
        running.event("reloaded")
        append(tmp_path, '{"id": "fire", "title": "حريق في الميناء"}'.encode())
        wait_until(lambda: ("fires", "fire") in hook.alerts(), "an alert of the new topic")
        assert running.stop() == 0


def test_a_dead_delivery_is_seen_and_sent_again_from_the_command_line(tmp_path: Path) -> None:
    with receiver() as hook, daemon(tmp_path, hook) as running:
        running.event("ready")
        hook.answer = 410
        append(tmp_path, a_flood(1))
        wait_until(lambda: "gone" in running.rasid("deliveries", "list").stdout, "the dead letter")
        assert "desk\tdisabled\t0\t\t\tgone" in running.rasid("receivers", "list").stdout

        hook.answer = 204
        assert running.rasid("receivers", "enable", "desk").stdout == "desk is enabled again\n"
        again = running.rasid("deliveries", "replay", "--receiver", "desk", "--state", "dead")
        assert again.stdout == "1 will be sent again\n"
        wait_until(lambda: len(hook.posts) == 2, "the replay")
        status = json.loads(running.ask("/api/v1/status")[1])
        assert running.stop() == 0

    assert hook.posts[0] == hook.posts[1]
    assert status["receivers"]["desk"]["disabled"] is None


def test_a_second_daemon_on_the_same_state_is_refused(tmp_path: Path) -> None:
    with receiver() as hook, daemon(tmp_path, hook) as running:
        running.event("ready")

        second = Daemon(tmp_path)

        assert second.process.wait(30) == 3
        assert f"in use by process {running.process.pid}" in second.event("refused")["reason"]
        assert running.stop() == 0


def test_a_source_of_rubbish_stops_the_daemon_with_three(tmp_path: Path) -> None:
    append(tmp_path, *([b"rubbish"] * 300))
    with receiver() as hook, daemon(tmp_path, hook) as running:
        assert running.process.wait(30) == 3

        assert "hold no article" in running.event("refused")["reason"]

    kept = (tmp_path / "state" / "dead_letters.jsonl").read_text().splitlines()
    assert len(kept) == 300
    assert json.loads(kept[0])["reason"] == "not_json"


def test_a_redis_that_does_not_answer_is_waited_for(tmp_path: Path, free_port: int) -> None:
    redis = {"url": f"redis://127.0.0.1:{free_port}"}
    with receiver() as hook, daemon(tmp_path, hook, redis=redis) as running:
        running.event("waiting")

        status, reason = running.ask("/-/ready")
        assert status == 503
        assert "Redis" in reason
        assert running.ask("/-/healthy") == (200, "ok\n")
        assert running.stop() == 0


def test_what_cannot_be_drained_in_time_is_told_and_sent_again_later(tmp_path: Path) -> None:
    append(tmp_path, a_flood(1))
    with receiver() as hook:
        hook.go_on.clear()
        with daemon(tmp_path, hook, drain_timeout="1s") as first:
            wait_until(lambda: hook.posts, "a request that hangs")
            assert first.stop() == 1
            assert first.event("drain_timeout")["what"] == "sending"
        hook.go_on.set()
        with daemon(tmp_path, hook) as second:
            wait_until(lambda: len(hook.posts) == 2, "the same again")
            assert second.stop() == 0

    assert hook.posts[0] == hook.posts[1]


def test_standard_input_is_a_source(tmp_path: Path) -> None:
    with receiver() as hook:
        desk = {"name": "desk", "url": hook.url, "secret_file": "secret", "allow": ["127.0.0.0/8"]}
        write_config(tmp_path, sources=[{"stdin": {"fields": {"title": "headline"}}}], receivers=[desk])
        flood = a_flood(1).decode().replace('"title"', '"headline"')

        done = rasid(tmp_path, "run", "--once", given=f'{flood}\n{{"headline": "ثلج"}}')

    assert done.returncode == 0
    assert hook.alerts() == [("floods", "flood-1")]
