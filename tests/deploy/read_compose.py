"""Run among the judges: what the Compose Specification does not allow in a file, given as a JSON string."""

import json
import sys

from compose_spec import PyCompose

AT_MOST = ": on-failure:"
"""The specification allows ``on-failure:10``; this reader of it knows the word without the number only."""


def wrong(text: str) -> list[str]:
    """Nothing, or the first thing."""
    lines = [line.split(AT_MOST)[0] + ": on-failure" if AT_MOST in line else line for line in text.splitlines()]
    try:
        PyCompose.from_yaml("\n".join(lines)).validate()
    except ValueError as error:
        return [str(error)]
    return []


print(json.dumps(wrong(json.load(sys.stdin))))
