"""What is asked of a logger: what happened, as an event with values. Whoever wires the parts together brings one."""

from typing import Any, Protocol


class Logger(Protocol):
    """The two verbs of a structured logger that are used here."""

    def info(self, event: str, **values: Any) -> Any: ...
    def warning(self, event: str, **values: Any) -> Any: ...
