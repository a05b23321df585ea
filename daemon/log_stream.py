"""Standard error that never stops the daemon: a log line that cannot be written must not cost an alert."""

from typing import TextIO


class LogStream:
    """Writes to a stream and passes over its errors: a pipe whose reader went away, a full disk."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.lost = 0  # lines that nobody got

    def write(self, text: str) -> int:
        """As a stream does; an error is counted."""
        try:
            return self._stream.write(text)
        except (OSError, ValueError):
            self.lost += 1
            return len(text)

    def flush(self) -> None:
        """As a stream does; an error is counted."""
        try:
            self._stream.flush()
        except (OSError, ValueError):
            self.lost += 1

    def isatty(self) -> bool:
        """Whether people read it."""
        return self._stream.isatty()
