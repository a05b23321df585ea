"""Which files are read, and what is said of those that hold nothing."""

from pathlib import Path

import pytest

from daemon.selection import select_entities, select_topics
from processors.errors import InvalidInput

TOPIC = "topics:\n  t:\n    match: سوريا\n"


def told(chosen: str, folder: Path) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        select_topics([chosen], folder)
    return [str(problem) for problem in refused.value.problems]


def test_what_is_hidden_is_not_read(tmp_path: Path) -> None:
    mounted = tmp_path / "topics"
    kept = mounted / "..2026_11_24" / "a.yaml"
    kept.parent.mkdir(parents=True)
    kept.write_text(TOPIC, encoding="utf-8")
    (mounted / "..data").symlink_to("..2026_11_24")
    (mounted / "a.yaml").symlink_to("..data/a.yaml")
    (mounted / ".a.yaml").write_text("topics: [half", encoding="utf-8")

    assert [topic.name for topic in select_topics(["topics"], tmp_path).topics] == ["t"]


def test_a_folder_may_itself_stand_in_a_hidden_one(tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "topics"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text(TOPIC, encoding="utf-8")

    assert [topic.name for topic in select_topics([".config/topics"], tmp_path).topics] == ["t"]


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff"])
def test_a_file_that_lost_what_it_held_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")

    (problem,) = told("a.yaml", tmp_path)
    assert problem.endswith("a.yaml: is empty: write it anew, or delete it")
    with pytest.raises(InvalidInput, match="is empty"):
        select_entities(["a.yaml"], tmp_path)


def test_a_file_of_remarks_is_no_problem(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("# none for now\n", encoding="utf-8")

    assert select_topics(["a.yaml"], tmp_path).topics == ()


def test_an_empty_path_is_not_the_folder_one_stands_in(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TOPIC, encoding="utf-8")

    assert "a path is empty" in told("", tmp_path)[0]
    assert [topic.name for topic in select_topics(["."], tmp_path).topics] == ["t"]
