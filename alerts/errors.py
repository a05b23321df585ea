"""Errors of the alerting side, sorted by what the caller should do.

RasidError (processors.errors)
├── Unavailable    wait and try the same call again; every write is safe to repeat
└── Refused        do not start: a person must change something first (exit status 3)
"""

from processors.errors import RasidError


class Unavailable(RasidError):
    """Redis, Kafka or a file system did not answer, or not in time. The outcome of a write is unknown."""


class Refused(RasidError):
    """What was found is not safe to run on. The message names what, why, and the remedy."""
