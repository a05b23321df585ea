"""The smallest parts of other tools' queries: words with wildcards, phrases with distances, fields, ranges."""

import re

from processors.normalize.scripts import has_arabic
from processors.topics.imports.dialect import Dialect
from processors.topics.imports.imported import Report
from processors.topics.imports.scan import Token, unescaped
from processors.topics.query.ranges import parse_range
from processors.topics.query.regex.compiled import compile_regex
from processors.topics.query.text import QueryError
from processors.topics.query.tree import And, Near, Not, Phrase, Query, Range, Regex, Term
from processors.topics.query.units import FEWEST_LETTERS_BEFORE_STAR

MOST_WORDS_APART = 20
"""Words of one phrase that are joined by NEAR each: longer ones are sentences."""

_RELATIVE = re.compile(r"NOW(?:(-\d{1,6})(MINUTE|HOUR|DAY|WEEK)S?)?(?:/\w+)?", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?)?Z?")


class Pieces:
    """Makes them for one dialect."""

    def __init__(self, dialect: Dialect, report: Report) -> None:
        self.dialect = dialect
        self.report = report
        self.keep_case = 0  # how many ``raw:`` are around
        self.names = False  # inside a field of names, which are compared at their borders

    def piece(self, token: Token) -> Query | None:
        """A word, phrase, expression or address."""
        match token.kind:
            case "phrase":
                return self.phrase(token.at, token.value, exact=bool(self.keep_case))
            case "braces":
                return self.phrase(token.at, token.value, exact=True)
            case "regex":
                return self.regex(token.at, rf"\b(?:{token.value})\b", f"`{token.text}` is held against whole words")
            case "address":
                return Phrase(token.at, "", token.text)
            case "range":
                self.report.lost(token.at, f"`{token.text}` in no field: it is left out")
                return None
            case _:
                return self.word(token)

    def phrase(self, at: int, text: str, *, exact: bool) -> Query | None:
        """Words in order; a wildcard inside becomes a word of its own."""
        words = text.split()
        if not any(map(str.isalnum, text)):
            self.report.lost(at, f"`{text[:40]}` holds no letter and no digit: it is left out")
            return None
        if exact:
            self.report.changed(at, "with its case: an attached particle makes it another word")
            return self._plain(at, text.replace("*", " "), exact=True)
        if not any(sign in text for sign in "*?"):
            return Phrase(at, "", text)
        if len(words) > MOST_WORDS_APART:
            self.report.lost(at, f"a phrase with wildcards of more than {MOST_WORDS_APART} words is left out")
            return None
        self.report.changed(
            at, "a phrase with a wildcard: its words are joined by ONEAR/0 (in this order, none between)"
        )
        row: Query | None = None
        for word in words:
            part = self._word(at, word)
            row = part if row is None else row if part is None else Near(at, "", "ONEAR", 0, row, part)
        return row

    def _plain(self, at: int, text: str, *, exact: bool) -> Query:
        words = text.split()
        return Term(at, "", words[0], exact) if len(words) == 1 else Phrase(at, "", " ".join(words), exact)

    def word(self, token: Token) -> Query | None:
        """A word as it stands in the query."""
        text = token.text
        wildcard = re.search(r"(?<!\\)[*?]", text) is not None
        return self._word(token.at, unescaped(text), wildcard=wildcard)

    def starred(self, at: int, word: str) -> Query | None:
        """A word that may hold wildcards."""
        return self._word(at, word)

    def _word(self, at: int, word: str, *, wildcard: bool = True) -> Query | None:
        if not any(map(str.isalnum, word)):
            self.report.lost(at, f"`{word[:40]}` holds no letter and no digit: it is left out")
            return None
        if self.keep_case:
            return self.phrase(at, word, exact=True)
        if self.names and "*" in word and "?" not in word and "*" not in (inner := word.strip("*").lstrip(".")):
            self.report.changed(at, f"`{word}` needs no star: written {inner}")
            return Term(at, "", inner)
        if not wildcard or not any(sign in word for sign in "*?"):
            return Term(at, "", word.replace("*", " "))
        stem = word[:-1]
        if word.endswith("*") and not any(sign in stem for sign in "*?") and _letters(stem) and stem[-1].isalnum():
            return Term(at, "", stem, prefix=True)
        inner = word.strip("*")
        if has_arabic(word) and word.startswith("*") and not any(sign in inner for sign in "*?"):
            self.report.changed(at, f"`{word}` is written {inner}: attached particles are found without a star")
            return Term(at, "", inner)
        pattern = "".join(r"\w*" if c == "*" else r"\w" if c == "?" else re.escape(c) for c in word)
        return self.regex(at, rf"\b{pattern}\b", f"`{word}` is a regular expression now: no particles, no spellings")

    def regex(self, at: int, pattern: str, told: str) -> Query | None:
        """An expression that our own language reads."""
        try:
            compile_regex(pattern, True)
        except QueryError as error:
            self.report.lost(at, f"{told}, and cannot be read: {error.message}")
            return None
        self.report.changed(at, told)
        return Regex(at, "", pattern, True)

    def spread(self, child: Query | None, token: Token) -> Query | None:
        """What ``~n`` says of the phrase, group or word before it."""
        distance = int(float(token.value or 0))
        match child:
            case Phrase() if not child.exact and (row := _row(child, distance)) is not None:
                told = f"`~{token.value}` is written NEAR/{distance} between the words: in any order"
                self.report.changed(token.at, told)
                return row
            case Phrase() | Term() if child.exact or isinstance(child, Phrase):
                if distance:
                    self.report.lost(token.at, f"`~{token.value}` is left out: the words are looked for as they stand")
                return child
            case And() if not any(isinstance(each, Not) for each in child.children):
                self.report.changed(token.at, f"`~{token.value}` behind ( AND ) is written NEAR/{distance}")
                row = child.children[0]
                for each in child.children[1:]:
                    row = Near(child.at, "", "NEAR", distance, row, each)
                return row
            case None:
                return None
            case _:
                self.report.lost(
                    token.at, "words that are only similar (~) are not looked for: write their forms with OR"
                )
                return child

    def field(self, token: Token) -> str | None:
        """Our name of a field; None where we have none, which is reported."""
        name = token.value.lower()
        if name in self.dialect.fields:
            return self.dialect.fields[name]
        why = self.dialect.unknown.get(name, "articles have no such field here")
        self.report.lost(token.at, f"`{token.value}:` and its value are left out: {why}")
        return None

    def range_in(self, token: Token, name: str, span: Token) -> Query | None:
        """``field:[low TO high]``, ``field:>low``."""
        if name not in ("published", "words"):
            self.report.lost(
                token.at, f"a range of `{token.value}:` is left out: only published: and words: have ranges"
            )
            return None
        low, high = _ends(span.text)
        if span.text[0] in "{<>" and "=" not in span.text:
            self.report.changed(span.at, "a range without its ends: here the ends are in it")
        read = _number if name == "words" else _moment
        ends = f"{read(low)} TO {read(high)}"
        try:
            made: Range = parse_range(token.at, f"{name}:[{ends}]", name, ends, span.at)
        except QueryError as error:
            self.report.lost(span.at, f"the range is left out: {error.message}")
            return None
        return made


def _letters(stem: str) -> bool:
    return sum(map(str.isalnum, re.split(r"[\W_]", stem)[-1])) >= FEWEST_LETTERS_BEFORE_STAR


def _row(phrase: Phrase, distance: int) -> Query | None:
    """The words of a phrase, near one another in any order."""
    words = [word for word in phrase.text.split() if any(map(str.isalnum, word))]
    if not 2 <= len(words) <= MOST_WORDS_APART or not distance:
        return None
    row: Query = Term(phrase.at, "", words[0])
    for word in words[1:]:
        row = Near(phrase.at, "", "NEAR", distance, row, Term(phrase.at, "", word))
    return row


def _ends(text: str) -> tuple[str, str]:
    if text[0] in "<>":
        value = text.lstrip("<>=")
        return ("*", value) if text[0] == "<" else (value, "*")
    low, _, high = text[1:-1].partition(" TO ")
    return low.strip().strip('"'), high.strip().strip('"')


def _number(text: str) -> str:
    return text


def _moment(text: str) -> str:
    if found := _RELATIVE.fullmatch(text):
        unit = {"minute": "m", "hour": "h", "day": "d", "week": "w", "": ""}[(found[2] or "").lower()]
        return f"now{found[1] or ''}{unit}"
    if found := _DATE.fullmatch(text):
        year, month, day, time = found.groups()
        return f"{year}-{month}-{day}" + (f"T{time}" if time else "")
    return text
