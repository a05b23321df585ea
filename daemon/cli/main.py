"""The command ``rasid``: which commands there are, and how each ends.

Exit status: 0 done, 1 problems found, 2 wrong usage or unreadable input, 3 refused. Data goes to standard output,
everything else to standard error. What a command needs is imported when it is called, so that help comes at once.
"""

import argparse
import errno
import os
import sys
import textwrap
from collections.abc import Sequence
from importlib import import_module

from daemon import __version__

# In the order in which a newcomer meets them.
COMMANDS = (
    "demo",
    "run",
    "check",
    "match",
    "explain",
    "route",
    "backtest",
    "lint",
    "topics",
    "entities",
    "publish",
    "stories",
    "why",
    "status",
    "deliveries",
    "replay",
    "reconcile",
    "receivers",
    "silence",
    "tokens",
)

HELP_WIDTH = 78
"""Characters of a line of help: what a terminal shows without turning it over."""

_INTERRUPTED = 130
"""What a shell reports for a command ended by Ctrl-C."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""Why a disk takes no more."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    _open_streams()
    command = ""
    try:
        parser = build_parser()
        options = parser.parse_args(arguments)
        if "run" not in options:
            parser.print_help(sys.stderr)
            return 2
        command = options.command
        status = int(options.run(options))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        _write_no_more()
        return 1 if command == "run" else 0  # the daemon's output is no reason to stop
    except KeyboardInterrupt:
        return _INTERRUPTED
    except OSError as error:
        if error.errno not in _FULL:
            return _explain(error)
        _write_no_more()
        where = f" {error.filename}" if error.filename else ""
        print(f"rasid: cannot write{where}: {error.strerror}; what was written is not complete", file=sys.stderr)
        return 1
    except Exception as error:
        return _explain(error)
    return status


def _open_streams() -> None:
    """A stream that was closed before the start leads nowhere, and no file that is opened later takes its place."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8"))


def _write_no_more() -> None:
    """Nothing may be written at exit either, or the interpreter has the last word."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def build_parser() -> argparse.ArgumentParser:
    """The whole command line, for ``main`` and for the documentation."""
    parser = argparse.ArgumentParser(
        prog="rasid",
        description="Watches streams of news, Arabic first, and sends one signed alert per story, losing none.",
        epilog="Try: rasid demo",
    )
    parser.add_argument("--version", action="version", version=f"rasid {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command")
    for name in COMMANDS:
        import_module(f"daemon.cli.{name}").add_to(commands)
    _begin_with_summaries(commands)
    return parser


def _begin_with_summaries(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Each command's own help begins with what the list of commands says of it, and fits a terminal."""
    summaries = {choice.dest: choice.help or "" for choice in commands._choices_actions}
    for name, command in commands.choices.items():
        summary = f"{summaries[name][:1].upper()}{summaries[name][1:]}."
        paragraphs = (summary, command.description or "")
        command.description = "\n\n".join(textwrap.fill(each, HELP_WIDTH) for each in paragraphs if each)
        command.formatter_class = argparse.RawDescriptionHelpFormatter
        for action in command._actions:
            if isinstance(action, argparse._SubParsersAction):
                _begin_with_summaries(action)


def _explain(error: Exception) -> int:
    """One message for what a person can mend; a bug keeps its traceback."""
    from alerts.errors import Refused, Unavailable
    from processors.errors import InvalidInput

    if isinstance(error, InvalidInput):
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return 2
    if isinstance(error, Refused):
        print(f"rasid: {error}", file=sys.stderr)
        return 3
    if isinstance(error, Unavailable):
        print(f"rasid: {error}", file=sys.stderr)
        return 1
    raise error
