"""Bytes → Article, or ``InvalidArticle`` with a reason from a closed set. Pure.

Hostile bytes cost no more than their length and never anything but ``InvalidArticle``.
"""

import codecs
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import msgspec

from processors.errors import InvalidArticle
from processors.ids import digest
from processors.model import Article
from processors.normalize.url import canonical_url
from processors.yaml_document import nearest

MAX_BYTES = 1024 * 1024
"""Part of the contract with publishers: no article is longer, and no record may make us hold more."""

MAX_DEPTH = 64
"""Publishers' objects are two or three deep; more is a mistake or an attack on the parser's stack."""

FIRST_YEAR = 1800
"""News archives begin here. Earlier dates, and the clock's zero, stand for "no date" in publishers' data."""

ARTICLE_FIELDS = tuple(field for field in Article.__struct_fields__)


def check_fields(fields: dict[str, str]) -> dict[str, str]:
    """A mapping of article fields to dotted paths. ``ValueError`` says what is wrong with it."""
    for ours, theirs in fields.items():
        if ours not in ARTICLE_FIELDS:
            raise ValueError(f"unknown article field `{ours}`{nearest(ours, ARTICLE_FIELDS)}")
        if not theirs or not all(theirs.split(".")):
            raise ValueError(f"`{ours}`: {theirs!r} is no path: write names with dots between, like content.text")
    return fields


class Reason(StrEnum):
    """Why a record is no article. Also a metric label and the dead letter's ``reason``."""

    OVERSIZE = "oversize"
    ENCODING = "encoding"
    NOT_JSON = "not_json"
    NESTED = "nested"
    NOT_OBJECT = "not_object"
    WRONG_TYPE = "wrong_type"
    EMPTY = "empty"
    NOTHING_TO_READ = "nothing_to_read"


class Decoded(msgspec.Struct, frozen=True, gc=False):
    """An article, and whether its date had to be ignored."""

    article: Article
    bad_date: bool


class _Wire(msgspec.Struct):
    """An article as published. ``None`` stands for an absent field."""

    id: str | None = None
    url: str | None = None
    title: str | None = None
    body: str | None = None
    source: str | None = None
    published_at: Any = None  # an unreadable date is no reason to lose an article
    lang: str | None = None
    author: str | None = None
    section: str | None = None
    tags: tuple[str, ...] | None = None


_wire_decoder = msgspec.json.Decoder(_Wire)
_any_decoder = msgspec.json.Decoder()


class Decoder:
    """Reads the records of one source. ``fields`` maps our names to dotted paths in the publisher's object."""

    def __init__(self, fields: Mapping[str, str] | None = None) -> None:
        self._paths = {ours: theirs.split(".") for ours, theirs in (fields or {}).items()}

    @property
    def names(self) -> tuple[str, str]:
        """The keys under which the publisher writes id and address."""
        id_, url = (self._paths.get(name, [name])[-1] for name in ("id", "url"))
        return id_, url

    def decode(self, value: bytes) -> Decoded:
        """The article in ``value``. Raises ``InvalidArticle``."""
        if len(value) > MAX_BYTES:
            raise InvalidArticle(Reason.OVERSIZE, f"longer than {MAX_BYTES} bytes")
        wire = self._mapped(value) if self._paths else _plain(value)
        title, body = wire.title or "", wire.body or ""
        if not title.strip() and not body.strip():
            raise InvalidArticle(Reason.NOTHING_TO_READ, "title and body are both empty")
        url = wire.url or ""
        published_at = _date(wire.published_at)
        article = Article(
            id=wire.id or canonical_url(url) or digest("text", title, body),
            url=url,
            title=title,
            body=body,
            source=wire.source or "",
            published_at=published_at,
            lang=wire.lang or "",
            author=wire.author or "",
            section=wire.section or "",
            tags=wire.tags or (),
        )
        return Decoded(article, bad_date=published_at is None and wire.published_at not in (None, ""))

    def _mapped(self, value: bytes) -> _Wire:
        parsed = _parse(value, _any_decoder)
        if not isinstance(parsed, dict):
            raise InvalidArticle(Reason.NOT_OBJECT, f"a JSON object is expected, not {_kind(parsed)}")
        taken = {name: _at(parsed, self._paths.get(name, [name])) for name in ARTICLE_FIELDS}
        return _convert(taken)


def is_tombstone(value: bytes | None) -> bool:
    """Whether a record says that there is nothing: no value, or JSON's null."""
    return value is None or (len(value) < 16 and value.strip() == b"null")


def _plain(value: bytes) -> _Wire:
    try:
        wire = _wire_decoder.decode(value)
        # Without so many brackets nothing is that deep, and counting them costs next to nothing.
        if value.count(b"[") + value.count(b"{") > MAX_DEPTH:
            _refuse_deep(value)
        return wire
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # The common way has failed: find out why, and read what can be read after all.
        parsed = _parse(value, _any_decoder)
    if not isinstance(parsed, dict):
        raise InvalidArticle(Reason.NOT_OBJECT, f"a JSON object is expected, not {_kind(parsed)}")
    return _convert({name: parsed[name] for name in ARTICLE_FIELDS if name in parsed})


def _convert(taken: dict[str, Any]) -> _Wire:
    try:
        return msgspec.convert(taken, _Wire)
    except msgspec.ValidationError as error:
        raise InvalidArticle(Reason.WRONG_TYPE, str(error)) from None


def _parse(value: bytes, decoder: "msgspec.json.Decoder[Any]") -> Any:
    text = _utf8(value)
    if not text.strip():
        raise InvalidArticle(Reason.EMPTY, "the record is empty")
    _refuse_deep(value)
    try:
        return decoder.decode(text)
    except msgspec.DecodeError as error:
        return _with_lone_surrogates(text, str(error))


def _utf8(value: bytes) -> str:
    if value.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InvalidArticle(Reason.ENCODING, "UTF-16: publish articles in UTF-8")
    if b"\0" in value[:4] and value.strip(b"\0 \t\r\n"):
        raise InvalidArticle(Reason.ENCODING, "UTF-16 or UTF-32 without a mark: publish articles in UTF-8")
    try:
        return value.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidArticle(
            Reason.ENCODING, f"not UTF-8 (byte {error.start}): is it windows-1256? Publish articles in UTF-8"
        ) from None


def _with_lone_surrogates(text: str, problem: str) -> Any:
    """Half of a pair (an emoji cut in two) becomes U+FFFD: one character for one, so positions hold."""
    if "\\u" not in text:
        raise InvalidArticle(Reason.NOT_JSON, problem)
    try:
        return _without_surrogates(json.loads(text, parse_constant=_no_constant))
    except (ValueError, RecursionError):
        raise InvalidArticle(Reason.NOT_JSON, problem) from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_SURROGATE = re.compile("[\ud800-\udfff]")


def _without_surrogates(parsed: Any) -> Any:
    """The depth was checked before."""
    if isinstance(parsed, str):
        return _SURROGATE.sub("�", parsed)
    if isinstance(parsed, list):
        return [_without_surrogates(each) for each in parsed]
    if isinstance(parsed, dict):
        return {_without_surrogates(key): _without_surrogates(value) for key, value in parsed.items()}
    return parsed


_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|$)|[\[\]{}]', re.DOTALL)


def _refuse_deep(value: bytes) -> None:
    """One rule for the whole record: what nobody looks at is no deeper than what is read."""
    depth = 0
    for token in _STRUCTURE.finditer(value):  # of UTF-8, where these characters are never part of another
        first = value[token.start()]
        if first in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise InvalidArticle(Reason.NESTED, f"objects and lists are nested deeper than {MAX_DEPTH}")
        elif first in b"]}":
            depth -= 1


def _at(parsed: Any, path: list[str]) -> Any:
    for step in path:
        if isinstance(parsed, dict):
            parsed = parsed.get(step)
        elif isinstance(parsed, list) and step.isascii() and step.isdigit() and len(step) < 6:
            parsed = parsed[int(step)] if int(step) < len(parsed) else None
        else:
            return None
    return parsed


def _kind(parsed: Any) -> str:
    return {list: "a list", str: "a text", bool: "a truth value"}.get(type(parsed), "a number")


def _date(written: Any) -> datetime | None:
    """RFC 3339, or a bare date, which is its midnight in UTC. None where it names no moment that can be."""
    if not isinstance(written, str) or len(written) > 64:
        return None
    try:
        moment = datetime.fromisoformat(written.strip().upper())
        if moment.tzinfo is None:
            if len(written.strip()) > len("2026-01-31"):
                return None  # a time somewhere: RFC 3339 asks for an offset, and guessing one is a day's error
            moment = moment.replace(tzinfo=UTC)
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year >= FIRST_YEAR and moment.timestamp() != 0 else None
