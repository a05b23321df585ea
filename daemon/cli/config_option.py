"""The option that names a running daemon, for the commands that ask it."""

import argparse
from pathlib import Path


def add_config_option(parser: argparse.ArgumentParser) -> None:
    """``-c``."""
    parser.add_argument(
        "-c", "--config", metavar="FILE", type=Path, required=True, help="configuration file of the running daemon"
    )
