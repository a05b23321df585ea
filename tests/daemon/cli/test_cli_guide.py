"""The guide for editors shows what the commands really print."""

import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest

from daemon.cli.main import main

GUIDE = Path(__file__).parents[3] / "docs" / "write-a-topic.md"

BLOCK = re.compile(r"(?:`(?P<file>[\w.-]+)`:\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
"""A block, and the file whose content it is, where the line before it names one."""

ISOLATES = re.compile("[\u2068\u2069]")
"""They keep the direction of each piece on a terminal; on the page they would only be in the way."""


def printed(command: str) -> str:
    """What a command prints, in the order in which it does."""
    output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        main(shlex.split(command))
    output.flush()
    assert isinstance(output.buffer, io.BytesIO)
    return ISOLATES.sub("", output.buffer.getvalue().decode())


@pytest.mark.timeout(400)  # sixteen commands, each of which reads every name that is known
def test_every_command_of_the_guide_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    commands = 0
    for block in BLOCK.finditer(GUIDE.read_text(encoding="utf-8")):
        if block["kind"] == "console":
            shown = re.split(r"^\$ rasid ", block["text"], flags=re.MULTILINE)[1:]
            for command, output in (each.split("\n", 1) for each in shown):
                commands += 1
                assert printed(command) == output, command
        elif block["file"]:
            Path(block["file"]).write_text(block["text"], encoding="utf-8")

    assert commands > 12


def test_what_the_guide_shows_of_a_new_topic_is_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = GUIDE.read_text(encoding="utf-8")
    command = re.search(r"^\$ rasid (topics new .*)$", text, re.MULTILINE)
    shown = re.search(r"The heart of the file that it wrote:\n\n```yaml\n(.*?)```", text, re.DOTALL)
    assert command is not None and shown is not None
    printed(command[1])

    assert shown[1] in (tmp_path / "lebanon-bread.yaml").read_text(encoding="utf-8")
