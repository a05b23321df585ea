"""The programs that judge the files of ``deploy/``, from the environment that ``make services`` makes."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
JUDGES = ROOT / ".venv-deploy" / "bin"


def judge(name: str) -> str:
    """Where a program of ``requirements/deploy.txt`` is. Absent locally, the test is skipped; in CI it fails."""
    if not (JUDGES / name).exists():
        tell = pytest.fail if os.environ.get("CI") else pytest.skip
        tell(f"{name} is missing: make services")
    return str(JUDGES / name)


def run_judge(script: str, given: object) -> Any:
    """What ``script`` of this folder, run among the judges, prints as JSON about what it is given as JSON."""
    done = subprocess.run(
        [judge("python"), Path(__file__).parent / script],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
