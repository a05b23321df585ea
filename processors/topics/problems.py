"""Everything that is wrong with topics that were read, each problem at its place."""

from collections.abc import Mapping, Sequence

from processors.errors import InvalidInput, Problem
from processors.topics.check import check_query, check_references
from processors.topics.evaluate.evaluate import top_clauses
from processors.topics.names import Names, unknown_entity
from processors.topics.topic import Loaded, TermList, Topic


def problems_of(topics: Mapping[str, Topic], lists: Mapping[str, TermList], names: Names) -> Sequence[Problem]:
    """Of every list and topic; how topics refer to one another is looked at once each is sound by itself."""
    problems = [problem for each in lists.values() for problem in _list_problems(each, names)]
    problems += _topic_problems(topics, lists, names)
    return problems


def check_loaded(loaded: Loaded, names: Names) -> tuple[Mapping[str, Topic], Mapping[str, TermList]]:
    """The topics and the lists by their names. Raises ``InvalidInput`` that lists every problem of each."""
    topics = {topic.name: topic for topic in loaded.topics}
    lists = {each.name: each for each in loaded.lists}
    if problems := problems_of(topics, lists, names):
        raise InvalidInput(problems)
    return topics, lists


def _topic_problems(topics: Mapping[str, Topic], lists: Mapping[str, TermList], names: Names) -> Sequence[Problem]:
    problems: list[Problem] = []
    for topic in topics.values():
        for part, query in (("match", topic.match), ("exclude", topic.exclude)):
            if query is not None:
                troubles = check_query(query, topics=topics, lists=lists, names=names)
                problems += [topic.problem(at, message, part=part) for at, message in troubles]
        most = sum(weight for _, weight in top_clauses(topic.match))
        if most < topic.file.threshold:
            told = (
                f"threshold: {topic.file.threshold:g} can never be reached, all clauses together weigh {most:g}: "
                "lower it, or give clauses weights (^2)"
            )
            problems.append(topic.document.problem(("topics", topic.name, "threshold"), told))
    return problems or [topics[name].problem(0, message) for name, message in check_references(topics)]


def _list_problems(held: TermList, names: Names) -> list[Problem]:
    problems = []
    for part, words_of in held.file.words():
        for language, words in words_of.items():
            for number, word in enumerate(words):
                if not any(character.isalnum() for character in word):
                    path = ("lists", held.name, part, language, number)
                    problems.append(
                        held.document.problem(path, "holds no letter and no digit: write a word, or delete the entry")
                    )
    for number, name in enumerate(held.file.entities):
        key = name.removeprefix("@").partition(".")[0]
        if names.find(key) is None:
            place = ("lists", held.name, "entities", number)
            problems.append(held.document.problem(place, unknown_entity(key, names, name)))
    return problems
