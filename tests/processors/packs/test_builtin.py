"""What comes ready."""

from processors.packs.builtin import packs


def test_the_pack_has_its_topics_and_football_only_to_be_referred_to() -> None:
    (mena,) = packs()

    assert mena.name == "mena"
    assert {topic.name: topic.file.enabled for topic in mena.loaded.topics} == {
        "football": False,
        "gaza-ceasefire": True,
        "iran-israel": True,
        "red-sea-shipping": True,
        "syria-egypt-relations": True,
        "syria-turkey-relations": True,
        "syrian-refugees": True,
    }


def test_every_file_has_a_name_that_people_can_find() -> None:
    (mena,) = packs()

    paths = [topic.document.path for topic in mena.loaded.topics] + [path for path, _ in mena.entities]
    assert all(path.startswith("builtin:mena/") for path in paths)
