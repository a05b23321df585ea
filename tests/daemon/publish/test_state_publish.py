"""What one publish leaves for the next."""

from pathlib import Path

import pytest

from alerts.errors import Refused
from daemon.publish.place import reached_at
from daemon.publish.state_publish import Journal

REACHED = reached_at(b"one\ntwo\n", 4, 8, 2, b"two")


def test_what_was_saved_is_found_again(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j", "articles")
    journal.hold()
    journal.settle("/a", REACHED)
    journal.acknowledged[3] = 17
    journal.save()
    journal.release()

    again = Journal(tmp_path / "j", "articles")

    assert again.reached("/a") == REACHED
    assert again.reached("/b") is None
    assert again.acknowledged == {3: 17}
    assert [path.name for path in tmp_path.iterdir()] == ["j"]


def test_one_process_at_a_time_and_the_next_sees_what_it_left(tmp_path: Path) -> None:
    first, second = Journal(tmp_path / "j", "articles"), Journal(tmp_path / "j", "articles")
    first.hold()

    with pytest.raises(Refused, match="another publish"):
        second.hold()
    first.settle("/a", REACHED)
    first.save()
    first.release()
    second.hold()
    assert second.reached("/a") == REACHED
    second.release()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cut", '{"version": 1,', "cannot be read"),
        ("another topic", '{"version": 1, "topic": "other"}', "how far other is"),
        ("newer", '{"version": 2, "topic": "articles"}', "newer version"),
    ],
)
def test_a_journal_that_cannot_be_meant_is_refused(name: str, content: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "j").write_text(content)

    with pytest.raises(Refused, match=said):
        Journal(tmp_path / "j", "articles")


def test_a_folder_that_is_not_there_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="--resume"):
        Journal(tmp_path / "absent" / "j", "articles").hold()
