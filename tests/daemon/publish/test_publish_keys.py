"""Which key an article gets in Kafka."""

import pytest

from daemon.publish.keys import LONGEST_KEY, KeyBy, key_of
from daemon.sources.decode import Decoder
from tests.daemon.build import a_line

WHOLE = {"id": "a1", "url": "https://www.example.org/x?utm_source=feed", "source": "الوكالة", "title": "خبر"}


@pytest.mark.parametrize(
    ("name", "fields", "by", "key"),
    [
        ("its id", WHOLE, KeyBy.ID, "a1"),
        ("its address without what says how a reader came", WHOLE, KeyBy.URL, "https://example.org/x"),
        ("its source", WHOLE, KeyBy.SOURCE, "الوكالة"),
        ("nothing", WHOLE, KeyBy.NONE, None),
        ("no id: the address", WHOLE | {"id": None}, KeyBy.ID, "https://example.org/x"),
        ("no address: the id", WHOLE | {"url": None}, KeyBy.URL, "a1"),
        ("no source: the id", WHOLE | {"source": ""}, KeyBy.SOURCE, "a1"),
    ],
)
def test_an_article_has_a_key(name: str, fields: dict[str, object], by: KeyBy, key: str | None) -> None:
    found = key_of(Decoder().decode(a_line(**fields)).article, by)

    assert found == (None if key is None else key.encode())


def test_without_id_and_address_the_same_text_has_the_same_key() -> None:
    first, same, other = (
        key_of(Decoder().decode(a_line(title=title, lang=lang)).article, KeyBy.ID)
        for title, lang in [("خبر", "ar"), ("خبر", ""), ("خبر آخر", "ar")]
    )

    assert first == same != other


def test_a_key_is_never_long() -> None:
    keys = [key_of(Decoder().decode(a_line(id="ع" * length, title="x")).article, KeyBy.ID) for length in (256, 257)]

    assert [len(key or b"") for key in keys] == [LONGEST_KEY, 26]
