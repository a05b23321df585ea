"""Why the other end was not reached, as the system calls it."""

import os
from socket import gaierror
from ssl import SSLError


def unreached_words(error: OSError) -> str:
    """``Connection refused``, ``Name or service not known``: without number and address."""
    if isinstance(error, SSLError | gaierror) or error.errno is None:  # whose numbers are not the system's
        return error.strerror or str(error) or type(error).__name__
    return os.strerror(error.errno)
