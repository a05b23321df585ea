"""Names that a state directory keeps: of this instance, and where its HTTP server listens."""

import re
import secrets
from pathlib import Path

from alerts.errors import Refused

INSTANCE_FILE = "instance"
ADDRESS_FILE = "http_address"
"""So that the command line finds a running daemon, port 0 included."""


def instance_name(state_dir: Path, configured: str | None) -> str:
    """The configured name, else the one kept here, else a new one that is kept from now on."""
    if configured is not None:
        return configured
    path = state_dir / INSTANCE_FILE
    try:
        if path.exists():
            kept = path.read_text(encoding="ascii", errors="replace").strip()
            if not re.fullmatch(r"[\w.-]{1,64}", kept):
                raise Refused(f"{path} holds no name: delete it, or set `instance`")
            return kept
        drawn = f"rasid-{secrets.token_hex(4)}"
        path.write_text(drawn + "\n", encoding="ascii")
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}. Choose a state_dir that this user may write") from error
    return drawn


def keep_address(state_dir: Path, address: str) -> None:
    """Where the HTTP server of the running process listens."""
    path = state_dir / ADDRESS_FILE
    try:
        path.write_text(address + "\n", encoding="ascii")
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}. Make room there, or choose another state_dir") from error


def forget_address(state_dir: Path) -> None:
    """Nobody listens any more."""
    (state_dir / ADDRESS_FILE).unlink(missing_ok=True)


def kept_address(state_dir: Path) -> str | None:
    """Where a running process listens, None if none says so."""
    try:
        return (state_dir / ADDRESS_FILE).read_text(encoding="ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None
