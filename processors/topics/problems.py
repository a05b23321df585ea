"""Everything that is wrong with topics that were read, each problem at its place."""

from collections.abc import Mapping, Sequence

from processors.errors import InvalidInput, Problem
from processors.topics.check import check_query, check_references
from processors.topics.evaluate.evaluate import top_clauses
from processors.topics.list_problems import list_problems
from processors.topics.names import Names
from processors.topics.topic import Loaded, TermList, Topic


def problems_of(topics: Mapping[str, Topic], lists: Mapping[str, TermList], names: Names) -> Sequence[Problem]:
    """Of every list and topic; how topics refer to one another is looked at once each is sound by itself."""
    problems = [problem for each in lists.values() for problem in list_problems(each, names)]
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
                scored = part == "match"
                troubles = check_query(query, topics=topics, lists=lists, names=names, scored=scored)
                problems += [topic.problem(at, message, part=part) for at, message in troubles]
        most = sum(weight for _, weight in top_clauses(topic.match))
        if most < topic.file.threshold:
            told = (
                f"threshold: {topic.file.threshold:g} can never be reached, all clauses together weigh {most:g}: "
                "lower it, or give clauses weights (^2)"
            )
            problems.append(topic.document.problem(("topics", topic.name, "threshold"), told))
    return problems or [topics[name].problem(0, message) for name, message in check_references(topics)]
