"""One history, told line by line: ``python -m tests.simulation.replay SEED [RULE]``; RULE is one to leave out."""

import argparse
import logging

import structlog

from tests.simulation.history import simulate
from tests.simulation.rules import LEFT_OUT, rules_of


def main() -> int:
    """Exit status 1 if the history goes wrong."""
    rules = "\n".join(f"  {name:13} {text}" for name, text in LEFT_OUT.items())
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulation.replay",
        description="Tells the history of a seed.",
        epilog=f"rules that can be left out:\n{rules}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("seed", type=int)
    parser.add_argument("without", nargs="?", default="", choices=["", *LEFT_OUT], metavar="RULE")
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    print(rules_of(asked.seed, asked.without))
    result = simulate(asked.seed, asked.without, print)
    print()
    print(", ".join(f"{number} {name}" for name, number in result.seen.items() if number))
    print(*(result.problems or ["nothing went wrong"]), sep="\n")
    return 1 if result.problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
