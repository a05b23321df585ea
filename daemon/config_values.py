"""Kinds of value in the configuration file: durations, paths, one-or-several, addresses to listen on."""

import re
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_WHOLE = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+")

LONGEST = timedelta(days=3650)
"""Anything longer is a slip of the keyboard, and far below what a date can hold."""


class Section(BaseModel):
    """A part of the file. Unknown keys are errors, values do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def parse_duration(written: object) -> timedelta:
    """``500ms``, ``25s``, ``1h30m``, ``30d``; ``0`` needs no unit. ``ValueError`` says how to write it."""
    if isinstance(written, timedelta):
        return written
    if written == 0 and not isinstance(written, bool):
        return timedelta(0)
    if not isinstance(written, str) or not _WHOLE.fullmatch(written.strip()):
        raise ValueError(f"{written!r} is no duration: write a number and ms, s, m, h or d, like 30s or 1h30m")
    seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(written))
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"{written} is longer than ten years")
    return timedelta(seconds=seconds)


def show_duration(duration: timedelta) -> str:
    """As it would be written in the file."""
    milliseconds = round(duration.total_seconds() * 1000)
    for unit in ("d", "h", "m", "s"):
        size = round(_UNITS[unit] * 1000)
        if milliseconds and milliseconds % size == 0 and (unit != "d" or milliseconds >= 7 * size):
            return f"{milliseconds // size}{unit}"
    return f"{milliseconds}ms" if milliseconds else "0s"


def _several(written: Any) -> Any:
    return (written,) if isinstance(written, str) else written


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
"""A time span, written like ``30s``."""

Several = Annotated[tuple[str, ...], BeforeValidator(_several)]
"""One text or a list of them."""


class RelativePath:
    """Marks a path that begins at the configuration file's folder."""


FilePath = Annotated[Path, RelativePath]
"""A path; a relative one begins at the configuration file's folder."""


def anchored(section: Any, folder: Path) -> Any:
    """A copy of ``section`` whose relative paths begin at ``folder``."""
    if isinstance(section, tuple):
        return tuple(anchored(each, folder) for each in section)
    if not isinstance(section, BaseModel):
        return section
    changed: dict[str, Any] = {}
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        is_path = RelativePath in field.metadata or "RelativePath" in repr(field.annotation)
        changed[name] = folder / value if is_path and value is not None else anchored(value, folder)
    return section.model_copy(update=changed)


def parse_listen(written: str) -> tuple[str, int]:
    """``127.0.0.1:9464``, ``[::1]:0``. ``ValueError`` says how to write it."""
    host, colon, port = written.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"{written!r} is no address to listen on: write host:port, like 127.0.0.1:9464")
    return host, int(port)


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine and nobody else's: ``localhost`` or a loopback address, never a longer name."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False  # a name, which leads wherever its owner likes, also if it begins like an address


def flat(mapping: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Match keys of a route: a text or a list of texts each."""
    return {str(key): _several(value) for key, value in mapping.items()}
