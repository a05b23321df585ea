"""The option that says how many lines a command shows at most."""

import argparse


def add_limit_option(parser: argparse.ArgumentParser, *, default: int, most: int) -> None:
    """``--limit``, from 1 to ``most``."""

    def number(written: str) -> int:
        if not (written.isdecimal() and 1 <= int(written) <= most):
            raise argparse.ArgumentTypeError(f"{written!r} is no number from 1 to {most:,}")
        return int(written)

    help_text = f"at most this many, up to {most:,} (default {default})"
    parser.add_argument("--limit", type=number, default=default, metavar="N", help=help_text)
