"""What a real daemon says of itself, while all is well and while its store is down, is what the API's document says."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from daemon.api.http_table import openapi_text
from tests.conftest import SAFE, redis_program, start_redis
from tests.daemon.build import a_flood
from tests.end_to_end.daemon import Daemon, append, daemon, receiver, wait_until

DOCUMENT = json.loads(openapi_text())
SCHEMA = {"$ref": "#/components/schemas/Status", "components": DOCUMENT["components"]}


def status(running: Daemon, token: str = "") -> tuple[int, Any]:
    """As a client gets it; a good answer is held against the document."""
    request = urllib.request.Request(f"http://{running.event('listening')['address']}/api/v1/status")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            content = json.loads(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())
    Draft202012Validator(SCHEMA).validate(content)
    return 200, content


@pytest.mark.parametrize("private", [True, False], ids=["a private Valkey", "a Redis"])
def test_it_names_its_store_and_its_sources(tmp_path: Path, tmp_path_factory: Any, private: bool) -> None:
    store, url = (None, "") if private else start_redis(redis_program(), tmp_path_factory.mktemp("r"), *SAFE)
    try:
        sections: dict[str, Any] = {} if private else {"redis": {"url": url}}
        with receiver() as hook, daemon(tmp_path, hook, **sections) as running:
            running.event("ready")
            append(tmp_path, a_flood(1))
            wait_until(lambda: hook.posts, "the alert")
            _, said = status(running)
            assert said["redis"]["reachable"]
            assert (said["redis"]["server"], said["redis"]["safe"]) == ("valkey" if private else "redis", True)
            assert said["redis"]["used_bytes"] > 0
            (source,) = said["sources"]
            assert (source["kind"], source["connected"], source["fails"], source["partitions"]) == (
                "file",
                True,
                None,
                1,
            )
            assert source["last_read_ms"] >= said["started_ms"]
            assert "redis" in running.rasid("status", "--json").stdout
    finally:
        if store is not None:
            store.kill()
            store.wait()


def test_while_the_store_is_down_it_still_answers_who_needs_no_look_into_it(
    tmp_path: Path, tmp_path_factory: Any
) -> None:
    folder = tmp_path_factory.mktemp("r")
    store, url = start_redis(redis_program(), folder, *SAFE)
    (tmp_path / "token").write_text("a-long-token-of-the-tests\n")
    http = {"listen": "127.0.0.1:0", "token_file": "token"}
    try:
        with receiver() as hook, daemon(tmp_path, hook, redis={"url": url}, http=http) as running:
            running.event("ready")
            assert status(running, "a-long-token-of-the-tests")[1]["outbox"] is not None
            store.kill()
            store.wait()

            def down() -> Any:
                return (said := status(running, "a-long-token-of-the-tests")[1])["redis"]["reachable"] is False and said

            said = wait_until(down, "a status that says so")
            assert (said["outbox"], said["receivers"]["desk"]["disabled"]) == (None, None)
            assert said["receivers"]["desk"]["state"] == "working"
            refused, why = status(running, "rasid_" + "x" * 43)  # one that only the store knows
            assert refused == 503
            assert why["error"]
    finally:
        store.kill()
        store.wait()
