"""Lists of words: one a line, a table with a column of values (Taranis), or term trackers (AIL).

A line is a word or a phrase; ``a, b, c;2`` is a set of which two must be there; ``/…/`` is a regular expression; what
follows ``#`` is a remark. A table has a line of names, one of which is ``value``, ``word``, ``term`` or ``keyword``.
"""

import csv
import re
from collections.abc import Iterator
from typing import NamedTuple

from processors.normalize.scripts import has_arabic
from processors.topics.imports.dialect import Dialect
from processors.topics.imports.imported import Imported, Report, Unreadable
from processors.topics.imports.legal import legal
from processors.topics.imports.pieces import Pieces
from processors.topics.imports.topic_file import list_file
from processors.topics.list_problems import entry_trouble
from processors.topics.query.text import QueryError, read_query_text
from processors.topics.query.tree import AtLeast, Phrase, Query, Term

_WORDS = Dialect(title="a list of words", implied="OR", fields={}, unknown={}, has_regex=True)
_VALUES = ("value", "word", "term", "keyword", "phrase", "كلمة", "القيمة")
_LANGUAGES = ("lang", "language", "لغة")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SET = re.compile(r"(?P<words>.+);\s*(?P<count>\d{1,4})")
_EXPRESSION = re.compile(r"/(?P<pattern>.+)/(?P<flags>i?)")
_REMARK = re.compile(r"(?:^|\s)#.*")


class _Entry(NamedTuple):
    """One word or phrase as listed."""

    at: int
    text: str
    language: str


def import_words(source: str, name: str) -> Imported:
    """Raises ``Unreadable``."""
    return _Words(source, name).imported()


class _Words:
    def __init__(self, source: str, name: str) -> None:
        self.source = source
        self.name = name
        self.report = Report(source)
        self.pieces = Pieces(_WORDS, self.report)
        self.terms: dict[str, dict[str, None]] = {}
        self.others: list[Query] = []

    def imported(self) -> Imported:
        entries = list(_table(self.source, self.report)) or list(_lines(self.source))
        for entry in entries:
            self._add(entry)
        if not self.terms and not self.others:
            raise Unreadable(1, 1, "no line holds a word: nothing to import")
        lists = {language: list(words) for language, words in self.terms.items()}
        return list_file(lists, self.others, self.name, self.report)

    def _add(self, entry: _Entry) -> None:
        try:
            text = " ".join(read_query_text(entry.text).text.split())
        except QueryError as error:
            self.report.lost(entry.at, error.message)
            return
        if found := _EXPRESSION.fullmatch(text):
            self._other(self.pieces.regex(entry.at, found["pattern"], f"`{text[:60]}` is looked for in any case"))
        elif found := _SET.fullmatch(text):
            self._set(entry, _parts(found["words"]), int(found["count"]))
        elif len(parts := _parts(text)) > 1:
            self.report.changed(entry.at, "a line with commas is read as several words")
            for part in parts:
                self._word(entry, part)
        else:
            self._word(entry, text.strip(" ,،"))

    def _word(self, entry: _Entry, text: str) -> None:
        text = text.strip('"“”«» ')
        if not any(map(str.isalnum, text)):
            self.report.lost(entry.at, f"`{text[:40]}` holds no letter and no digit: it is left out")
        elif text.startswith(("-", "!")):
            self.report.lost(entry.at, f"`{text[:40]}`: what must not be there belongs into `exclude:`")
        elif "*" not in text and (trouble := entry_trouble(text)) is not None:
            self.report.lost(entry.at, trouble)
        elif "*" in text or "?" in text:
            self._other(self._with_wildcard(entry.at, text))
        else:
            language = entry.language or ("ar" if has_arabic(text) else "und")
            self.terms.setdefault(language, {})[text] = None

    def _with_wildcard(self, at: int, text: str) -> Query | None:
        made = self.pieces.phrase(at, text, exact=False) if " " in text else self.pieces.starred(at, text)
        return legal(made, self.report) if made is not None else None

    def _set(self, entry: _Entry, parts: list[str], count: int) -> None:
        children: list[Query] = []
        for part in dict.fromkeys(parts):  # what stands twice counts once
            if any(map(str.isalnum, part)) and "*" not in part and '"' not in part:
                one = len(part.split()) == 1
                children.append(Term(entry.at, "", part) if one else Phrase(entry.at, "", part))
            else:
                self.report.lost(entry.at, f"`{part[:40]}` in a set is left out: only whole words are counted")
        if not children:
            return
        if not 1 <= count <= len(children):
            told = f"{count} of {len(children)} words can not be: all of them are asked for"
            self.report.lost(entry.at, told)
            count = len(children)
        self._other(children[0] if len(children) == 1 else AtLeast(entry.at, "", count, tuple(children)))

    def _other(self, query: Query | None) -> None:
        if query is not None:
            self.others.append(query)


def _parts(text: str) -> list[str]:
    return [part for each in re.split("[,،]", text) if (part := each.strip())]


def _lines(source: str) -> Iterator[_Entry]:
    at = 0
    for line in source.split("\n"):
        text = _REMARK.sub("", line)
        if text.strip():
            yield _Entry(at + len(text) - len(text.lstrip()), text, "")
        at += len(line) + 1


def _table(source: str, report: Report) -> Iterator[_Entry]:
    """The values of a table; nothing where the first line names no column of values."""
    lines = source.removeprefix("\ufeff").split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return
    delimiter = max(";,\t", key=lines[first].count)
    header = [cell.strip().strip('"').lower() for cell in lines[first].split(delimiter)]
    column = next((number for number, cell in enumerate(header) if cell in _VALUES), None)
    if column is None:
        return
    languages = next((number for number, cell in enumerate(header) if cell in _LANGUAGES), None)
    others = [cell for number, cell in enumerate(header) if number not in (column, languages) and cell]
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    if others:
        report.changed(starts[first], f"only the column `{header[column]}` is taken, not {', '.join(others)}")
    rows = csv.reader((line.rstrip("\r") for line in lines[first + 1 :]), delimiter=delimiter)
    begun = first + 1
    try:
        for row in rows:
            number, begun = begun, first + 1 + rows.line_num
            if len(row) > column and row[column].strip() and not row[column].startswith("#"):
                language = row[languages].strip().lower() if languages is not None and len(row) > languages else ""
                yield _Entry(starts[number], row[column], language if _LANGUAGE.fullmatch(language) else "")
    except csv.Error as error:
        raise report.unreadable(starts[begun], f"not readable as a table: {error}") from None
