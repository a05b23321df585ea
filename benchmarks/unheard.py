"""What a dispatcher tells of its work, heard by nobody: benchmarks override what they count."""

import sys
from collections.abc import Mapping
from typing import Any

from alerts.dispatch.observer import Ending
from alerts.dispatch.standing import Standing
from alerts.model import Attempt, Leased


class Unheard:
    """An observer and a log in one. Warnings are printed."""

    def attempted(self, leased: Leased, attempt: Attempt) -> None:
        pass

    def settled(self, leased: Leased, ending: Ending, reason: str, now_ms: int) -> None:
        pass

    def removed(self, deliveries: int) -> None:
        pass

    def stand(self, standings: Mapping[str, Standing], now_ms: int) -> None:
        pass

    def info(self, event: str, **values: Any) -> None:
        pass  # a line of each request

    def warning(self, event: str, **values: Any) -> None:
        print(event, values, file=sys.stderr)
