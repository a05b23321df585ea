"""Draws the webhook's secret and the API's token into a folder, once: ``make_keys.py FOLDER``."""

import base64
import os
import secrets
import sys
from pathlib import Path


def main(folder: Path) -> None:
    """What is there already stays."""
    drawn = {
        "secret": "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "token": secrets.token_urlsafe(32),
    }
    for name, value in drawn.items():
        if not (folder / name).exists():
            fresh = folder / f"{name}.new"
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(value + "\n")
                file.flush()
                os.fsync(file.fileno())
            fresh.rename(folder / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
