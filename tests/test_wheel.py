"""The distribution, built and installed in an empty environment, as somebody else gets it."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from daemon import __version__

ROOT = Path(__file__).parent.parent

pytestmark = [pytest.mark.wheel, pytest.mark.timeout(300)]

OUTSIDE = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
"""Nothing of this tree may be importable but what is installed."""


def run(*command: object, folder: Path, ends: int = 0) -> str:
    """Standard output of a command run in ``folder``."""
    done = subprocess.run(list(map(str, command)), cwd=folder, env=OUTSIDE, capture_output=True, text=True, check=False)
    assert done.returncode == ends, f"{command} ended with {done.returncode}:\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of an environment that holds the wheel and its locked dependencies."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder, folder=folder)
    pip = [folder / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    run(*pip, "install", "--require-hashes", "-r", ROOT / "requirements" / "run.txt", folder=folder)
    run(*pip, "install", "--no-deps", wheel, folder=folder)
    run(*pip, "check", folder=folder)
    return folder / "bin"


def test_the_wheel_holds_what_the_code_reads_at_run_time(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    read = [
        path.relative_to(ROOT).as_posix()
        for layer in ("processors", "alerts", "daemon")
        for path in (ROOT / layer).rglob("*")
        if path.suffix in {".py", ".lua", ".json", ".jsonl", ".yaml", ".html", ".css", ".js", ".svg"}
        and "__pycache__" not in path.parts
    ]

    assert [name for name in read if name not in held] == []


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    top = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}

    assert top == {"processors", "alerts", "daemon", f"rasid-{__version__}.dist-info"}


def test_the_installed_command_knows_its_version(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "rasid", "--version", folder=tmp_path) == f"rasid {__version__}\n"


def test_the_installed_command_matches_with_the_built_in_topics(installed: Path, tmp_path: Path) -> None:
    article = {"id": "a", "title": "وزير الخارجية المصري يبحث مع نظيره السوري في القاهرة العلاقات بين مصر وسوريا"}
    (tmp_path / "articles.jsonl").write_text(json.dumps(article) + "\n")

    lines = run(installed / "rasid", "match", "articles.jsonl", folder=tmp_path).splitlines()

    assert ("a", "syria-egypt-relations") in {(line["article"], line["topic"]) for line in map(json.loads, lines)}


def test_the_installed_demo_runs_from_start_to_end(installed: Path, tmp_path: Path) -> None:
    shown = run(installed / "rasid", "demo", "--for", "5s", folder=tmp_path)

    assert "every signature verified" in shown
