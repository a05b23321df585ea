"""Which names are looked for because others are watched."""

import pytest

from processors.entities.gazetteer import load_gazetteer

ENTITIES = """
entities:
  - {id: rasid:qamar, key: qamar, kind: country, names: {ar: [قمر]}, demonyms: {ar: [قمري]}}
  - id: rasid:adel
    key: adel
    kind: person
    names:
      ar:
        - عادل النجار
        - {name: النجار, strong: no, needs: [وزارة, "@qamar"], not: [ورشة النجار], unless: [خشب]}
    relations: [{role: president, of: qamar}]
  - id: rasid:other
    key: other
    kind: person
    names: {ar: [سعيد النجار, {name: النجار, strong: no, needs: [مسرح], not_words: [النجارة]}]}
  - {id: rasid:party, key: party, kind: party, names: {ar: [حزب قمر الجديد]}}
  - {id: rasid:joined, key: joined, kind: person, names: {ar: [عبد الله القمري]}}
  - {id: rasid:far, key: far, kind: city, names: {ar: [الزيتونة]}}
"""


@pytest.mark.parametrize(
    ("watched", "relevant", "not_relevant"),
    [
        ("qamar", "قمر قمري", "الزيتونة"),
        ("qamar", "حزب_قمر_الجديد", ""),  # it may stand inside
        ("qamar", "عبد_الله_القمري", ""),  # ال may have been written before
        ("qamar", "النجار عادل_النجار", ""),  # who speaks for it
        ("adel", "وزارة خشب ورشة_النجار قمر", "الزيتونة"),  # what supports the name, speaks against it, blocks it
        ("adel", "سعيد_النجار مسرح", ""),  # who may be meant in his place, and what that one needs
        ("far", "الزيتونة", "قمر النجار حزب_قمر_الجديد وزارة مسرح"),
    ],
)
def test_what_decides_about_a_watched_name_is_looked_for(watched: str, relevant: str, not_relevant: str) -> None:
    gazetteer = load_gazetteer([("e.yaml", ENTITIES)])

    found = {gazetteer.patterns()[number].surface for number in gazetteer.relevant(gazetteer.watch(watched, None))}

    assert found >= {each.replace("_", " ") for each in relevant.split()}
    assert found.isdisjoint(each.replace("_", " ") for each in not_relevant.split())
