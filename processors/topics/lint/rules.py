"""Every rule, and the run of all of them over topics and lists."""

from collections.abc import Collection, Iterator, Sequence

from processors.topics.lint import (
    characters,
    cost,
    examples_missing,
    lists,
    logic,
    names_written,
    operators,
    scores,
    spelling,
    wildcards,
)
from processors.topics.lint.finding import Desk, Finding, Found, Rule, Severity, at_key, in_list
from processors.topics.topic import TermList, Topic

UNUSED_IGNORE = Rule(
    "RSD901",
    Severity.HINT,
    "an ignored rule that finds nothing",
    "What it excused is gone, or the code is misspelt: an excuse that is left behind hides the next mistake.",
)

RULES: Sequence[Rule] = (
    *spelling.RULES,
    *wildcards.RULES,
    *names_written.RULES,
    *characters.RULES,
    *logic.RULES,
    *operators.RULES,
    *examples_missing.RULES,
    *scores.RULES,
    *cost.RULES,
    *lists.RULES,
    UNUSED_IGNORE,
)

CODES = tuple(rule.code for rule in RULES)


def lint(desk: Desk, *, lists: Collection[str], codes: Collection[str] = CODES) -> Sequence[Finding]:
    """What the rules ``codes`` say of the topics that are looked at and of ``lists``, in the order of the files."""
    findings = [finding for name in desk.looked_at for finding in _of_topic(desk.topics[name], desk, codes)]
    findings += [finding for name in lists for finding in _of_list(desk.lists[name], desk, codes)]
    return sorted(findings, key=lambda each: (each.problem.path, each.problem.line, each.problem.column, each.code))


def _of_topic(topic: Topic, desk: Desk, codes: Collection[str]) -> Iterator[Finding]:
    found = [(rule, each) for rule in RULES if rule.topic is not None for each in rule.topic(topic, desk)]
    ignored = topic.file.lint.ignore
    yield from _told(found, f"topic:{topic.name}", ignored, codes)
    for code in sorted(ignored.keys() - {rule.code for rule, _ in found}):
        if UNUSED_IGNORE.code in codes:
            excuse = at_key(topic, ("lint", "ignore", code), _excuse(code), key=True)
            yield Finding(UNUSED_IGNORE.code, UNUSED_IGNORE.severity, f"topic:{topic.name}", excuse.problem)


def _of_list(held: TermList, desk: Desk, codes: Collection[str]) -> Iterator[Finding]:
    found = [(rule, each) for rule in RULES if rule.list is not None for each in rule.list(held, desk)]
    ignored = held.file.lint.ignore
    yield from _told(found, f"list:{held.name}", ignored, codes)
    for code in sorted(ignored.keys() - {rule.code for rule, _ in found}):
        if UNUSED_IGNORE.code in codes:
            excuse = in_list(held, ("lint", "ignore", code), _excuse(code))
            yield Finding(UNUSED_IGNORE.code, UNUSED_IGNORE.severity, f"list:{held.name}", excuse.problem)


def _told(
    found: Sequence[tuple[Rule, Found]], where: str, ignored: Collection[str], codes: Collection[str]
) -> Iterator[Finding]:
    for rule, each in found:
        if rule.code in codes and rule.code not in ignored:
            yield Finding(rule.code, rule.severity, where, each.problem, each.fix)


def _excuse(code: str) -> str:
    if code not in CODES:
        return f"no rule is called {code}: the codes are RSD101 and so on (`rasid lint --rules`)"
    return f"{code} finds nothing here any more: remove the excuse"
