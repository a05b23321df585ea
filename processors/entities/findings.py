"""What is probably wrong with an entity that can be used all the same: the place, what to do, and a code."""

from collections.abc import Sequence

from processors.entities.entity_files import EntityFiles
from processors.entities.lint_demonyms import lint_demonyms
from processors.entities.lint_names import lint_names
from processors.entities.lint_periods import lint_periods
from processors.entities.lint_rules import Finding


def lint_entities(read: EntityFiles, own: Sequence[str]) -> Sequence[Finding]:
    """Everything found in the files ``own``, in their order; all that was read may share a name with them."""
    found = [*lint_names(read, own), *lint_demonyms(read, own), *lint_periods(read, own)]
    return sorted(found, key=_place)


def _place(finding: Finding) -> tuple[str, int, int, str]:
    problem = finding.problem
    return problem.path, problem.line, problem.column, finding.code
