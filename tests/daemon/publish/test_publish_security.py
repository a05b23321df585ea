"""``rasid publish -c`` as a user over TLS: right, it publishes; wrong, it says what is wrong and sends nothing."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.daemon.build import write_config
from tests.daemon.publish.published import articles, held, publish
from tests.end_to_end.test_kafka_security import PASSWORD, USER, make_certificate, settings
from tests.kafka.admin import create_topic
from tests.kafka.broker import Broker


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    folder = tmp_path_factory.mktemp("tls")
    make_certificate(folder, "localhost")
    broker = Broker(tmp_path_factory.mktemp("secured"), secured=folder / "both.pem", users={USER: PASSWORD})
    (broker.folder / "ca.pem").write_bytes((folder / "cert.pem").read_bytes())
    broker.start()
    broker.wait_until_ready()
    yield broker
    broker.kill()


def test_who_is_known_publishes_and_who_is_not_is_refused_with_the_reason(
    secured: Broker, tmp_path: Path, runner: asyncio.Runner
) -> None:
    runner.run(create_topic(secured.address, "articles"))
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(lines := articles(50)))
    ca, other = secured.folder / "ca.pem", tmp_path / "other"
    other.mkdir()
    make_certificate(other, "localhost")
    said = []
    for password, trusted in [("a wrong one of the tests", ca), (PASSWORD, other / "cert.pem"), (PASSWORD, ca)]:
        kafka = settings(secured, tmp_path, ca=trusted, password=password) | {"subscribe": ["articles"]}
        write_config(tmp_path, sources=[{"kafka": kafka}])
        said.append(publish(tmp_path, "-c", "rasid.yaml", "a.jsonl"))

    assert [done.returncode for done in said] == [3, 3, 0], [done.stderr for done in said]
    assert "refuses us" in said[0].stderr and "a wrong one" not in said[0].stderr
    assert "cannot be trusted" in said[1].stderr
    assert [value for _, value in runner.run(held(secured.address, "articles"))[0]] == lines
