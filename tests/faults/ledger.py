"""What is written down during a run, on disk before anybody is told: the only witness when everything else dies."""

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Receipt:
    """One request as it reached a receiver, and the answer that it was about to get (0: cut off without one)."""

    receiver: str
    at: float
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def id(self) -> str:
        """The delivery that it claims to be."""
        return self.headers.get("webhook-id", "")


class Ledger:
    """Appends receipts to a file; one is on disk when ``write`` returns."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab")

    def write(self, receipt: Receipt) -> None:
        line = {
            "receiver": receipt.receiver,
            "at": receipt.at,
            "status": receipt.status,
            "headers": dict(receipt.headers),
            "body": base64.b64encode(receipt.body).decode("ascii"),
        }
        self._file.write(json.dumps(line).encode() + b"\n")
        self._file.flush()
        os.fdatasync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


def read_receipts(path: Path) -> list[Receipt]:
    """All of a ledger, in order of arrival."""
    receipts = []
    for line in path.read_bytes().splitlines():
        kept = json.loads(line)
        body = base64.b64decode(kept["body"])
        receipts.append(Receipt(kept["receiver"], kept["at"], kept["status"], kept["headers"], body))
    return receipts
