"""One process per state directory."""

import fcntl
import os
from pathlib import Path

from alerts.errors import Refused

LOCK_FILE = "lock"


class StateLock:
    """Holds the lock of a state directory until closed, or until the process dies, however it dies."""

    def __init__(self, directory: Path) -> None:
        """Make the directory if needed and lock it; ``Refused`` names the process that holds it."""
        try:
            directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = os.open(directory / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Refused(
                f"state_dir {directory}: {error.strerror}. Choose a directory that this user may write"
            ) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._file, 32, 0).decode(errors="replace").strip() or "unknown"
            os.close(self._file)
            raise Refused(
                f"state_dir {directory} is in use by process {holder}. Stop it, or give each process its own state_dir"
            ) from None
        try:
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, str(os.getpid()).encode(), 0)
        except OSError as error:
            os.close(self._file)
            raise Refused(
                f"state_dir {directory} cannot be written: {error.strerror}. Make room there, or choose another"
            ) from error

    def close(self) -> None:
        """Let the next process in."""
        os.close(self._file)
