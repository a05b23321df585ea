"""Bytes become an article, or a reason from a closed set."""

import json
from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.sources.decode import MAX_BYTES, MAX_DEPTH, Decoder, Reason, is_tombstone
from processors.errors import InvalidArticle
from tests.growth import TIMES_AS_LONG, grows_no_faster_than_its_length

REJECTED = [
    ("too long", b'{"title": "' + b"x" * MAX_BYTES + b'"}', Reason.OVERSIZE),
    ("empty", b"", Reason.EMPTY),
    ("blank", b"  \t\r\n", Reason.EMPTY),
    ("no JSON", b"once upon a time", Reason.NOT_JSON),
    ("cut", b'{"title": "a', Reason.NOT_JSON),
    ("NaN", b'{"title": NaN, "x": "\\u0041"}', Reason.NOT_JSON),
    ("two objects", b'{"title": "a"}{"title": "b"}', Reason.NOT_JSON),
    ("a list", b'[{"title": "a"}]', Reason.NOT_OBJECT),
    ("a number", b"17", Reason.NOT_OBJECT),
    ("a truth value", b"true", Reason.NOT_OBJECT),
    ("a text", b'"title"', Reason.NOT_OBJECT),
    ("title a number", b'{"title": 5, "body": "a"}', Reason.WRONG_TYPE),
    ("body a list", b'{"title": "a", "body": ["b"]}', Reason.WRONG_TYPE),
    ("id a number", b'{"id": 5, "title": "a"}', Reason.WRONG_TYPE),
    ("tags a text", b'{"title": "a", "tags": "b"}', Reason.WRONG_TYPE),
    ("a tag null", b'{"title": "a", "tags": [null]}', Reason.WRONG_TYPE),
    ("nothing", b"{}", Reason.NOTHING_TO_READ),
    ("only blanks", '{"title": " ", "body": "\\n\u00a0"}'.encode(), Reason.NOTHING_TO_READ),
    ("nulls", b'{"title": null, "body": null}', Reason.NOTHING_TO_READ),
    ("UTF-16 with a mark", '{"title": "مصر"}'.encode("utf-16"), Reason.ENCODING),
    ("UTF-16 without", '{"title": "مصر"}'.encode("utf-16-be"), Reason.ENCODING),
    ("UTF-16 little end", '{"title": "مصر"}'.encode("utf-16-le"), Reason.ENCODING),
    ("windows-1256", '{"title": "مصر"}'.encode("cp1256"), Reason.ENCODING),
    ("cut character", '{"title": "مصر"}'.encode()[:-3] + b'"}', Reason.ENCODING),
    ("lists in lists", b'{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", Reason.NESTED),
    ("objects in objects", b'{"x": ' + b'{"x":' * 100_000 + b"1" + b"}" * 100_001, Reason.NESTED),
]


@pytest.mark.parametrize(("name", "value", "reason"), REJECTED, ids=[row[0] for row in REJECTED])
def test_what_is_no_article_is_told_why(name: str, value: bytes, reason: Reason) -> None:
    with pytest.raises(InvalidArticle) as caught:
        Decoder().decode(value)

    assert caught.value.reason == reason


def test_the_reason_for_a_wrong_type_names_the_field() -> None:
    with pytest.raises(InvalidArticle, match=r"\$\.title"):
        Decoder().decode(b'{"title": 5}')


def test_every_field_arrives() -> None:
    fields = {
        "id": "7",
        "url": "https://example.org/a",
        "title": "عنوان",
        "body": "نص",
        "source": "example.org",
        "published_at": "2026-03-01T10:00:00+03:00",
        "lang": "ar-EG",
        "author": "كاتب",
        "section": "عالم",
        "tags": ["أ", "ب"],
        "unknown": {"ignored": [1, 2]},
    }

    article = Decoder().decode(json.dumps(fields).encode()).article

    assert article.published_at is not None
    assert article.published_at.isoformat() == "2026-03-01T07:00:00+00:00"
    assert article.tags == ("أ", "ب")
    shown = (article.id, article.url, article.title, article.body, article.source, article.lang)
    assert shown == ("7", fields["url"], "عنوان", "نص", "example.org", "ar-EG")
    assert (article.author, article.section) == ("كاتب", "عالم")


def test_a_missing_id_is_the_canonical_address_and_else_a_hash_of_the_text() -> None:
    decode = Decoder().decode
    by_url = decode(b'{"title": "a", "url": "https://example.org/x?utm_source=y#z"}').article.id
    by_text, again, other = (decode(each).article.id for each in (b'{"title": "a"}', b'{"title":"a"}', b'{"body":"a"}'))

    assert by_url == "https://example.org/x"
    assert by_text == again != other


DATES = [
    ("RFC 3339", "2026-03-01T10:00:00Z", True),
    ("small letters", "2026-03-01t10:00:00z", True),
    ("fractions", "2026-03-01T10:00:00.123456+02:00", True),
    ("a bare day", "2026-03-01", True),
    ("no offset", "2026-03-01T10:00:00", False),
    ("words", "yesterday", False),
    ("impossible day", "2026-02-30T10:00:00Z", False),
    ("the clock's zero", "1970-01-01T00:00:00Z", False),
    ("year one", "0001-01-01T00:00:00+14:00", False),
    ("a number", 1_700_000_000, False),
    ("an object", {"$date": 1}, False),
    ("very long", "2026-03-01T10:00:00Z" + " " * 100, False),
]


@pytest.mark.parametrize(("name", "written", "readable"), DATES, ids=[row[0] for row in DATES])
def test_an_unreadable_date_is_counted_and_loses_no_article(name: str, written: object, readable: bool) -> None:
    decoded = Decoder().decode(json.dumps({"title": "a", "published_at": written}).encode())

    assert (decoded.article.published_at is not None) is readable
    assert decoded.bad_date is not readable


@pytest.mark.parametrize("written", [b"null", b'""'])
def test_an_absent_date_is_no_bad_date(written: bytes) -> None:
    assert not Decoder().decode(b'{"title": "a", "published_at": ' + written + b"}").bad_date


def test_a_byte_order_mark_is_no_reason_to_lose_an_article() -> None:
    assert Decoder().decode(b'\xef\xbb\xbf{"title": "a"}').article.title == "a"


def test_half_a_surrogate_pair_becomes_one_character_so_that_positions_hold() -> None:
    assert Decoder().decode(rb'{"title": "a\ud83db", "x\udc00": ["\udc00"]}').article.title == "a�b"


@pytest.mark.parametrize("fields", [{}, {"title": "headline"}], ids=["as published", "mapped"])
@pytest.mark.parametrize(
    ("depth", "read"),
    [(MAX_DEPTH, True), (MAX_DEPTH + 1, False), (200, False)],
    ids=["at the limit", "over", "far over"],
)
def test_how_deep_a_record_may_be_is_one_rule_also_where_nobody_looks(
    fields: dict[str, str], depth: int, read: bool
) -> None:
    inner = depth - 1  # the record itself is the first
    value = b'{"title": "a", "headline": "a", "extra": ' + b"[" * inner + b"]" * inner + b"}"

    with nullcontext() if read else pytest.raises(InvalidArticle, match=Reason.NESTED):
        Decoder(fields).decode(value)


def test_many_objects_beside_each_other_are_not_deep() -> None:
    value = b'{"title": "' + b"[{" * 100 + b'", "extra": [' + b"{}," * 100 + b"{}]}"

    assert Decoder().decode(value).article.title == "[{" * 100


def test_publishers_fields_are_mapped_by_dotted_paths() -> None:
    decoder = Decoder({"title": "headline", "body": "content.text", "author": "by.0.name"})

    article = decoder.decode(
        b'{"headline": "a", "title": "x", "content": {"text": "b"}, "by": [{"name": "c"}], "lang": "ar"}'
    ).article

    assert (article.title, article.body, article.author, article.lang) == ("a", "b", "c", "ar")


def test_a_mapped_field_that_is_not_there_is_absent() -> None:
    decoder = Decoder({"body": "content.text"})

    assert decoder.decode(b'{"title": "a", "content": "no object"}').article.body == ""


@pytest.mark.parametrize(("value", "tombstone"), [(None, True), (b"null", True), (b" null\n", True), (b"{}", False)])
def test_a_null_value_is_a_tombstone(value: bytes | None, tombstone: bool) -> None:
    assert is_tombstone(value) is tombstone


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_an_article_or_a_reason(value: bytes) -> None:
    try:
        assert Decoder().decode(value).article.id
    except InvalidArticle as error:
        assert error.reason in set(Reason)


@pytest.mark.parametrize(
    ("begin", "repeated"), [(b'{"a":"', b"\\"), (b"", b'"'), (b"", b"["), (b'{"a":"\\ud800', b"x")]
)
def test_hostile_bytes_cost_no_more_than_their_length(begin: bytes, repeated: bytes) -> None:
    def refused(value: bytes) -> None:
        with pytest.raises(InvalidArticle):
            Decoder().decode(value)

    part, whole = (begin + repeated * (1_000_000 // times) for times in (TIMES_AS_LONG, 1))

    assert grows_no_faster_than_its_length(refused, part, whole)
