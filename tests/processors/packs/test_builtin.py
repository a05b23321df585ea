"""What comes ready: packs and topics by name, each with all that it refers to."""

import pytest

from processors.errors import InvalidInput
from processors.packs.builtin import builtin_names, load_builtin
from processors.topics.topic import load_topics

TOPICS = (
    "football",
    "gaza-ceasefire",
    "red-sea-shipping",
    "syria-egypt-relations",
    "syria-turkey-relations",
    "syrian-refugees",
)


def test_the_names_are_the_pack_and_then_its_topics() -> None:
    assert builtin_names() == ("mena", *TOPICS)


def test_a_pack_holds_all_its_topics_and_lists() -> None:
    paths = [path for path, _ in load_builtin("mena")]
    assert len(paths) == len(set(paths))
    assert {topic.name for topic in load_topics(load_builtin("mena")).topics} == set(TOPICS)
    assert any(path.startswith("builtin:mena/lists/") for path in paths)


def test_the_files_come_in_the_same_order_every_time() -> None:
    paths = [path for path, _ in load_builtin("mena")]
    assert paths == sorted(paths, key=lambda path: ("/lists/" in path, path))


def test_one_topic_brings_the_topics_and_lists_that_it_refers_to_and_no_other_topic() -> None:
    loaded = load_topics(load_builtin("syria-egypt-relations"))
    assert {topic.name for topic in loaded.topics} == {"syria-egypt-relations", "football"}
    assert {"egypt-officials", "syria-officials", "diplomacy", "match-play"} <= {each.name for each in loaded.lists}
    assert "red-sea" not in {each.name for each in loaded.lists}


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(InvalidInput, match="did you mean `syria-egypt-relations`"):
        load_builtin("syria-egypt-relation")


def test_a_name_like_no_other_is_refused_with_all_names() -> None:
    with pytest.raises(InvalidInput, match=r"there are `mena`, .*`syrian-refugees`"):
        load_builtin("zzz")


@pytest.mark.parametrize("name", ["../mena", "mena/topics", "", "MENA"])
def test_a_name_is_no_path(name: str) -> None:
    with pytest.raises(InvalidInput):
        load_builtin(name)
