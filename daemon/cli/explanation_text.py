"""An explanation as lines for a terminal or a file: every piece of Arabic keeps its own direction."""

import re
from collections.abc import Iterable, Iterator

from processors.model import Evidence
from processors.topics.explain.explain import Clause, Explanation

_LEFTWARD = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"  # Arabic, Hebrew, Syriac and their presentation forms
_STRETCH = re.compile(f"[{_LEFTWARD}]+(?:[ .:،]*[{_LEFTWARD}]+)*")


def with_own_direction(text: str) -> str:
    """``text`` isolated where it has letters that run leftward; other text is not touched: programs read it too."""
    return f"\u2068{text}\u2069" if _STRETCH.search(text) else text


def comma_between(texts: Iterable[str]) -> str:
    """The comma of their script."""
    return "، " if any(map(_STRETCH.search, texts)) else ", "


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
        shown = dict.fromkeys(_shown(each) for each in clause.evidence)
        told = f"  ← {comma_between(shown).join(shown)}"
    elif clause.lacks:
        told = f"  — {_isolated(clause.lacks)}"
    yield f"{'  ' * depth}{'✓' if clause.holds else '✗'} {with_own_direction(clause.source)}{weight}{told}"
    for part in clause.parts:
        yield from _clause(part, depth + 1)


def _shown(evidence: Evidence) -> str:
    notes = [evidence.field, evidence.level, *([evidence.via] if evidence.via else [])]
    if evidence.support:
        notes.append(f"supported by {with_own_direction(' '.join(evidence.support.split()))}")
    if evidence.period:
        notes.append(f"period {evidence.period}")
    if evidence.repaired:
        notes.append(f"read as {with_own_direction(evidence.plain or '')}")
    return f"{with_own_direction(' '.join(evidence.text.split()))} ({', '.join(notes)})"


def _isolated(sentence: str) -> str:
    """An English sentence in which every Arabic stretch keeps its own direction."""
    return _STRETCH.sub("\u2068\\g<0>\u2069", sentence)
