"""The secrets that a configuration names, in files and variables, and what is wrong with what was written."""

from collections.abc import Mapping
from pathlib import Path
from shlex import quote

from daemon.file_small import Unreadable, read_small
from processors.errors import Problem
from processors.yaml_document import YamlDocument

Place = tuple[str | int, ...]


class Secrets:
    """Reads them, and lists every problem with its place. No problem quotes what a file or variable holds."""

    def __init__(self, document: YamlDocument, environment: Mapping[str, str]) -> None:
        self._document = document
        self._environment = environment
        self.problems: list[Problem] = []

    def wrong(self, place: Place, message: str) -> None:
        """Note a problem with the value at ``place``."""
        self.problems.append(self._document.problem(place, message))

    def wrong_in_text(self, place: Place, text: str, line: int, message: str) -> None:
        """Note a problem in a line, from 1, of the text value at ``place``; 0: of the whole."""
        offset = sum(len(each) for each in text.splitlines(keepends=True)[: max(0, line - 1)])
        self.problems.append(self._document.problem_in_text(place, text, offset, message))

    def text(self, file: Path | None, variable: str | None, place: Place) -> str | None:
        """What the file holds, or else the variable; None where neither is named, or can be read."""
        if file is not None:
            if file.name.startswith(("whsec_", "whsk_")):
                self.wrong(place, "this is a key and not the name of a file: put the key into a file and name that")
                return None
            try:
                return read_small(file)
            except Unreadable as error:
                self.wrong(place, f"{file} cannot be read: {error}{_remedy(file, place)}")
        elif variable is not None:
            if (text := self._environment.get(variable)) is not None:
                return text
            self.wrong(place, f"the environment variable {variable} is not set")
        return None

    def one(self, file: Path | None, variable: str | None, place: Place, key: str) -> tuple[str | None, Place]:
        """The same, stripped, and its place: ``key`` of the section at ``place``, with ``_file`` or ``_env``."""
        named = (*place, f"{key}_file" if file is not None else f"{key}_env")
        text = self.text(file, variable, named)
        return (None if text is None else text.strip()), named


def _remedy(file: Path, place: Place) -> str:
    """How to make the key of a webhook that is not there yet; other secrets come from whoever gives them out."""
    if place[-1:] != ("secret_file",) or file.exists():
        return ""
    return f'. To make one: (umask 077; echo "whsec_$(openssl rand -base64 32)" > {quote(str(file))})'
