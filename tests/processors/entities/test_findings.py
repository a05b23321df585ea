"""What is told of entities that can be used but are probably not meant so."""

import pytest

from processors.entities.entity_files import read_entity_files
from processors.entities.findings import lint_entities
from processors.packs.builtin import entity_files

COMMON = """
entities:
  - {id: Q79, key: egypt, kind: country, names: {ar: [{name: مصر, not: [بنك مصر]}], en: [Egypt]},
     demonyms: {ar: {regular: [مصري]}}}
  - {id: rasid:first, key: first, kind: person, names: {ar: [زيد الأول]},
     relations: [{role: president, of: egypt, from: 2014-06-08, to: 2020-01-01}]}
"""


def findings(*entities: str) -> list[tuple[str, str]]:
    """Code and message of all that is found in a file with these entries."""
    text = "entities:\n" + "".join(f"  - {each}\n" for each in entities)
    read = read_entity_files([("common.yaml", COMMON), ("own.yaml", text)])
    return [(each.code, each.problem.message) for each in lint_entities(read, ["own.yaml"])]


def named(name: str) -> str:
    return f"{{id: rasid:a, key: a, kind: place, names: {{ar: [{name}]}}}}"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("مصر", "ENT101"),
        ("اجتماع", "ENT102"),
        ("قم", "ENT103"),
        ("{name: مصر, strong: no, needs: [نيل]}", ""),
        ("{name: اجتماع, quoted: yes}", ""),
        ("{name: اجتماع, not: [قاعة اجتماع]}", ""),
        ("{name: UN, case: exact}", ""),
        ("قناة الدلتا", ""),
    ],
)
def test_a_name_that_means_more_needs_support(name: str, code: str) -> None:
    assert [found for found, _ in findings(named(name))] == ([code] if code else [])


def test_the_remedy_can_be_copied_and_the_other_is_named() -> None:
    ((_, message),) = findings(named("مصر"))

    assert "`egypt`" in message
    assert "{name: مصر, strong: no, needs: […]}" in message


def test_names_in_the_letters_of_another_language_are_their_own() -> None:
    assert findings("{id: rasid:a, key: a, kind: place, names: {fa: [مصر]}}") == []


def test_forgotten_forms_of_a_demonym_are_told() -> None:
    entry = "{id: rasid:a, key: a, kind: place, names: {ar: [دلتا الخير]}, demonyms: {ar: {masculine: [دلتاوي]}}}"

    ((code, message),) = findings(entry)

    assert code == "ENT201"
    assert "regular: [دلتاوي]" in message


def test_where_there_is_a_broken_plural_nobody_says_the_sound_one() -> None:
    forms = "masculine: [دلتاوي, دلتاويا], feminine: [دلتاوية], plurals: [دلاتوة, دلتاويات]"
    dual = "dual: [دلتاويان, دلتاويتان, دلتاويتين]"

    assert findings(
        f"{{id: rasid:a, key: a, kind: place, names: {{ar: [دلتا الخير]}}, demonyms: {{ar: {{{forms}, {dual}}}}}}}"
    ) == []  # fmt: skip


def test_a_complete_demonym_is_not_told() -> None:
    assert findings(
        "{id: rasid:a, key: a, kind: country, names: {ar: [دلتا الخير]}, demonyms: {ar: {regular: [دلتاوي]}}}"
    ) == []  # fmt: skip


def test_a_country_without_demonyms_is_told() -> None:
    assert [code for code, _ in findings("{id: rasid:a, key: a, kind: country, names: {ar: [دلتا الخير]}}")] == [
        "ENT202"
    ]


@pytest.mark.parametrize(
    ("relation", "codes"),
    [
        ("role: president, of: egypt, from: 2019-01-01", ["ENT301"]),
        ("role: president, of: egypt, from: 2020-01-01", []),
        ("role: president, of: egypt, from: 2019-01-01, status: rival", []),
        ("role: minister, of: egypt, from: 2019-01-01", []),
    ],
)
def test_two_holders_of_one_office_are_told_but_not_the_day_of_handing_over(relation: str, codes: list[str]) -> None:
    entry = f"{{id: rasid:b, key: b, kind: person, names: {{ar: [عمرو الثاني]}}, relations: [{{{relation}}}]}}"

    assert [code for code, _ in findings(entry)] == codes


def test_a_finding_tells_its_place_and_its_code() -> None:
    read = read_entity_files([("own.yaml", f"entities:\n  - {named('قم')}\n")])

    (finding,) = lint_entities(read, ["own.yaml"])

    assert str(finding).startswith("own.yaml:2:53: ENT103: `قم` has 2 letters")


def test_the_ready_places_have_nothing_to_be_told() -> None:
    files = entity_files()
    places = [path for path, _ in files if "world/" in path or "countries" in path or "cities" in path]

    told = lint_entities(read_entity_files(files), places)

    # Three islands of which Arabic news has no demonym.
    assert [str(finding) for finding in told if finding.code != "ENT202"] == []
