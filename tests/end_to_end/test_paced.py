"""The whole daemon on a route that paces it, killed while notices wait, and while they go out."""

import json
import signal
from pathlib import Path
from typing import Any

from tests.daemon.build import a_flood, a_line
from tests.end_to_end.daemon import Daemon, append, daemon, receiver, wait_until

HOUR_LONG = {"receiver": "desk", "group_by": ["topic"], "group_wait": "1h"}


def pending(running: Daemon) -> int:
    status: dict[str, Any] = json.loads(running.ask("/api/v1/status")[1])
    return int(status["outbox"]["pending"]) if status["outbox"] else -1


def test_what_waits_when_the_daemon_is_killed_is_told_once_and_together_by_the_next(tmp_path: Path) -> None:
    append(tmp_path, a_flood(1), a_flood(2))
    with receiver() as hook:
        with daemon(tmp_path, hook, route=HOUR_LONG) as running:
            wait_until(lambda: pending(running) == 2, "what waits")
            running.stop(signal.SIGKILL)
        append(tmp_path, a_flood(3))
        once = {"sources": [{"file": {"path": "articles.jsonl"}}]}
        with daemon(tmp_path, hook, "--once", route=HOUR_LONG, **once) as last:
            assert last.process.wait(30) == 0

    (body,) = [json.loads(body) for _, body in hook.posts]
    assert (body["type"], body["data"]["reason"], body["data"]["total"]) == ("alert.digest", "group", 3)
    shown = sorted(each["article"]["id"] for each in body["data"]["alerts"])
    assert shown == [f"flood-{number}" for number in range(1, 4)]


def test_a_group_that_is_going_out_when_the_daemon_is_killed_has_the_same_id_and_bytes_again(tmp_path: Path) -> None:
    append(tmp_path, a_flood(1), a_flood(2))
    route = {"receiver": "desk", "group_by": ["topic"], "group_wait": "2s"}
    with receiver() as hook:
        hook.go_on.clear()
        with daemon(tmp_path, hook, route=route) as first:
            wait_until(lambda: hook.posts, "a request that is not answered")
            first.stop(signal.SIGKILL)
        hook.go_on.set()
        with daemon(tmp_path, hook, route=route) as second:
            wait_until(lambda: len(hook.posts) > 1, "the same again")
            append(tmp_path, a_flood(3))
            wait_until(lambda: len({webhook_id for webhook_id, _ in hook.posts}) == 2, "what comes after it")
            assert second.stop() == 0

    assert hook.posts[0] == hook.posts[1]
    assert json.loads(hook.posts[0][1])["data"]["total"] == 2
    (last,) = {body for webhook_id, body in hook.posts if webhook_id != hook.posts[0][0]}
    assert json.loads(last)["type"] == "alert.opened", "alone it goes out as it is"


def test_a_digest_of_the_hour_weighs_stories_by_what_the_store_knows_of_them(tmp_path: Path) -> None:
    others = {
        "source": "other.example",
        "title": "فيضان آخر يغمر الطريق",
        "body": " ".join(f"لفظ{n}" for n in range(30)),
    }
    append(tmp_path, a_flood(1), a_line(id="a", **others), a_line(id="b", **others | {"source": "third.example"}))
    once = {"sources": [{"file": {"path": "articles.jsonl"}}]}
    route = {"receiver": "desk", "digest": {"at": ["18:00"], "timezone": "Africa/Cairo", "top": 1}}
    with receiver() as hook, daemon(tmp_path, hook, "--once", route=route, **once) as running:
        assert running.process.wait(30) == 0

    (data,) = [json.loads(body)["data"] for _, body in hook.posts]
    assert (data["reason"], data["total"], data["more"]) == ("scheduled", 2, 1)
    assert (data["alerts"][0]["article"]["id"], data["alerts"][0]["articles"]) == ("a", 2)
