"""Regular expression → ``Regexp``: RE2's syntax, with classes that know all scripts.

What RE2 lacks (looking ahead, looking back at what was matched) and what no text holds (vowel marks, line breaks) is an
error with its remedy, never an expression that finds nothing.
"""

import re
import unicodedata

from processors.normalize.letters import COMPATIBLE, INVISIBLE, KEPT_MARKS, TATWEEL, VOWEL_MARKS
from processors.topics.query.regex.classes import CLASSES, NAMED
from processors.topics.query.regex.rewrite import NOT_OF_TEXT
from processors.topics.query.regex.tree import Border, Choice, LineEdge, Part, Regexp, Repeated, Row, Single
from processors.topics.query.text import QueryError

LONGEST = 2_000
"""Characters: two hundred words."""

DEEPEST = 30
"""Parentheses inside one another."""

MOST_TIMES = 1000
"""RE2's own bound of a repetition."""

_QUANTIFIER = re.compile(r"[*+?]|\{(\d+)(?:(,)(\d*))?\}")
_PROPERTY = re.compile(r"[pP](?:\{[A-Za-z_]+\}|[LMNPSZC])")
_NAMED_CLASS = re.compile(r"\[:(\^?)(\w+):\]")
_CODE = re.compile(r"x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))")
_GROUP = re.compile(r"\(\?(?:P?<[A-Za-z_]\w*>|(?P<flags>-?i)?:)")
_NEVER_IN_TEXT = re.compile(f"[{VOWEL_MARKS}{TATWEEL}{INVISIBLE}]")
_LOOK = re.compile(r"\(\?<?[=!]")
_BREAKS = "nrfv"


def parse_regex(pattern: str, at: int) -> Regexp:
    """Read what stands between the slashes, which begins at ``at`` of the query. Raises ``QueryError``."""
    if len(pattern) > LONGEST:
        raise QueryError(at, f"a regular expression of more than {LONGEST:,} characters: put words into a list")
    reader = _Reader(pattern, at)
    regexp = reader.choice()
    if reader.next < len(pattern):
        raise reader.error("this ) closes nothing: write \\) for the sign itself")
    return regexp


class _Reader:
    def __init__(self, pattern: str, at: int) -> None:
        self.pattern = pattern
        self.at = at
        self.next = 0
        self.depth = 0

    def error(self, message: str, place: int | None = None) -> QueryError:
        return QueryError(self.at + (self.next if place is None else place), message)

    def peek(self) -> str:
        return self.pattern[self.next : self.next + 1]

    def choice(self) -> Regexp:
        rows = [self.row()]
        while self.peek() == "|":
            self.next += 1
            rows.append(self.row())
        return rows[0] if len(rows) == 1 else Choice(tuple(rows))

    def row(self) -> Regexp:
        parts: list[Regexp] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.repeated())
        return parts[0] if len(parts) == 1 else Row(tuple(parts))

    def repeated(self) -> Regexp:
        start, child = self.next, self.single()
        found = _QUANTIFIER.match(self.pattern, self.next)
        if found is None:
            return child
        self.next = found.end()
        written = found[0]
        if self.peek() == "?":
            written += "?"
            self.next += 1
        if _QUANTIFIER.match(self.pattern, self.next):
            raise self.error("two repetitions in a row: put the first into parentheses")
        if isinstance(child, Border | LineEdge):
            raise self.error("only characters can be repeated, not places between them", start)
        least, most = _times(found)
        if max(least, most or 0) > MOST_TIMES or (most is not None and least > most):
            raise self.error(f"`{found[0]}`: from the smaller number to the larger, at most {MOST_TIMES:,}", start)
        return Repeated(child, written, least, most)

    def single(self) -> Regexp:
        character = self.peek()
        match character:
            case "(":
                return self.part()
            case "[":
                return self.bracket()
            case "\\":
                return self.escaped()
            case "^" | "$":
                self.next += 1
                return LineEdge(character)
            case ".":
                self.next += 1
                return Single(f"[^{NOT_OF_TEXT}]")
            case "*" | "+" | "?":
                raise self.error(f"`{character}` has nothing to repeat: write \\{character} for the sign itself")
            case "{":
                raise self.error("`{` has nothing to repeat: write \\{ for the sign itself")
            case _:
                self._check_letter(character)
                self.next += 1
                return _literal(character)

    def part(self) -> Regexp:
        start = self.next
        any_case = None
        if found := _GROUP.match(self.pattern, start):
            any_case = {"i": True, "-i": False, None: None}[found["flags"]]
            self.next = found.end()
        elif self.pattern.startswith("(?", start):
            if _LOOK.match(self.pattern, start):
                told = "looks ahead or back: write NEAR, NOTNEAR or AND NOT in the query"
            else:
                told = "has no meaning here: write ( … ), or (?i: … ) where case does not matter"
            raise self.error(f"`{self.pattern[start : start + 3]}` {told}")
        else:
            self.next += 1
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error(
                f"more than {DEEPEST} parentheses inside one another: make two expressions, joined by AND or OR", start
            )
        child = self.choice()
        if self.peek() != ")":
            raise self.error("this ( is never closed: ) is missing", start)
        self.depth -= 1
        self.next += 1
        return Part(child, any_case)

    def escaped(self) -> Regexp:
        start = self.next
        character = self.pattern[start + 1 : start + 2]
        if character in ("b", "B"):
            self.next += 2
            return Border(character == "B")
        if character.isdigit() and character:
            raise self.error(f"`\\{character}` would look back at what was matched: write the words out")
        told, is_class = self._escape()
        if not is_class:
            return _literal(told)
        if told.startswith("\\P"):
            return Single(rf"[^\p{told[2:]}{NOT_OF_TEXT}]")
        return Single(f"[{told}]")

    def _escape(self) -> tuple[str, bool]:
        """What a backslash says: one character, or the inside of a class."""
        start = self.next
        character = self.pattern[start + 1 : start + 2]
        if not character:
            raise self.error("nothing follows the \\: write \\\\ for the sign itself")
        if character in CLASSES:
            self.next += 2
            return CLASSES[character], True
        if found := _PROPERTY.match(self.pattern, start + 1):
            self.next = found.end()
            return f"\\{found[0]}", True
        if found := _CODE.match(self.pattern, start + 1):
            code = int(found[1] or found[2], 16)
            if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF or not chr(code).isprintable():
                raise self.error(f"`\\{found[0]}` is no character of a text: write one that can be seen", start)
            self.next = found.end()
            self._check_letter(chr(code), start)
            return chr(code), False
        if character in _BREAKS:
            raise self.error(f"`\\{character}`: an expression is looked for inside one line; for places write ^ and $")
        if character == "t":
            self.next += 2
            return "\t", False
        if character.isalnum():
            raise self.error(f"`\\{character}` has no meaning here: write {character} for the letter itself")
        self.next += 2
        return character, False

    def bracket(self) -> Regexp:
        start = self.next
        self.next += 1
        negated = self.peek() == "^"
        self.next += negated
        pieces: list[str] = []
        first = True
        while (character := self.peek()) != "]" or first:
            if not character:
                raise self.error("this [ is never closed: ] is missing", start)
            pieces.append(self._piece())
            first = False
        self.next += 1
        return Single(f"[{'^' if negated else ''}{''.join(pieces)}{NOT_OF_TEXT if negated else ''}]")

    def _piece(self) -> str:
        """One character, range or class inside brackets."""
        start = self.next
        if found := _NAMED_CLASS.match(self.pattern, start):
            if found[1] or found[2] not in NAMED:
                raise self.error(f"`{found[0]}` is no class of characters: {', '.join(NAMED)}")
            self.next = found.end()
            return NAMED[found[2]]
        low, is_class = self._member()
        if is_class:
            if low.startswith("\\P"):
                raise self.error("\\P inside brackets: write [^\\p{…}]", start)
            return low
        if self.peek() == "-" and self.pattern[self.next + 1 : self.next + 2] not in ("]", ""):
            self.next += 1
            high, high_is_class = self._member()
            if high_is_class or high < low:
                raise self.error(
                    f"`{self.pattern[start : self.next]}` is no range: write the earlier character first, as in [a-z]",
                    start,
                )
            return f"{_code(low)}-{_code(high)}"
        return _code(low)

    def _member(self) -> tuple[str, bool]:
        if self.peek() == "\\":
            if self.pattern[self.next + 1 : self.next + 2] in ("b", "B"):
                raise self.error("\\b is a place, no character: write it outside of the brackets")
            return self._escape()
        character = self.peek()
        self._check_letter(character)
        self.next += 1
        return character, False

    def _check_letter(self, character: str, place: int | None = None) -> None:
        if _NEVER_IN_TEXT.match(character):
            name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
            raise self.error(f"{name}: text is read without vowel marks, tatweel and what is invisible", place)
        if unicodedata.combining(character) and character not in KEPT_MARKS:
            raise self.error("a mark that makes no letter with the one before it is not read: leave it out", place)
        if "\ud800" <= character <= "\udfff":
            raise self.error("half a character: write it anew", place)
        if character in COMPATIBLE:
            raise self.error(f"`{character}` is read as `{COMPATIBLE[character]}`: write that", place)


def _times(found: re.Match[str]) -> tuple[int, int | None]:
    if not found[1]:
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[found[0]]
    least = int(found[1])
    if not found[2]:
        return least, least
    return least, int(found[3]) if found[3] else None


def _literal(character: str) -> Single:
    return Single(_code(character), character if character.isalnum() else "")


def _code(character: str) -> str:
    return character if character.isalnum() else rf"\x{{{ord(character):X}}}"
