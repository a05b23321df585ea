"""What people write who come from another tool, or who pasted: each with the words that mend it.

Nothing here is guessed at in their place: the query is refused and the remedy is told.
"""

import re

from processors.topics.query.text import told

_SIGNS = {
    '"': 'a phrase that is not closed: its second " is missing',
    "«": "a phrase that is not closed: » is missing",
    "“": "a phrase that is not closed: ” is missing",
    "”": '” closes a phrase that “ did not open: write “…” or "…"',
    "»": '» closes a phrase that « did not open: write «…» or "…"',
    "„": '„ opens no phrase here: write “…” or "…"',
    "'": 'a phrase stands in double quotes: "…"',
    "‘": "a phrase stands in double quotes: “…”",
    "’": "a phrase stands in double quotes: “…”",
    "[": "a range that is not closed: write [2026-01-01 TO 2026-01-31]",
    "]": "] closes a range that [ did not open",
    "{": "ranges include their ends: write [ … TO … ]",
    "}": "ranges include their ends: write [ … TO … ]",
    "^": "a weight is a number: ^2",
    "~": 'a distance is a number after a phrase: "…"~3',
    "@": "an entity needs its name: @syria or @Q858",
    "=": "= needs the word or phrase that it keeps exact, without a space: =سورية",
    ":": "a field needs its name before the colon and its value right after: title:سوريا",
    "/": "a / begins a regular expression, and it is not closed on this line: write /زيار(ة|ات)/",
    "?": "? stands for no letter here (spellings are found without it): write the forms with OR, or /a regex/",
    "؟": "؟ is no part of a word: leave it out, or write the words as a «phrase»",
    "!": "! means nothing here: write NOT to exclude",
    "+": "+ means nothing here: join with AND what must all be there",
    "-": "- belongs right before what must not be there: -كرة, or write NOT",
    "–": "this is a dash and no minus: write NOT",
    "—": "this is a dash and no minus: write NOT",
    "−": "this is not the minus of the keyboard: write NOT",
    ";": "; joins nothing: write AND or OR",
    "؛": "؛ joins nothing: write AND or OR",
    "<": "comparisons are ranges here: words:[200 TO *]",
    ">": "comparisons are ranges here: words:[200 TO *]",
    "\\": 'nothing is escaped with \\ here: put signs in quotes: "…"',
}

_NAMED = re.compile(r"(?:^|[\s(])(topic|list)$")
_TIME = re.compile(r"\d:\d")


def what_is_wrong_at(query: str, at: int) -> str:
    """Why no token begins at ``at``, and what to write instead."""
    if query[at] == ":" and _TIME.match(query, max(0, at - 1)):
        return "a colon parts words: look for a time or a score with a regular expression: /10:30/"
    if query[at] == ":" and (named := _NAMED.search(query[max(0, at - 6) : at])):
        return f"`{named[1]}:` needs its name right behind it: {named[1]}:football"
    return _SIGNS.get(
        query[at], f"`{query[at]}` has no meaning here: leave it out, or write the words around it as a «phrase»"
    )


def lone_sign(word: str) -> str:
    """What to write in the place of signs that stand alone."""
    return ": write AND" if word in ("&", "+") else ": signs are looked for with a regular expression, /…/"


_NUMBERED = "NEAR|ONEAR|NOTNEAR|ATLEAST|COUNT"
_OPERATOR_WORD = re.compile(rf"(?P<name>{_NUMBERED}|SENTENCE|PARAGRAPH)(?P<rest>/.*)?", re.IGNORECASE)
_OTHERS = {
    "w": "NEAR/{n} (any order) or ONEAR/{n} (in this order)",
    "within": "NEAR/{n} (any order) or ONEAR/{n} (in this order)",
    "adj": "ONEAR/{n} (in this order) or NEAR/{n} (any order)",
    "pre": "ONEAR/{n}",
    "p": "PARAGRAPH",
    "para": "PARAGRAPH",
    "s": "SENTENCE",
    "sent": "SENTENCE",
    "same": "SENTENCE or PARAGRAPH",
    "xor": "(a OR b) AND NOT (a AND b)",
    "andnot": "AND NOT",
    "and-not": "AND NOT",
    "butnot": "AND NOT",
    "ornot": "OR, and NOT in an AND",
}
_OTHER_WORD = re.compile(r"(?P<name>[A-Za-z-]+?)(?:/?(?P<n>\d+)\w{0,2})?")
ITSELF = "; to look for the word itself, put it in quotes"


def wrong_operator(word: str) -> str | None:
    """Why a word that looks like an operator is none; None for an ordinary word."""
    if known := _OPERATOR_WORD.fullmatch(word):
        return _nearly(known["name"], known["rest"], word)
    other = _OTHER_WORD.fullmatch(word)
    if other is None or other["name"].lower() not in _OTHERS:
        return None
    name, number = other["name"].lower(), other["n"]
    with_number = number is not None and ("/" in word or (name == "adj" and word.isupper()))
    if with_number or (word.isupper() and name not in ("w", "p", "s", "para", "sent", "pre", "same")):
        between = "0" if number is None else number
        return f"{told(word)} is no operator here: write {_OTHERS[name].format(n=between)}{ITSELF}"
    return None


def _nearly(name: str, rest: str | None, word: str) -> str | None:
    capitals = name.upper()
    if capitals in ("SENTENCE", "PARAGRAPH"):
        takes_none = f"{told(word)}: {capitals} takes no number: write {capitals}, or NEAR/n for a distance"
        return takes_none if rest is not None else None
    if rest is None:
        needs = f"{told(word)}: {capitals} needs its number, as in {capitals}/3{ITSELF}"
        return needs if name == capitals else None
    number = re.match(r"/(\d+)", rest)
    if number is None:
        return f"{told(word)}: {capitals} needs its number, as in {capitals}/3"
    mended = f"{capitals}/{number[1]}"
    if capitals in ("ATLEAST", "COUNT"):
        return f"{told(word)}: write {mended}( … ), with the parts in parentheses"
    if rest[number.end() :].lower() in ("f", "nf"):
        return f"{told(word)}: write ONEAR/{number[1]} for this order, NEAR/{number[1]} for any order"
    if name != capitals:
        return f"{told(word)}: operators are written in capitals: {mended}"
    return f"{told(word)}: only a number follows {capitals}/: write {mended}"
