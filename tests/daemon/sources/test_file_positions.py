"""``positions.json``: whole, or refused."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from alerts.errors import Refused
from daemon.sources.file_positions import Positions
from daemon.sources.source import Committed


def test_positions_that_cannot_be_read_are_refused_and_not_taken_for_a_first_start(tmp_path: Path) -> None:
    (tmp_path / "positions.json").write_text('{"partitions": 3}')

    with pytest.raises(Refused, match=r"positions\.json"):
        Positions(tmp_path)


def test_positions_are_saved_by_many_threads_at_once_and_stay_whole(tmp_path: Path) -> None:
    positions = Positions(tmp_path)

    def save_often(thread: int) -> None:
        for number in range(50):
            positions.put({f"{thread}-{number}": Committed(number, number, "i")})
            positions.save()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(save_often, range(4)))

    kept = Positions(tmp_path)
    assert all(kept.get(f"{thread}-{number}") for thread in range(4) for number in range(50))
    assert [path.name for path in tmp_path.iterdir()] == ["positions.json"]
