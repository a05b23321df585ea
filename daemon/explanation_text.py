"""An explanation as lines for a terminal or a file: every piece of Arabic keeps its own direction."""

import re
from collections.abc import Iterator

from processors.model import Evidence
from processors.topics.explain.explain import Clause, Explanation

_ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
_ARABIC_STRETCH = re.compile(f"[{_ARABIC}]+(?:[ .:،]*[{_ARABIC}]+)*")


def explanation_lines(article: str, explanation: Explanation) -> Iterator[str]:
    """The verdict on the article with this id, then every clause with its parts, a line each."""
    mark = "✓" if explanation.matches else "✗"
    yield f"{mark} {explanation.topic}: {_isolated(explanation.reason)}   [{article}]"
    for clause in explanation.clauses:
        yield from _clause(clause, 1)
    if explanation.excluded_by is not None:
        yield "  exclude:"
        yield from _clause(explanation.excluded_by, 2)


def _clause(clause: Clause, depth: int) -> Iterator[str]:
    weight = f"  ^{clause.weight:g}" if clause.weight is not None else ""
    told = ""
    if clause.evidence:
        told = "  ← " + "، ".join(dict.fromkeys(_shown(each) for each in clause.evidence))
    elif clause.lacks:
        told = f"  — {_isolated(clause.lacks)}"
    yield f"{'  ' * depth}{'✓' if clause.holds else '✗'} \u2068{clause.source}\u2069{weight}{told}"
    for part in clause.parts:
        yield from _clause(part, depth + 1)


def _shown(evidence: Evidence) -> str:
    notes = [evidence.field, evidence.level, *([evidence.via] if evidence.via else [])]
    if evidence.support:
        notes.append(f"supported by \u2068{' '.join(evidence.support.split())}\u2069")
    if evidence.period:
        notes.append(f"period {evidence.period}")
    if evidence.repaired:
        notes.append(f"read as {evidence.plain}")
    return f"\u2068{' '.join(evidence.text.split())}\u2069 ({', '.join(notes)})"


def _isolated(sentence: str) -> str:
    """An English sentence in which every Arabic stretch keeps its own direction."""
    return _ARABIC_STRETCH.sub("\u2068\\g<0>\u2069", sentence)
