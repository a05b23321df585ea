"""Run among the judges: what of a dashboard, given as JSON, Grafana's own types do not know or read otherwise."""

import json
import sys
from collections.abc import Iterator
from typing import Any

from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard


def lost(written: Any, read: Any, path: str = "") -> Iterator[str]:
    """Paths of ``written`` that are not in ``read``, or are something else there."""
    if isinstance(written, dict) and isinstance(read, dict):
        for key, value in written.items():
            yield from lost(value, read[key], f"{path}/{key}") if key in read else [f"{path}/{key}"]
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for number, (one, other) in enumerate(zip(written, read, strict=True)):
            yield from lost(one, other, f"{path}/{number}")
    elif written != read:
        yield path


plugins.register_default_plugins()
given = json.load(sys.stdin)
understood = json.loads(json.dumps(Dashboard.from_json(given), cls=JSONEncoder))
print(json.dumps(list(lost(given, understood))))
