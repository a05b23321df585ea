"""Read a file that a person wrote: text, small, and a file."""

import stat
from pathlib import Path

from processors.yaml_document import LONGEST_FILE


class Unreadable(Exception):
    """Why a file cannot be used, in words."""


def read_small(path: Path) -> str:
    """The text of ``path``. Raises ``Unreadable``; never reads much, whatever the path leads to."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unreadable("it is no regular file")
        with path.open("rb") as file:
            data = file.read(LONGEST_FILE + 1)
    except OSError as error:
        raise Unreadable(error.strerror or str(error)) from error
    except ValueError as error:  # a zero character in the name
        raise Unreadable(str(error)) from error
    if len(data) > LONGEST_FILE:
        raise Unreadable("it is larger than 1 MiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("it is not UTF-8: save it with the encoding UTF-8") from error
