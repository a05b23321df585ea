"""What finds words in articles, each made of the same words: Rasid's topics of them, and what is commonly used.

Each is a function of a decoded article. The libraries only find the words; what they leave out stands in ``LACKS``.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

from processors.model import Article

Match = Callable[[Article], object]

REQUIRED, EXCLUDED = 5, 2
"""Words of a topic: a AND b AND c AND d AND e AND NOT f AND NOT g."""

TOPICS_A_FILE = 2_500
"""Keeps a file below the size at which topic files are refused."""

LACKS = {
    "ahocorasick_rs": "no words (it finds letters inside others), no particles, no folding, no Boolean",
    "pyahocorasick": "no words (it finds letters inside others), no particles, no folding, no Boolean",
    "flashtext": "no particles, no folding, no Boolean",
    "spacy PhraseMatcher": "no particles, no folding, no Boolean",
    "re": "no particles, no folding, no Boolean; one alternation, tried word by word at every place",
}


def queries(words: Sequence[str], topics: int) -> Iterator[str]:
    """The topics' queries, drawn from ``words``, the same at every run."""
    chance = random.Random(1)
    for _ in range(topics):
        drawn = chance.sample(words, REQUIRED + EXCLUDED)
        yield " AND ".join((*drawn[:REQUIRED], *(f"NOT {word}" for word in drawn[REQUIRED:])))


def words_of(words: Sequence[str], topics: int) -> list[str]:
    """All words that stand in the topics."""
    written = {word for query in queries(words, topics) for word in query.split()}
    return sorted(written - {"AND", "NOT"})


def topic_files(words: Sequence[str], topics: int) -> Iterator[tuple[str, str]]:
    """The topics as files, as a person would have them."""
    written = [f"  t{number}:\n    match: |\n      {query}\n" for number, query in enumerate(queries(words, topics))]
    for begin in range(0, topics, TOPICS_A_FILE):
        yield f"topics-{begin}.yaml", "topics:\n" + "".join(written[begin : begin + TOPICS_A_FILE])


def rasid(words: Sequence[str], topics: int) -> Match:
    from daemon.collecting import not_collecting
    from processors.entities.gazetteer import load_gazetteer
    from processors.topics.topic import load_topics
    from processors.topics.watchlist import compile_watchlist

    with not_collecting():
        loaded = load_topics(topic_files(words, topics))
        return compile_watchlist(loaded, load_gazetteer([]), clock=lambda: datetime.now(UTC)).match


def built_in(words: Sequence[str], topics: int) -> Match:
    from daemon.compiled import load_watchlist

    return load_watchlist(("builtin:mena",), ())[0].match


def ahocorasick_rs(words: Sequence[str], topics: int) -> Match:
    from ahocorasick_rs import AhoCorasick

    automaton = AhoCorasick(words_of(words, topics))
    return lambda article: automaton.find_matches_as_indexes(_text(article), overlapping=True)


def pyahocorasick(words: Sequence[str], topics: int) -> Match:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for number, word in enumerate(words_of(words, topics)):
        automaton.add_word(word, number)
    automaton.make_automaton()
    return lambda article: list(automaton.iter(_text(article)))


def flashtext(words: Sequence[str], topics: int) -> Match:
    from flashtext import KeywordProcessor

    processor = KeywordProcessor()
    processor.add_keywords_from_list(words_of(words, topics))
    return lambda article: processor.extract_keywords(_text(article))


def phrase_matcher(words: Sequence[str], topics: int) -> Match:
    import spacy
    from spacy.matcher import PhraseMatcher

    language = spacy.blank("ar")
    matcher = PhraseMatcher(language.vocab)
    matcher.add("word", list(language.tokenizer.pipe(words_of(words, topics))))
    return lambda article: matcher(language.make_doc(_text(article)))


def regular_expression(words: Sequence[str], topics: int) -> Match:
    pattern = re.compile(rf"\b(?:{'|'.join(words_of(words, topics))})\b")
    return lambda article: pattern.findall(_text(article))


MATCHERS: dict[str, Callable[[Sequence[str], int], Match]] = {
    "rasid": rasid,
    "rasid, built-in packs": built_in,
    "ahocorasick_rs": ahocorasick_rs,
    "pyahocorasick": pyahocorasick,
    "flashtext": flashtext,
    "spacy PhraseMatcher": phrase_matcher,
    "re": regular_expression,
}


def _text(article: Article) -> str:
    return f"{article.title}\n{article.body}"
