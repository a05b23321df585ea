"""What comes ready."""

from processors.packs.builtin import packs


def test_the_pack_has_its_topics_and_football_only_to_be_referred_to() -> None:
    (mena,) = packs()

    assert mena.name == "mena"
    assert {topic.name for topic in mena.loaded.topics if not topic.file.enabled} == {"football"}
    assert {topic.name for topic in mena.loaded.topics if topic.file.enabled} == {
        "egypt-ethiopia-nile",
        "egypt-sudan-relations",
        "gaza-ceasefire",
        "iran-israel",
        "lebanon-israel-border",
        "libya-crisis",
        "red-sea-shipping",
        "sudan-war",
        "syria-egypt-relations",
        "syria-gulf-relations",
        "syria-iraq-relations",
        "syria-israel",
        "syria-lebanon-relations",
        "syria-sanctions",
        "syria-turkey-relations",
        "syrian-refugees",
        "yemen-war",
    }


def test_every_file_has_a_name_that_people_can_find() -> None:
    (mena,) = packs()

    paths = [topic.document.path for topic in mena.loaded.topics] + [path for path, _ in mena.entities]
    assert all(path.startswith("builtin:mena/") for path in paths)
