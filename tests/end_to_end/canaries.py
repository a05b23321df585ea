"""Secrets that are looked for: one for every key of the configuration that names a secret."""

import base64
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel

from daemon.config.config import Config
from processors.yaml_document import _models_in

NO_SECRETS = {"ca_file", "cert_file", "text_file", "html_file"}
"""Files that hold what anyone may read."""


def secret_keys(model: type[BaseModel] = Config, place: str = "", seen: tuple[type, ...] = ()) -> Iterator[str]:
    """Every key of the configuration that names a file or variable with a secret in it."""
    for name, field in model.model_fields.items():
        where = f"{place}.{name}" if place else name
        if name.endswith(("_file", "_env")) and name not in NO_SECRETS:
            yield where
        for inner in _models_in(field.annotation):
            if inner not in seen:
                yield from secret_keys(inner, where, (*seen, inner))


class Canaries:
    """A secret of its own for each key, in a file or a variable."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.variables: dict[str, str] = {}
        self.planted: dict[str, str] = {}

    def plant(self, key: str, before: str = "", after: str = "", *, coded: bool = False) -> str:
        """The value of ``key``: where its canary stands, between ``before`` and ``after``.

        A word after the key tells two of them apart.
        """
        canary = f"canary{len(self.planted):02}" + "chirps" * 4
        canary = base64.b64encode(canary.encode()).decode().rstrip("=") if coded else canary
        name = f"CANARY_{len(self.planted)}"
        self.planted[key] = canary
        if key.partition(" ")[0].endswith("_env"):
            self.variables[name] = before + canary + after
        else:
            (self._folder / name).write_text(before + canary + after + "\n", encoding="utf-8")
        return name

    def shown_in(self, text: str) -> list[str]:
        """The keys whose canary is in ``text``, plain or coded in any way that is used on a wire."""
        return [key for key, canary in self.planted.items() if any(form in text for form in _forms(canary))]


def _forms(canary: str) -> set[str]:
    # base64 shows one of three faces, as it begins at one of three places; of each a piece that does not hang on what
    # stands around it.
    coded = {base64.b64encode(b"x" * shift + canary.encode())[4:-4].decode() for shift in range(3)}
    padded = canary + "=" * (-len(canary) % 4)
    plain = {base64.b64decode(padded).decode()} if not canary.startswith("canary") else set()
    return {canary, quote(canary, safe=""), *coded, *plain}
