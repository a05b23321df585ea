"""Articles with a trap, a word that looks like a name and is none: what the ready topics and names make of them.

    python evaluation/hard_negatives.py hard_negatives.jsonl [--wrong] [--seed ARTICLE --topic NAME]

Each line is an article with ``trap``, the kinds of trap, and ``evidence``, the words around each. Two things are
counted for every kind: articles where a name was read in the trap's own word, and articles that a topic matches
through that word; for sport, where the trap is the whole article, those that a topic other than football matches. With
``--seed``, whether a text (title, then body) scores above all of them. Nothing is copied from the data.
"""
# ruff: noqa: T201 - a program whose output is its purpose

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from evaluation.topic_f1 import moment, ready_watchlist
from processors.entities.gazetteer import Gazetteer, load_gazetteer
from processors.matchers.index import PatternIndex, compile_patterns
from processors.model import Article, FieldName
from processors.normalize.text import Text, read_text
from processors.packs.builtin import packs

_PARTICLES = "[وف]?[بكل]?"


@dataclass(frozen=True, slots=True)
class Trap:
    """A kind of trap: the word (folded, as it may be written), and what it must not be taken for."""

    word: re.Pattern[str]
    mistaken_for: frozenset[str] = frozenset()  # keys of entities


def _trap(word: str, *keys: str) -> Trap:
    return Trap(re.compile(_PARTICLES + word), frozenset(keys))


_LION = _trap("(?:ال|ل)?(?:اسدا?|اسود)", "bashar-al-assad")
TRAPS: Mapping[str, Trap] = {
    "lion_animal": _LION,
    "lion_idiom_or_place": _LION,
    "family_name": _trap(
        "(?:ال)?(?:مصري|سوري|شامي|دمشقي|حلبي|حمصي|اسد)",
        "egypt",
        "syria",
        "damascus",
        "aleppo",
        "homs",
        "bashar-al-assad",
    ),
    "force_majeure_qahira": _trap("(?:ال|ل)?قاهره", "cairo"),
    "musirr_insisting": _trap("مصر", "egypt"),
    "damascus_gate_jerusalem": _trap("دمشق", "damascus"),
}
SPORT = "sport_both"
FOOTBALL = "football"


class Row(msgspec.Struct):
    """A line of the file."""

    id: str
    trap: list[str]
    evidence: list[str]
    title: str = ""
    body: str = ""
    source: str = ""
    published_at: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article."""

    row: Row
    matched: Mapping[str, float]  # topic → score
    through: Sequence[str]  # topic and words, where the trap's own word is among a topic's evidence
    named: Sequence[str]  # what was read in the trap's own word


def main(arguments: Sequence[str]) -> int:
    """Measure, print a line for each kind of trap."""
    parser = argparse.ArgumentParser(description="articles with a trap, and what falls into it")
    parser.add_argument("path", type=Path, help="articles with `trap` and `evidence`, one a line")
    parser.add_argument("--wrong", action="store_true", help="list the articles that match, and through which words")
    parser.add_argument("--seed", type=Path, help="a text that must score above every one of them")
    parser.add_argument("--topic", default="syria-egypt-relations", help="the topic whose scores are compared")
    asked = parser.parse_args(arguments)
    if absent := [str(path) for path in (asked.path, asked.seed) if path and not path.exists()]:
        print(f"skipped: no such data: {', '.join(absent)}")
        return 0
    rows = [msgspec.json.decode(line, type=Row) for line in asked.path.read_bytes().splitlines() if line.strip()]
    outcomes = [judge(row) for row in rows]
    _report(outcomes, details=asked.wrong)
    if asked.seed:
        _compare(asked.seed, asked.topic, outcomes)
    return 0


def judge(row: Row) -> Outcome:
    """What the ready topics and names make of one article."""
    article = Article(
        id=row.id, title=row.title, body=row.body, source=row.source, lang="ar", published_at=moment(row.published_at)
    )
    texts: dict[FieldName, Text] = {"title": read_text(row.title), "body": read_text(row.body)}
    verdicts = ready_watchlist().match(article)
    if SPORT in row.trap:
        through = [each.topic for each in verdicts if each.topic != FOOTBALL]
        return Outcome(row, {each.topic: each.score for each in verdicts}, through, ())
    words = list(_trap_words(row, texts))
    through = [
        f"{verdict.topic}: {each.text}"
        for verdict in verdicts
        for each in verdict.evidence
        if any(each.field == field and each.start < end and start < each.end for field, start, end in words)
    ]
    mistaken = frozenset[str]().union(*(TRAPS[kind].mistaken_for for kind in row.trap))
    return Outcome(
        row,
        {each.topic: each.score for each in verdicts},
        sorted(set(through)),
        sorted(set(_names_read(article, texts, words, mistaken))),
    )


def _trap_words(row: Row, texts: Mapping[FieldName, Text]) -> Iterator[tuple[FieldName, int, int]]:
    """Where the trap's own word stands, in the fields as received."""
    patterns = [TRAPS[kind].word for kind in row.trap]
    for field, text in texts.items():
        words = _words(text)
        for around in map(_words, map(read_text, row.evidence)):
            for number, word in enumerate(around):
                if any(pattern.fullmatch(word) for pattern in patterns):
                    for place in _places(words, around, number):
                        yield field, *text.original(*text.words[place])


def _words(text: Text) -> Sequence[str]:
    return [text.folded[start:end] for start, end in text.words]


def _places(words: Sequence[str], around: Sequence[str], number: int) -> Sequence[int]:
    """Where the word ``number`` of ``around`` stands between the same neighbours; or, as words at the ends may be cut
    and a title may run on into the body, beside one of them."""
    for before, after in ((1, 1), (1, 0), (0, 1)):
        first, wanted = number - before, around[max(0, number - before) : number + after + 1]
        if first < 0 or len(wanted) <= before + after:
            continue
        last = len(words) - len(wanted)
        if found := [place + before for place in range(last + 1) if words[place : place + len(wanted)] == wanted]:
            return found
    return ()


def _names_read(
    article: Article,
    texts: Mapping[FieldName, Text],
    words: Sequence[tuple[FieldName, int, int]],
    mistaken: frozenset[str],
) -> Iterator[str]:
    gazetteer, index = _names()
    mentions = [mention for field, text in texts.items() for mention in index.find(text, field)]
    for each in gazetteer.resolve(mentions, texts, article):
        found = each.mention
        key = gazetteer.entities[each.entity].key
        if key in mistaken and any(
            found.field == field and found.start < end and start < found.end for field, start, end in words
        ):
            yield f"{key}: {texts[found.field].raw[found.start : found.end]}"


@cache
def _names() -> tuple[Gazetteer, PatternIndex]:
    gazetteer = load_gazetteer([file for pack in packs() for file in pack.entities])
    return gazetteer, compile_patterns(gazetteer.patterns())


def _report(outcomes: Sequence[Outcome], *, details: bool) -> None:
    for kind in sorted({kind for outcome in outcomes for kind in outcome.row.trap}):
        held = [outcome for outcome in outcomes if kind in outcome.row.trap]
        print(
            f"{kind:<24}articles {len(held):<4}matched {sum(bool(each.matched) for each in held):<4}"
            f"through the trap {sum(bool(each.through) for each in held):<4}"
            f"named in it {sum(bool(each.named) for each in held)}"
        )
        for each in held if details else ():
            if each.matched or each.named:
                print("", each.row.id, *each.matched, "|", *each.through, "|", *each.named)
    fallen = sum(bool(outcome.through or outcome.named) for outcome in outcomes)
    print(f"fell into the trap: {fallen} of {len(outcomes)}")


def _compare(path: Path, topic: str, outcomes: Sequence[Outcome]) -> None:
    title, _, body = path.read_text(encoding="utf-8").partition("\n")
    verdicts = ready_watchlist().match(Article(id="seed", title=title, body=body, lang="ar"))
    own = next((each.score for each in verdicts if each.topic == topic), 0.0)
    most = max((outcome.matched.get(topic, 0.0) for outcome in outcomes), default=0.0)
    print(f"{topic}: the text scores {own:g}, the articles with a trap {most:g} at most")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
