"""What a command loads: no more than it needs, for that is most of what a short one takes."""

import json
import subprocess
import sys
from collections.abc import Set
from pathlib import Path

import pytest

OUR_OWN = {"alerts", "daemon", "processors"}

TELL = "; import json; print(json.dumps(sorted(sys.modules)))"


def loaded_by(statement: str) -> Set[str]:
    """Every module that is loaded in a new process once it has done this."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {statement}{TELL}"],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        check=True,
        timeout=60,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def by_the_help() -> Set[str]:
    return loaded_by("from daemon.cli.main import build_parser; build_parser().format_help()")


def test_the_help_loads_no_library_but_the_standard_one(by_the_help: Set[str]) -> None:
    packages = {name.partition(".")[0] for name in by_the_help - loaded_by("pass")}

    assert packages - OUR_OWN - sys.stdlib_module_names == set()
    assert {"asyncio", "ssl", "http.client", "json.encoder"} & by_the_help <= {"json.encoder"}  # json tells us


def test_the_help_reads_no_topic_and_no_name(by_the_help: Set[str]) -> None:
    ours = {name for name in by_the_help if name.partition(".")[0] in OUR_OWN}

    assert {name for name in ours if not name.startswith("daemon.cli")} <= {
        "daemon",
        "daemon.collecting",
        "daemon.access",
        "daemon.access.scope",
        "processors",
        "processors.counted",
        "processors.topics",
        "processors.topics.imports",
        "processors.topics.imports.formats",
    }


def test_a_daemon_without_kafka_loads_no_client_for_it() -> None:
    assert not {name for name in loaded_by("import daemon.app, daemon.cli.run") if name.startswith("aiokafka")}


def test_topics_without_a_configuration_load_no_configuration() -> None:
    loaded = loaded_by("import daemon.cli.watchlist, daemon.compiled")

    assert "processors.topics.watchlist" in loaded
    assert not {"daemon.config.config", "asyncio", "aiohttp", "redis", "structlog"} & loaded


def test_a_daemon_without_tracing_loads_no_exporter_of_spans() -> None:
    """Where the SDK is installed, the client of Redis loads its metrics by itself; what sends spans only we do."""
    loaded = loaded_by("import daemon.app, daemon.cli.run")

    assert "daemon.tracing.tracing" in loaded
    assert not {name for name in loaded if name.startswith(("opentelemetry.exporter", "google.protobuf", "requests"))}
    assert "daemon.tracing.otel_export" not in loaded
