"""The ready countries: every demonym form, capitals, and words that only look like them."""

from importlib.resources import files

import pytest

from processors.entities.gazetteer import Gazetteer, load_gazetteer
from processors.errors import InvalidInput
from processors.matchers.index import PatternIndex, compile_patterns
from processors.model import Article
from processors.normalize.text import read_text


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    folder = files("processors.packs").joinpath("mena/entities")
    own = [folder.joinpath(name) for name in ("countries.yaml", "shields.yaml")]
    return load_gazetteer([(file.name, file.read_text(encoding="utf-8")) for file in own])


@pytest.fixture(scope="module")
def index(gazetteer: Gazetteer) -> PatternIndex:
    return compile_patterns(gazetteer.patterns())


def named(gazetteer: Gazetteer, index: PatternIndex, body: str, lang: str = "ar") -> dict[str, str]:
    """Key of what a mention stands for → through what."""
    text = read_text(body)
    mentions = index.find(text, "body")
    decided = gazetteer.resolve(mentions, {"body": text}, Article(id="a", body=body, lang=lang))
    return {gazetteer.entities[each.of].key: each.role.value for each in decided}


# Written by hand, not generated: what an Arabic reader expects for eight countries.
DEMONYMS = {
    "syria": "السوري السورية سوريون السوريين سوريات السوريان للسوريين وسوريين بالسوريين",
    "egypt": "المصري مصرية المصريون مصريين المصريات مصريان المصريتين للمصريين",
    "iraq": "عراقي العراقية العراقيون عراقيين العراقيات",
    "lebanon": "اللبناني لبنانية اللبنانيون لبنانيين للبنانيين",
    "turkey": "الأتراك للأتراك أتراك",
    "russia": "الروسي روسية الروس للروس",
    "morocco": "المغربي مغربية المغاربة للمغاربة",
    "united-states": "الأمريكي الأميركية أمريكيون الأميركيين الأمريكان",
}


@pytest.mark.parametrize(("country", "form"), [(c, form) for c, forms in DEMONYMS.items() for form in forms.split()])
def test_every_form_of_a_demonym_is_known(gazetteer: Gazetteer, index: PatternIndex, country: str, form: str) -> None:
    assert named(gazetteer, index, f"قال {form} أمس") == {country: "demonym"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("عاد إلى سورية", {"syria": "name"}),
        ("ولسوريا موقفها", {"syria": "name"}),
        ("وصل إلى القاهرة", {"cairo": "name", "egypt": "capital"}),
        ("بسبب الظروف القاهرة", {}),
        ("إنه مصر على موقفه", {}),
        ("نشرت واشنطن بوست الخبر", {}),
        ("أذان المغرب", {}),
        ("قطع في الرباط الصليبي", {}),
        ("أنبوب نصف قطر دائرته متر", {}),
        ("تعتبر كبرى المدن", {}),
        ("في مسقط رأسه", {}),
        ("زار سلطنة عمان", {"oman": "name"}),
        ("عمان عاصمة الأردن", {"jordan": "name", "amman": "name"}),
        ("جنوب السودان", {}),
        ("l'Égypte et la Syrie", {"egypt": "name", "syria": "name"}),
        ("Mısır'ın başkenti Kahire", {"egypt": "capital", "cairo": "name"}),
        ("mısır ekmeği", {}),
        ("Suriye'nin kuzeyi", {"syria": "name"}),
        ("they told us it is fine", {}),
        ("the US said", {"united-states": "name"}),
        ("Syria's capital", {"syria": "name"}),
    ],
)
def test_a_name_is_told_from_a_word_like_it(
    gazetteer: Gazetteer, index: PatternIndex, body: str, expected: dict[str, str]
) -> None:
    assert named(gazetteer, index, body) == expected


def test_every_league_member_and_neighbour_is_there(gazetteer: Gazetteer) -> None:
    countries = {entry.key for entry in gazetteer.entities.values() if entry.kind == "country"}

    assert len(countries) == 27


@pytest.mark.parametrize(
    ("yaml", "says"),
    [
        (
            "entities:\n  - {id: Q1, key: a, kind: country, names: {ar: [x]}, nam: 1}\n",
            "f.yaml:2:55: unknown key `nam`, did you mean `names`?",
        ),
        ("entities:\n  - {id: X1, key: a, kind: country, names: {}}\n", "entities.0.id"),
        (
            (
                "entities:\n  - {id: Q1, key: a, kind: country, names: {ar: [x]}}\n"
                "  - {id: Q1, key: b, kind: city, names: {ar: [y]}}\n"
            ),
            "f.yaml:3:10: id `Q1` is also in f.yaml",
        ),
        (
            (
                "entities:\n  - {id: Q1, key: syria, kind: country, names: {ar: [x]}}\n"
                "  - {id: Q2, key: b, kind: city, names: {ar: [y]}, relations: [{role: capital, of: syrai}]}\n"
            ),
            "unknown entity `syrai`, did you mean `syria`?",
        ),
        (
            (
                "entities:\n  - id: Q1\n    key: a\n    kind: person\n    names: {}\n"
                "    relations: [{role: president, of: a, from: 2020-01-02, to: 2020-01-01}]\n"
            ),
            "before it begins",
        ),
    ],
)
def test_a_mistake_in_an_entity_file_is_named_with_its_place(yaml: str, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        load_gazetteer([("f.yaml", yaml)])

    assert says in str(refused.value)
