"""Replace a file so that after a crash of the process or the machine it holds one whole older or newer content."""

import glob
import os
import tempfile
from pathlib import Path


def replace_durably(path: Path, data: bytes) -> None:
    """Write beside it, fsync, rename, fsync the folder. Raises ``OSError``, and then the old content stands."""
    number, fresh = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(fresh).replace(path)
    except BaseException:
        Path(fresh).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def sweep_unfinished(path: Path) -> None:
    """Remove what processes left that died while replacing ``path``. Nobody may be replacing it just now."""
    for left in path.parent.glob(f"{glob.escape(path.name)}.*.tmp"):
        left.unlink(missing_ok=True)
