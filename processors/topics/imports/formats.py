"""What can be imported."""

from collections.abc import Callable, Mapping

from processors.topics.imports.brandwatch import import_brandwatch
from processors.topics.imports.imported import Imported
from processors.topics.imports.lucene import import_lucene
from processors.topics.imports.mediacloud import import_mediacloud
from processors.topics.imports.meltwater import import_meltwater
from processors.topics.imports.words import import_words

FORMATS: Mapping[str, Callable[[str, str], Imported]] = {
    "lucene": import_lucene,
    "mediacloud": import_mediacloud,
    "meltwater": import_meltwater,
    "brandwatch": import_brandwatch,
    "words": import_words,
}
"""The name of a format → what reads it: (source, topic name) → topic file and report. Raises ``Unreadable``."""
