"""Stars that find other words, or nothing that is not found without them."""

from collections.abc import Iterator

from processors.normalize.written import comparable
from processors.topics.lint.finding import Desk, Found, Rule, Severity, in_query, queries
from processors.topics.lint.spelling import words_sought
from processors.topics.lint.wildcard_neighbours import neighbours_of
from processors.topics.query.tree import Term
from processors.topics.topic import Topic

_SHOWN = 4
"""Other words that a message names: enough to see what is wrong."""


def _stars(topic: Topic) -> Iterator[tuple[str, Term]]:
    for part, query, _text in queries(topic):
        for node in words_sought(query):
            if isinstance(node, Term) and node.prefix:
                yield part, node


def _of_names(topic: Topic, desk: Desk) -> Iterator[Found]:
    for part, node in _stars(topic):
        uses = [use for use in desk.names.uses(node.word) if use.kind in ("country", "city", "place")]
        if not uses:
            continue
        key = uses[0].key
        others = neighbours_of(comparable(node.word))[:_SHOWN]
        finds = f"also finds {', '.join(others)}" if others else "has a star that no particle needs"
        told = f"`{node.source}` {finds}. Write @{key}: it finds the name with particles, and what is from there"
        yield in_query(topic, part, node.at, told)


def _after_the_end(topic: Topic, _: Desk) -> Iterator[Found]:
    for part, node in _stars(topic):
        if node.word.endswith(("ة", "ى")) and not node.exact:
            plain = node.source.rstrip("*")
            told = (
                f"`{node.source}`: nothing is written after a final {node.word[-1]}. Write `{plain}`, which also finds "
                "it with particles and pronouns"
            )
            yield in_query(topic, part, node.at, told, old=node.source, new=plain)


RULES = (
    Rule(
        "RSD104",
        Severity.WARNING,
        "a star after a name",
        "مصر* also finds مصرف (bank) and مصرع (death). @egypt finds مصر with particles, المصري and المصريين, and never "
        "those. Particles and pronouns need no star anywhere.",
        _of_names,
    ),
    Rule(
        "RSD105",
        Severity.WARNING,
        "a star after ة or ى",
        "ة and ى stand only at the end of a word: the star finds nothing more, and loses زيارته, which زيارة finds.",
        _after_the_end,
    ),
)
