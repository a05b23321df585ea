"""Names as light evidence: found with particles and in any language, the longest first, never inside other words."""

import pytest

from processors.stories.known_names import KnownNames
from processors.stories.words import words_of

NAMES = KnownNames(
    [
        ("سوريا", "Q858"),
        ("سورية", "Q858"),
        ("السوري", "Q858"),
        ("القاهرة", "Q85"),
        ("مصر", "Q79"),
        ("قوات سوريا الديمقراطية", "Q18168834"),
        ("Syria", "Q858"),
        ("Côte d'Ivoire", "Q1008"),
        ("Suriye", "Q858"),
        ("تونس", "Q948"),
        ("تونس", "Q3572"),
    ]
)


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("وفد من سوريا في القاهرة", ("Q858", "Q85")),
        ("ولسوريا وبمصر", ("Q858", "Q79")),
        ("زيارة للقاهرة", ("Q85",)),
        ("وللقاهرة فبسوريا", ("Q85", "Q858")),
        ("الوفد السوري", ("Q858",)),
        ("قوات سوريا الديمقراطية تنسحب", ("Q18168834",)),
        ("قوات سوريا", ("Q858",)),
        ("Suriye heyeti; SYRIA says", ("Q858",)),
        ("en Cote d’Ivoire", ("Q1008",)),
        ("مصران ومصرع", ()),
        ("تونس", ("Q948",)),
        ("", ()),
    ],
)
def test_names_are_found_as_they_are_written(text: str, entities: tuple[str, ...]) -> None:
    assert NAMES.found(words_of(text)) == entities


def test_the_last_word_of_a_longer_name_that_is_cut_off_names_nothing() -> None:
    assert NAMES.found(words_of("قوات")) == ()


def test_a_name_longer_than_any_known_one_is_left_out() -> None:
    assert len(KnownNames([("a b c d e f g", "Q1"), ("", "Q2"), ("ab", "Q3")])) == 0


def test_names_that_come_after_others_change_none_of_those() -> None:
    more = KnownNames([("مصر", "Q1"), ("القاهرة الجديدة", "Q2")], after=NAMES)

    assert more.found(words_of("من مصر إلى القاهرة الجديدة ثم سوريا")) == ("Q79", "Q2", "Q858")
    assert NAMES.found(words_of("من مصر إلى القاهرة الجديدة")) == ("Q79", "Q85")
