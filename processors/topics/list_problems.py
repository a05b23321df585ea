"""What is wrong with the entries of a list. They are words, phrases and @keys: the signs of a query mean nothing there,
and an author who writes them waits for what is never found.
"""

import re
from collections.abc import Iterator

from processors.errors import Problem
from processors.topics.names import Names, unknown_entity
from processors.topics.query.text import told
from processors.topics.query.units import unknown_role
from processors.topics.topic import TermList

_QUERY_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"/.+/i?"), "a regular expression stands in a query, joined with the list by OR"),
    (re.compile(r".*\*.*", re.DOTALL), "no * in a list: write the forms out, or the word with its * in a query"),
    (
        re.compile(r"=.*", re.DOTALL),
        "= stands in a query only: leave it out, or write it there beside the list with OR",
    ),
    (re.compile(r"(?:list|topic):[\w-]+"), "it stands in a query only"),
    (
        re.compile(r"(?=.*[^\WA-Z\d]).*\S (?:OR|AND|NOT|SENTENCE|O?NEAR/\d+) \S.*", re.DOTALL),
        "each word is an entry of its own",
    ),
)
"""Entries as a whole → what is told of them. Words in capitals around an OR are a title, not a query."""


def entry_trouble(word: str) -> str | None:
    """Why a word or phrase of a list would never be found, and what to write; None for an ordinary one."""
    if not any(character.isalnum() for character in word):
        return "holds no letter and no digit: write a word, or delete the entry"
    for sign, remedy in _QUERY_SIGNS:
        if sign.fullmatch(word.strip()):
            return f"{told(word)} is looked for letter by letter: {remedy}"
    return None


def list_problems(held: TermList, names: Names) -> Iterator[Problem]:
    """Everything wrong with what stands in one list."""
    for part, words_of in held.file.words():
        for language, words in words_of.items():
            for number, word in enumerate(words):
                if (trouble := entry_trouble(word) or _is_entity(word, names)) is not None:
                    yield held.document.problem(("lists", held.name, part, language, number), trouble)
    for number, written in enumerate(held.file.entities):
        key, _, role = written.removeprefix("@").partition(".")
        if names.find(key) is None:
            trouble = unknown_entity(key, names, written)
        elif (wrong := unknown_role(role) if "." in written else None) is not None:
            trouble = wrong
        else:
            continue
        yield held.document.problem(("lists", held.name, "entities", number), trouble)


def _is_entity(word: str, names: Names) -> str | None:
    """An entity among words would be looked for as the word that its key is; a handle of nobody known is a word."""
    if not word.startswith("@") or names.find(word[1:].partition(".")[0]) is None:
        return None
    return f"{told(word)} is an entity: write it under `entities:`"
