"""One process per state directory."""

import os
import resource
from pathlib import Path

import pytest

from alerts.errors import Refused
from alerts.store.state_lock import StateLock


def test_a_state_directory_has_one_process(tmp_path: Path) -> None:
    lock = StateLock(tmp_path)

    with pytest.raises(Refused, match=rf"state_dir {tmp_path} is in use by process {os.getpid()}"):
        StateLock(tmp_path)
    lock.close()
    StateLock(tmp_path).close()


def test_a_state_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Refused, match="state_dir"):
        StateLock(tmp_path / "file" / "state")


def test_a_state_directory_without_room_is_refused_and_can_be_locked_once_there_is(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        with pytest.raises(Refused, match=rf"state_dir {tmp_path} cannot be written"):
            StateLock(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    StateLock(tmp_path).close()
