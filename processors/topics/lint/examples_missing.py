"""Topics whose examples do not say enough."""

from collections.abc import Iterator

from processors.normalize.scripts import SCRIPTS, scripts_of
from processors.topics.lint.finding import Desk, Found, Rule, Severity, at_key, queries
from processors.topics.query.tree import ListRef, Phrase, Query, Term
from processors.topics.query.walk import leaves_in_text
from processors.topics.topic import Topic

FEWEST_LETTERS = 3
"""Of a script in a test: fewer are an abbreviation or a unit (km, TV)."""


def _none(topic: Topic, _: Desk) -> Iterator[Found]:
    if not topic.file.tests:
        told = (
            f"`{topic.name}` has no tests: write one text that it must match and one that it must not "
            "(`rasid topics new` shows how)"
        )
        yield at_key(topic, (), told, key=True)


def _no_match(topic: Topic, _: Desk) -> Iterator[Found]:
    if topic.file.tests and all(test.expect == "no_match" for test in topic.file.tests):
        yield at_key(topic, ("tests",), "no test expects a match: write a text that the topic must find")


def _no_refusal(topic: Topic, _: Desk) -> Iterator[Found]:
    if topic.file.tests and all(test.expect == "match" for test in topic.file.tests):
        yield at_key(topic, ("tests",), "no test expects no_match: write a text that is near the subject and not it")


def _one_script(topic: Topic, desk: Desk) -> Iterator[Found]:
    if not topic.file.tests:
        return
    asked = {script for _, query, _ in queries(topic) for script in _scripts_asked(query, desk)}
    texts = [f"{test.title} {test.text}" for test in topic.file.tests if test.expect == "match"]
    if len(asked) < 2 or not texts:
        return
    shown = {
        name for name, letter in SCRIPTS.items() if any(len(letter.findall(text)) >= FEWEST_LETTERS for text in texts)
    }
    for script in sorted(asked - shown):
        told = f"the query has words in {script} letters, but no test that expects a match is written in them: add one"
        yield at_key(topic, ("tests",), told)


def _scripts_asked(query: Query, desk: Desk) -> set[str]:
    scripts: set[str] = set()
    for leaf in leaves_in_text(query):
        if isinstance(leaf, Term | Phrase):
            scripts |= scripts_of(leaf.word if isinstance(leaf, Term) else leaf.text)
        elif isinstance(leaf, ListRef) and leaf.name in desk.lists:
            file = desk.lists[leaf.name].file
            for words in (*file.terms.values(), *file.verbs.values(), *file.bare.values()):
                scripts |= {script for word in words for script in scripts_of(word)}
    return scripts


RULES = (
    Rule(
        "RSD501",
        Severity.WARNING,
        "a topic without tests",
        "Tests are examples that `rasid check` and every reload run: a change that breaks the topic is refused.",
        _none,
    ),
    Rule(
        "RSD502",
        Severity.WARNING,
        "no test that expects a match",
        "Without one, a topic that finds nothing passes all its tests.",
        _no_match,
    ),
    Rule(
        "RSD503",
        Severity.WARNING,
        "no test that expects no match",
        "Without one, a topic that finds everything passes all its tests.",
        _no_refusal,
    ),
    Rule(
        "RSD504",
        Severity.HINT,
        "tests in one script, a query in two",
        "Words that no test uses may be misspelt, and nobody sees it.",
        _one_script,
    ),
)
