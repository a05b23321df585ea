"""What is not told to somebody who was told something weightier about the same story. Pure.

It rests on what the story's own row says was told to whom, so it is the same whenever a record is read again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from alerts.routing.conditions import AlertFacts, Match, holds

SOURCE_KEYS = ("topic", "severity")
"""What a source's conditions may be about, besides ``labels.<name>``: of an alert told before its topic is known."""


@dataclass(frozen=True, slots=True)
class Inhibition:
    """While an alert that ``source`` holds for was told, those of the same story that ``target`` holds for are not."""

    source: Match
    target: Match
    equal: tuple[str, ...] = ()  # labels that both must have alike


def inhibited_by(facts: AlertFacts, rules: Iterable[Inhibition], told: Iterable[AlertFacts]) -> str:
    """The topic of an alert in ``told`` that inhibits this one, "" where none does.

    As in Alertmanager, an alert that a rule's source and target both hold for is not inhibited by another such.
    """
    before = list(told)
    for rule in rules:
        if not holds(rule.target, facts):
            continue
        both = holds(rule.source, facts)
        for source in before:
            alike = all(source.labels.get(name, "") == facts.labels.get(name, "") for name in rule.equal)
            if alike and holds(rule.source, source) and not (both and holds(rule.target, source)):
                return source.topic
    return ""


def is_target(facts: AlertFacts, rules: Iterable[Inhibition]) -> bool:
    """Whether some rule could inhibit it: of several topics of one article it is told after those that none could."""
    return any(holds(rule.target, facts) for rule in rules)
