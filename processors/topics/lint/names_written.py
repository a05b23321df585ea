"""Names that are written with a particle, or in Latin letters by ear: the topic finds only that one form."""

from collections.abc import Iterator

from processors.matchers.particles import ARTICLE, PROCLITICS
from processors.normalize.written import comparable
from processors.topics.lint.finding import Desk, Found, Rule, Severity, in_query, queries
from processors.topics.lint.spelling import words_sought, written
from processors.topics.query.tree import Term
from processors.topics.topic import Topic

_SHORTEST_NAME = 3
"""Letters left behind a particle: shorter ones are names of nobody, and the word is a word (وقد, بلا)."""

_ELIDED = "لل"
"""ل before ال, whose alef it swallows."""


def _with_particle(topic: Topic, desk: Desk) -> Iterator[Found]:
    for part, query, _text in queries(topic):
        for node in words_sought(query):
            if not isinstance(node, Term) or node.prefix or desk.names.uses(node.word):
                continue
            for name in _without_particles(comparable(node.word)):
                places = [use.key for use in desk.names.uses(name) if use.strong and _is_place(use.kind)]
                if places:
                    told = (
                        f"`{node.source}` is found only with this particle. Write @{places[0]}: it is found with every "
                        "particle and without"
                    )
                    yield in_query(topic, part, node.at, told)
                    break


def _without_particles(word: str) -> Iterator[str]:
    for particles in sorted(PROCLITICS):
        if particles and word.startswith(particles) and len(word) - len(particles) >= _SHORTEST_NAME:
            yield word[len(particles) :]
    if word.startswith(_ELIDED):
        yield ARTICLE + word[len(_ELIDED) :]


def _by_ear(topic: Topic, desk: Desk) -> Iterator[Found]:
    for part, query, _text in queries(topic):
        for node in words_sought(query):
            text = written(node)
            if not text[:1].isupper() or desk.names.uses(text):
                continue
            if keys := desk.names.by_ear(text):
                shown = " or ".join(f"@{key}" for key in keys[:3])
                told = f"`{node.source}` is the Arabic name in Latin letters: {shown} finds it as it is written"
                yield in_query(topic, part, node.at, told)


def _is_place(kind: str) -> bool:
    return kind in ("country", "city")


RULES = (
    Rule(
        "RSD106",
        Severity.WARNING,
        "a name written with a particle",
        "بسوريا as a word is found only so; سوريا is found as بسوريا, ولسوريا and without. Queries hold no particles: "
        "every word is found with and without them.",
        _with_particle,
    ),
    Rule(
        "RSD107",
        Severity.WARNING,
        "an Arabic name in Latin letters",
        "Suriya, Masr and Dimashq are how the names sound; Arabic news writes سوريا, English news Syria. The @entity "
        "finds both, and its people.",
        _by_ear,
    ),
)
