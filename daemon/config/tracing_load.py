"""The section ``tracing`` as it is used: whether the extra is there, and the headers that its file holds."""

import re
from collections.abc import Mapping
from importlib.util import find_spec

from daemon.config.config import Config
from daemon.config.secrets import Secrets

_PLACE = "tracing"

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""A token, as RFC 9110 has it."""

_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?")

_NEEDED = ("opentelemetry", "opentelemetry.sdk", "opentelemetry.exporter.otlp.proto.http")


def read_trace_headers(config: Config, secrets: Secrets) -> Mapping[str, str]:
    """Headers of each request to the collector; empty without ``headers_file``. Notes what is wrong with either."""
    if config.tracing is None:
        return {}
    if not _installed():
        secrets.wrong((_PLACE,), "the extra of tracing is not installed: pip install 'rasid[otel]'")
    place = (_PLACE, "headers_file")
    text = secrets.text(config.tracing.headers_file, None, place)
    headers: dict[str, str] = {}
    for number, line in enumerate((text or "").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            secrets.wrong(place, f"line {number} of the file is no header: write `name: value`, in ASCII")
        elif name.lower() in headers:
            secrets.wrong(place, f"line {number} of the file has a name that stands before: remove one of them")
        else:
            headers[name.lower()] = value
    return headers


def _installed() -> bool:
    """Asked one by one: looking for a package below one that is missing is an error."""
    try:
        return all(find_spec(package) is not None for package in _NEEDED)
    except ModuleNotFoundError:
        return False
