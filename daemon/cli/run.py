"""``rasid run``: the daemon."""

import argparse
from pathlib import Path

EXAMPLES = """examples:
  rasid run -c rasid.yaml
  rasid run -c rasid.yaml --once     read every source to its end, deliver, then stop

signals: TERM and INT stop after draining, HUP reloads topics and configuration
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = commands.add_parser(
        "run",
        help="the daemon: reads articles, matches them, sends alerts",
        description=(
            "Exit status: 0 drained, 1 a crash, the drain deadline passed or a damaged file, 2 bad configuration, "
            "3 refused (unsafe Redis, locked state directory, too many dead letters, bad credentials)."
        ),
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("-c", "--config", metavar="FILE", type=Path, required=True, help="configuration file")
    parser.add_argument("--instance", metavar="NAME", help="owner of leases; default: a name kept in state_dir")
    parser.add_argument("--once", action="store_true", help="stop when every source was read and all is delivered")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    import signal

    # First of all, for what follows takes a second: a stop is kept for the loop, and what SIGHUP would have read again
    # is just being read.
    told_to_stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: told_to_stop.append(number))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)

    import re
    import sys

    from daemon.collecting import not_collecting

    with not_collecting():
        import asyncio

        from daemon import app, logs
        from daemon.watch import load_tested_watch, source_problems
        from processors.errors import InvalidInput

    if options.instance is not None and not re.fullmatch(r"[\w.-]{1,64}", options.instance):
        print("rasid run: --instance takes 1 to 64 letters, digits, dots, dashes and underscores", file=sys.stderr)
        return 2
    logs.set_up()
    first = [load_tested_watch(options.config)]  # taken out of it, for nobody may keep a set that a reload replaces
    if problems := source_problems(first[0]):
        raise InvalidInput(problems)
    give_back()
    return asyncio.run(
        app.run(
            first,
            lambda: load_tested_watch(options.config),
            instance=options.instance,
            once=options.once,
            told_to_stop=told_to_stop,
        )
    )


def give_back() -> None:
    """Return to the system what is free. glibc keeps what loading needed for a moment: 4 MB with the built-in pack.

    Other C libraries know no such call: nothing is done there.
    """
    import ctypes

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
