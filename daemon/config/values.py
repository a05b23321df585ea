"""Kinds of value in the configuration file: durations, paths, one-or-several, addresses to listen on."""

from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from processors.duration import Duration as Duration
from processors.duration import parse_duration as parse_duration
from processors.duration import show_duration as show_duration

LONGEST_NAME = 64
"""Letters of a name. Said beside the pattern and not in it: with ``{1,64}`` each such pattern takes 3 MB for ever, for
all the letters of Unicode once for every place."""


class Section(BaseModel):
    """A part of the file. Unknown keys are errors, values do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _several(written: Any) -> Any:
    return (written,) if isinstance(written, str) else written


Several = Annotated[tuple[str, ...], BeforeValidator(_several)]
"""One text or a list of them."""


class RelativePath:
    """Marks a path that begins at the configuration file's folder."""


FilePath = Annotated[Path, RelativePath]
"""A path; a relative one begins at the configuration file's folder."""


def files_in(section: BaseModel) -> Iterator[Path]:
    """Every file that a section and its parts name."""
    for name, _ in section:
        value = getattr(section, name)
        if isinstance(value, Path):
            yield value
        elif isinstance(value, BaseModel):
            yield from files_in(value)


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
