"""``rasid lint``: what works in a topic but is probably not meant, with the place and the remedy."""

import argparse
import sys
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from daemon.cli.watchlist import ALL_BUILT_IN, add_topics_options
from processors.counted import counted

if TYPE_CHECKING:
    from processors.topics.lint.finding import Finding

EXAMPLES = """examples:
  rasid lint -t topics/                    every finding, with file, line and column
  rasid lint -t topics/ --fix              make the changes that are safe to make by machine
  rasid lint -t topics/ --select RSD1      spelling and names only
  rasid lint --explain RSD101              what a code means
  rasid lint --rules                       every code
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "lint",
        help="what works in a topic but is probably not meant",
        description=(
            "Exit status: 0 nothing was found, 1 something was, 2 topics that cannot be used at all. A topic or a list "
            "excuses a rule with `lint: {ignore: {RSD101: the reason}}`."
        ),
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_topics_options(parser)
    parser.add_argument(
        "--select", action="append", metavar="CODES", help="only these: RSD101, or RSD1 for all of RSD1…"
    )
    parser.add_argument("--ignore", action="append", metavar="CODES", help="not these; several with commas")
    parser.add_argument("--fix", action="store_true", help="make the safe changes in the files, then tell what is left")
    parser.add_argument("--format", choices=("text", "json", "github"), default="text", help="default: text")
    parser.add_argument("--explain", metavar="CODE", help="what a code means and what to do, then stop")
    parser.add_argument("--rules", action="store_true", help="list every code, then stop")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from processors.topics.lint.rules import CODES

    if options.explain is not None:
        return _explain(options.explain.upper())
    if options.rules:
        return _list_rules()
    chosen, wrong = _codes(options, CODES)
    if wrong:
        print(f"rasid lint: no rule is called {wrong}: `rasid lint --rules` lists them", file=sys.stderr)
        return 2
    findings = _findings(options, chosen)
    if options.fix and (changed := _fix(findings)):
        print(f"{changed} changed", file=sys.stderr)
        findings = _findings(options, chosen)
    _print(findings, options.format)
    return 1 if findings else 0


def _findings(options: argparse.Namespace, codes: Collection[str]) -> "Sequence[Finding]":
    from daemon.cli.lint_selection import lint_selection
    from processors.topics.lint.rules import lint

    desk, lists = lint_selection(options.topics or ALL_BUILT_IN, options.entities or ())
    if not desk.looked_at and not lists:
        chosen = ", ".join(options.topics or ALL_BUILT_IN)
        print(
            f"rasid lint: no topic and no list is in {chosen} (of a folder, .yaml and .yml are read)", file=sys.stderr
        )
    return lint(desk, lists=lists, codes=codes)


def _codes(options: argparse.Namespace, known: Sequence[str]) -> tuple[Collection[str], str]:
    """The codes meant by ``--select`` and ``--ignore``, and one of them that is no code."""
    sets = []
    for option in (options.select, options.ignore):
        written = [each.strip().upper() for part in option or () for each in part.split(",") if each.strip()]
        for each in written:
            if not any(code.startswith(each) for code in known):
                return (), each
        sets.append({code for code in known if any(code.startswith(each) for each in written)})
    select, ignore = sets
    return [code for code in known if (code in select or not options.select) and code not in ignore], ""


def _fix(findings: "Sequence[Finding]") -> str:
    from daemon.cli.lint_fix import apply_fixes

    return ", ".join(apply_fixes(findings))


def _explain(code: str) -> int:
    from processors.topics.lint.rules import RULES

    for rule in RULES:
        if rule.code == code:
            print(f"{rule.code} ({rule.severity}): {rule.title}\n\n{rule.why}")
            return 0
    print(f"rasid lint: no rule is called {code}: `rasid lint --rules` lists them", file=sys.stderr)
    return 2


def _list_rules() -> int:
    from processors.topics.lint.rules import RULES

    for rule in RULES:
        print(f"{rule.code}  {rule.severity:<7}  {rule.title}")
    return 0


def _print(findings: "Sequence[Finding]", form: str) -> None:
    import msgspec

    for finding in findings:
        if form == "json":
            sys.stdout.buffer.write(msgspec.json.encode(_row(finding)) + b"\n")
        elif form == "github":
            print(_annotation(finding))
        else:
            print(finding)
            if finding.fix is not None:
                print(f"    fix: {_shown(finding.fix.old)} → {_shown(finding.fix.new)}  (`--fix` does it)")
    sys.stdout.flush()
    if form == "text":
        files = len({finding.problem.path for finding in findings})
        told = f"{counted(len(findings), 'finding')} in {counted(files, 'file')}" if findings else "nothing found"
        print(told, file=sys.stderr)


def _shown(text: str) -> str:
    visible = "".join(each if each.isprintable() else f"U+{ord(each):04X}" for each in text)
    return f"`{visible}`" if visible else "nothing"


def _row(finding: "Finding") -> dict[str, object]:
    problem, fix = finding.problem, finding.fix
    row: dict[str, object] = {
        "code": finding.code,
        "severity": finding.severity,
        "where": finding.where,
        "file": problem.path,
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
    }
    if fix is not None:
        row["fix"] = {"line": fix.line, "column": fix.column, "old": fix.old, "new": fix.new}
    return row


def _annotation(finding: "Finding") -> str:
    """A line that GitHub shows beside the line of the file. Its values are escaped as its workflow commands ask."""
    level = {"error": "error", "warning": "warning"}.get(finding.severity, "notice")
    problem = finding.problem
    message = problem.message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    path = problem.path
    for sign, code in (("%", "%25"), (":", "%3A"), (",", "%2C")):
        path = path.replace(sign, code)
    return f"::{level} file={path},line={problem.line},col={problem.column},title={finding.code}::{message}"
