"""Makes the linter's safe changes in the files themselves: comments and layout stay as they are."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from processors.errors import InvalidInput
from processors.topics.lint.finding import Finding, Fix
from processors.topics.topic import BUILT_IN, load_topics


def apply_fixes(findings: Sequence[Finding]) -> Iterator[str]:
    """Change the files, and name each that was changed.

    A change is made only where the file holds, at that place, the very characters that it replaces; a file that could
    not be read any more afterwards is left as it was.
    """
    by_file: defaultdict[str, list[Fix]] = defaultdict(list)
    for finding in findings:
        if finding.fix is not None and not finding.problem.path.startswith(BUILT_IN):
            by_file[finding.problem.path].append(finding.fix)
    for path, fixes in by_file.items():
        before = Path(path).read_bytes().decode("utf-8")
        after = fixed(before, fixes)
        if after != before and _is_readable(path, after):
            Path(path).write_bytes(after.encode("utf-8"))
            yield path


def fixed(text: str, fixes: Sequence[Fix]) -> str:
    """``text`` with the changes that fit it, from the last to the first, so that places stay where they are."""
    lines = text.split("\n")
    for fix in sorted(set(fixes), key=lambda each: (each.line, each.column), reverse=True):
        if not 1 <= fix.line <= len(lines):
            continue
        line, begin = lines[fix.line - 1], fix.column - 1
        if line[begin : begin + len(fix.old)] == fix.old:
            lines[fix.line - 1] = line[:begin] + fix.new + line[begin + len(fix.old) :]
    return "\n".join(lines)


def _is_readable(path: str, text: str) -> bool:
    try:
        load_topics([(path, text)])
    except InvalidInput:
        return False
    return True
