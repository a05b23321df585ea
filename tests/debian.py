"""Programs of Debian packages that some tests need."""

import os
import shutil

import pytest


def program(name: str, package: str) -> str:
    """Its path. Absent locally, the test is skipped with a clear line; in CI it fails."""
    found = shutil.which(name)
    if found is None:
        tell = pytest.fail if os.environ.get("CI") else pytest.skip
        tell(f"{name} is missing: apt-get install {package}")
    return found


def promtool() -> str:
    """Judges metrics and rules."""
    return program("promtool", "prometheus")
