"""How well words that were broken on purpose are found, and how often what only looks broken is joined.

    python -m evaluation.broken_words pairs.jsonl traps.jsonl [--wrong] [--news articles.jsonl.gz …]

A pair is a word as it was written to pass a filter (``obfuscated``) and as it reads (``plain``); a trap (``text``)
looks like one and is two words or more. Every plain word is watched at once, and so is every trap with its parts run
together: a pair is found where its own word is, through the screen as every article is; a trap is joined where its
run-together form is found. ``--news`` counts words called repaired in news that was edited, where none should be, and
lists them. Nothing is copied from the data.
"""
# ruff: noqa: T201 - a program whose output is its purpose

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from evaluation.topic_f1 import read_articles
from processors.matchers.index import PatternIndex, compile_patterns
from processors.model import Pattern
from processors.normalize.text import Text, read_text

Row = TypeVar("Row")


class Pair(msgspec.Struct):
    """A word and how it was broken."""

    plain: str
    obfuscated: str


class Trap(msgspec.Struct):
    """What looks like a broken word."""

    text: str
    kind: str = ""


def main(arguments: Sequence[str]) -> int:
    """Measure, print one line a figure."""
    parser = argparse.ArgumentParser(description="words broken on purpose: how many are found, how many traps joined")
    parser.add_argument("pairs", type=Path, help="JSON lines with plain and obfuscated")
    parser.add_argument("traps", type=Path, help="JSON lines with text and kind")
    parser.add_argument("--wrong", action="store_true", help="list what is missed and what is joined")
    parser.add_argument("--news", type=Path, nargs="+", default=[], metavar="PATH", help="edited articles, or folders")
    asked = parser.parse_args(arguments)
    absent = [str(path) for path in (asked.pairs, asked.traps, *asked.news) if not path.exists()]
    if absent:
        print(f"skipped: no such data: {', '.join(absent)}")
        return 0
    pairs, traps = _read(asked.pairs, Pair), _read(asked.traps, Trap)
    watch = Watch([*(pair.plain for pair in pairs), *(joined(trap.text) for trap in traps)])
    missed = [pair for pair in pairs if not watch.holds(pair.obfuscated, pair.plain)]
    wrong = [trap for trap in traps if watch.holds(trap.text, joined(trap.text))]
    print(f"pairs {len(pairs)}  found {len(pairs) - len(missed)}  recall {1 - len(missed) / max(1, len(pairs)):.3f}")
    print(f"traps {len(traps)}  joined {len(wrong)}")
    if asked.wrong:
        for pair in missed:
            print("missed", pair.obfuscated, pair.plain, sep="\t")
        for trap in wrong:
            print("joined", trap.text, trap.kind, sep="\t")
    if asked.news:
        report_news(watch, asked.news)
    return 0


class Watch:
    """Words and phrases, found in a text as in an article."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = list(dict.fromkeys(words))
        self._numbers = {word: number for number, word in enumerate(self.words)}
        patterns = [Pattern(word) for word in self.words]
        self._index: PatternIndex = compile_patterns(patterns)

    def holds(self, raw: str, word: str) -> bool:
        """Whether ``word`` is found in ``raw`` and the screen lets it through."""
        number = self._numbers[word]
        if number not in self._index.groups_in(raw):
            return False
        return any(mention.pattern == number for mention in self._index.find(read_text(raw), "title"))

    def repaired_in(self, raw: str) -> Iterator[tuple[str, str]]:
        """The words found in ``raw`` only by repair: which, and as written."""
        if self._index.groups_in(raw):
            text: Text = read_text(raw)
            for mention in self._index.find(text, "title"):
                if mention.repaired:
                    yield self.words[mention.pattern], raw[mention.start : mention.end]


def report_news(watch: Watch, paths: Sequence[Path]) -> None:
    """What is called repaired in edited news, most frequent first."""
    found: Counter[tuple[str, str]] = Counter()
    articles = touched = 0
    for article in read_articles(paths):
        articles += 1
        here = [each for raw in (article.title, article.body) for each in watch.repaired_in(raw)]
        found.update(here)
        touched += bool(here)
    print(f"news {articles}  articles with a repaired word {touched}  repaired words {sum(found.values())}")
    for (word, written), count in found.most_common():
        print("repaired", count, word, written, sep="\t")


def joined(text: str) -> str:
    """Letters and digits of ``text``, run together."""
    return "".join(character for character in text if character.isalnum())


def _read(path: Path, shape: type[Row]) -> list[Row]:
    decoder = msgspec.json.Decoder(shape)
    with path.open("rb") as lines:
        return [decoder.decode(line) for line in lines if line.strip()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
