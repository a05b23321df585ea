"""What can be imported. Each format is read by a module of its name, which is loaded when it is first asked for."""

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from processors.topics.imports.imported import Imported


def _read(format_name: str, source: str, topic: str) -> "Imported":
    module = import_module(f"processors.topics.imports.{format_name}")
    imported: Imported = getattr(module, f"import_{format_name}")(source, topic)
    return imported


FORMATS: Mapping[str, Callable[[str, str], "Imported"]] = {
    name: partial(_read, name) for name in ("lucene", "mediacloud", "meltwater", "brandwatch", "words")
}
"""The name of a format → what reads it: (source, topic name) → topic file and report. Raises ``Unreadable``."""
