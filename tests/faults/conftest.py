"""One broker behind a bad network for all runs."""

from collections.abc import Iterator

import pytest

from tests.faults.kafka_world import Kafka


@pytest.fixture(scope="session")
def kafka_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    site = Kafka(tmp_path_factory.mktemp("faulty"))
    yield site
    site.close()
