"""Why the other end was not reached, as the system calls it. Pure."""

from os import strerror


def unreached_words(error: OSError) -> str:
    """``Connection refused``, ``Name or service not known``: without number and address."""
    if error.errno is None or type(error).__module__ in ("ssl", "socket"):  # theirs are not the system's numbers
        return error.strerror or str(error) or type(error).__name__
    return strerror(error.errno)
