"""Writes the table of surface forms from the rules of written Arabic (and English, French, Turkish).

    python -m scripts.write_surface_forms

``tests/cases/surface_rules.toml`` says what may be written onto which words. Here it is only crossed: nothing of how
matching is done is used, so that the table can contradict it. A form that two rules judge differently is an error.
"""

import sys
import tomllib
from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from evaluation.surface_table import CASES, GENERATED, NONE, Row, escaped
from scripts.latin_forms import latin_forms
from scripts.spellings import Spelling, drawn, spellings

RULES = CASES / "surface_rules.toml"

HEAD = """# Made from surface_rules.toml by `make docs`. Do not edit; a test fails while it is out of date.
# kind, watched word, group, text, level at which it is found ("none": it is not), what is highlighted.
"""


class Form(NamedTuple):
    """A written form of one word."""

    group: str
    text: str
    level: str
    shown: str


def main() -> int:
    """Write the file; 0 when done."""
    rules = tomllib.loads(RULES.read_text(encoding="utf-8"))
    GENERATED.write_text(table(rules), encoding="utf-8")
    return 0


def table(rules: dict[str, Any]) -> str:
    """The whole file."""
    return HEAD + "".join("\t".join(map(escaped, _fields(row))) + "\n" for row in rows(rules))


def rows(rules: dict[str, Any]) -> Iterator[Row]:
    """Every row, word by word."""
    number = 0
    for held in rules["words"]:
        for word in held["written"]:
            number += 1
            kind = held["kind"]
            if kind in ("en", "fr", "tr"):
                forms = latin_forms(rules["latin"], kind, word)
            else:
                forms = _arabic(_thinned(rules, kind, number), kind, word)
            yield from _agreed(kind, word, list(map(Form._make, forms)))
    for name in rules["names"]:
        yield from _agreed(*_of_name(rules, name))


def _thinned(rules: dict[str, Any], kind: str, number: int) -> dict[str, Any]:
    """A third of the marks and of the surroundings for each word, another third for the next one: what can be read."""
    front = {**rules["front"], "crossed": rules["front"]["crossed_article" if kind == "article" else "crossed"]}
    marks = {**rules["marks"], "inside": rules["marks"]["inside"][number % 3 :: 3]}
    around = {name: frames[number % 3 :: 3] for name, frames in rules["around"].items()}
    return {**rules, "front": front, "marks": marks, "around": around}


def _fields(row: Row) -> tuple[str, ...]:
    return row.kind, row.word, row.group, row.text, row.level, row.shown


def _agreed(kind: str, word: str, forms: list[Form]) -> Iterator[Row]:
    told: dict[str, Form] = {}
    for form in forms:
        first = told.setdefault(form.text, form)
        if first[2:] != form[2:]:
            raise ValueError(f"the rules contradict one another on {word}: {first} and {form}")
    for form in told.values():
        yield Row(kind, word, *form)


# ── Arabic words ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _arabic(rules: dict[str, Any], kind: str, word: str) -> Iterator[tuple[str, str, str, str]]:
    front = rules["front"]
    allowed = front["short"] if kind == "short" else front["every"]
    if kind == "article":  # with ل it is written otherwise
        allowed = [particles for particles in allowed if not particles.endswith("ل")]
    found = "inflected" if kind == "demonym" else "exact"
    yield "proclitic", word, found, word
    for particles in allowed:
        yield "proclitic", particles + word, _wider(found, "attached"), word
    for particles in (*front["refused"], *(front["short_refused"] if kind == "short" else ())):
        if not (kind == "verb" and particles in front["future"]):
            yield "proclitic", particles + word, NONE, ""
    if kind == "verb":
        for particles in front["future"]:
            yield "proclitic", particles + word, "attached", word
    yield from _with_article(front, kind, word, found)
    yield from _with_ending(rules, kind, word)
    yield from _written_otherwise(rules, kind, word, found)
    yield from _marked(rules, kind, word, found)
    for frame in rules["around"]["found"]:
        yield "punctuation", frame.replace("X", word), found, word
    for frame in rules["around"]["refused"]:
        yield "punctuation", frame.replace("X", word), NONE, ""


def _with_article(front: dict[str, Any], kind: str, word: str, found: str) -> Iterator[tuple[str, str, str, str]]:
    level = _wider(found, "attached")
    if kind in ("common", "demonym", "number"):
        for particles in front["article"]:
            yield "article", particles + word, level, "ال" + word
        for particles in front["elided"]:
            yield "article", particles + word, level, word
    elif kind == "article":
        bare = word.removeprefix("ال")
        left = bare if bare.startswith("ل") else "ل" + bare  # ل + اللاذقية is written للاذقية
        for particles in front["elided"]:
            yield "article", particles[:-1] + left, level, left
        yield "article", bare, NONE, ""
        for particles in front["elided_refused"]:
            yield "article", particles[:-1] + left, NONE, ""
        for particles in "بوك":
            yield "article", particles + bare, NONE, ""
    else:
        for particles in (*front["article"], *front["elided"]):
            yield "article", particles + word, NONE, ""
    if kind != "article":
        for particles in front["article_refused"]:
            yield "article", particles + word, NONE, ""


def _with_ending(rules: dict[str, Any], kind: str, word: str) -> Iterator[tuple[str, str, str, str]]:
    behind = rules["behind"]
    changed = {"ة": "ت", "ى": "ا"}.get(word[-1])
    stem = word[:-1] + changed if changed else word
    if kind not in ("common", "verb"):
        for ending in behind["name_refused"]:
            yield "suffix", stem + ending, NONE, ""
        return
    for number, ending in enumerate(behind["pronouns"]):
        for particles in rules["front"]["crossed"] if number < 3 else [""]:
            yield "suffix", particles + stem + ending, "attached", stem + ending
        if kind == "common":
            yield "suffix", "ال" + stem + ending, NONE, ""
    for ending in behind["refused"]:
        yield "suffix", stem + ending, NONE, ""


def _written_otherwise(rules: dict[str, Any], kind: str, word: str, found: str) -> Iterator[tuple[str, str, str, str]]:
    for spelling in spellings(rules["letters"]["spellings"], word):
        for particles in rules["front"]["crossed"]:
            yield "spelling", particles + spelling.text, *_judged(spelling, particles, found)
    if kind == "common":
        for ending in ("ها", "هم"):
            for spelling in spellings(rules["letters"]["spellings"], word[:-1]):
                if spelling.anywhere and word[-1] in "ةى":
                    text = spelling.text + ("ت" if word[-1] == "ة" else "ا") + ending
                    yield "spelling", text, *(("attached", text) if spelling.found else (NONE, ""))


def _marked(rules: dict[str, Any], kind: str, word: str, found: str) -> Iterator[tuple[str, str, str, str]]:
    if kind == "number":
        return  # a tatweel between digits is a dash
    for number, (place, mark) in enumerate(rules["marks"]["inside"]):
        text = drawn(word, place, mark)
        yield "marks", text, found, text
        particles = rules["front"]["crossed"][1 + number % 2]
        yield "marks", particles + text, _wider(found, "attached"), text
    for particles in rules["marks"]["particles"]:
        if kind == "article" and "ل" in particles:
            continue
        yield "marks", particles + word, _wider(found, "attached"), word
    if word.endswith("ا") and kind == "name":
        for mark in rules["marks"]["tanwin"]:
            for text in (word + mark, word[:-1] + mark + "ا"):
                for particles in ("", "و"):
                    yield "marks", particles + text, "inflected", text


# ── Names of several words ───────────────────────────────────────────────────────────────────────────────────────────


def _of_name(rules: dict[str, Any], name: dict[str, Any]) -> tuple[str, str, list[Form]]:
    written = name["written"]
    as_written = written.replace("+", " ")
    heads = [written]
    if name.get("father"):
        heads = [written.replace("أبو", father, 1) for father in ("أبو", "أبا", "أبي", "ابو")]
    forms = []
    for head in heads:
        *parts, last = head.split("+")
        for joints in product((" ", ""), repeat=len(parts)):
            text = "".join(part + joint for part, joint in zip(parts, joints, strict=True)) + last
            for particles in ("", *rules["front"]["every"]):
                level = "attached" if particles else "exact" if text == as_written else "folded"
                forms.append(Form("joined names", particles + text, level, text))
            for frame in ("«X»", "X،", "#X", 'بـ"X"'):
                level = "exact" if text == as_written else "folded"
                forms.append(Form("joined names", frame.replace("X", text), level, text))
    words = as_written.split()
    others = [between.join(words) for between in ("، ", ". ", ": ", " و", " في ", " بـ", "\n\n- ال")]
    others += [" ".join(reversed(words)), words[-1], " ".join(words[:-1]), as_written + "ها", as_written + "ية"]
    forms += [Form("joined names", other, NONE, "") for other in others]
    kind = "article" if as_written.startswith("ال") else "name"
    return kind, as_written, forms


def _judged(spelling: Spelling, particles: str, found: str) -> tuple[str, str]:
    if not spelling.found:
        return NONE, ""
    return _wider(_wider(found, "folded"), "attached" if particles else "exact"), spelling.text


def _wider(one: str, other: str) -> str:
    order = ("exact", "folded", "attached", "inflected")
    return max(one, other, key=order.index)


if __name__ == "__main__":
    sys.exit(main())
