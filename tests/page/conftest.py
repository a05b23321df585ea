"""One browser for all tests of the page; each has a profile of its own in it."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.debian import program

QUIET = [
    "--headless=new",
    "--disable-background-networking",  # nothing but the page is to be asked for
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",  # small in containers
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--remote-debugging-port=0",
]

PATIENCE_SECONDS = 60.0


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address at which it is driven."""
    folder: Path = tmp_path_factory.mktemp("chromium")
    command = [program("chromium", "chromium"), *QUIET, f"--user-data-dir={folder / 'profile'}", "about:blank"]
    if os.geteuid() == 0:
        command.insert(1, "--no-sandbox")  # it refuses to run as root with one
    said = folder / "log"
    with said.open("wb") as log:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=log)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := re.search(r"DevTools listening on (ws://\S+)", said.read_text(errors="replace"))):
            assert process.poll() is None and time.monotonic() < deadline, said.read_text(errors="replace")
            time.sleep(0.05)
        yield found[1]
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)
