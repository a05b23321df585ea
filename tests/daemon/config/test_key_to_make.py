"""Who has no key for a webhook yet is told how to make one."""

import stat
import subprocess
from pathlib import Path

import pytest

from daemon.config.load import load_config
from processors.errors import InvalidInput
from tests.daemon.build import write_config


def written(folder: Path, secret: str) -> Path:
    return write_config(folder, receivers=[{"name": "a", "url": "https://example.org/", "secret_file": secret}])


def test_a_key_that_is_not_there_comes_with_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as caught:
        load_config(written(tmp_path, "my key"), {})
    _, _, command = str(caught.value).partition("To make one: ")

    subprocess.run(["/bin/sh", "-c", command], check=True, timeout=30)

    assert stat.S_IMODE((tmp_path / "my key").stat().st_mode) == 0o600
    load_config(written(tmp_path, "my key"), {})


def test_what_is_there_and_cannot_be_read_is_not_made_anew(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(InvalidInput, match="folder cannot be read") as caught:
        load_config(written(tmp_path, "folder"), {})

    assert "To make one" not in str(caught.value)
