"""What comes ready."""

from processors.packs.builtin import pack, packs


def test_the_pack_has_its_topics_and_football_only_to_be_referred_to() -> None:
    mena = pack("mena")

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
    for each in packs():
        paths = [topic.document.path for topic in each.loaded.topics] + [path for path, _ in each.entities]
        assert paths
        assert all(path.startswith(f"builtin:{each.name}/") for path in paths)
