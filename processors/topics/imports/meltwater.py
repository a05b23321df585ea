"""Boolean searches of Meltwater."""

from processors.topics.imports.boolean_topic import import_boolean
from processors.topics.imports.dialect import Dialect
from processors.topics.imports.imported import Imported

_METADATA = "Meltwater's own data about an outlet: choose sources with domain: or source:"

MELTWATER = Dialect(
    title="Meltwater",
    implied="AND",
    fields={
        "title": "title",
        "headline": "title",
        "ingress": "lead",
        "body": "body",
        "text": "text",
        "author": "author",
        "url": "url",
        "site": "domain",
        "domain": "domain",
        "source": "source",
        "sourcename": "source",
        "language": "lang",
        "lang": "lang",
        "raw": "raw",
    },
    unknown=dict.fromkeys(
        ("country", "countrycode", "region", "city", "reach", "sourcetype", "mediatype", "category", "sentiment"),
        _METADATA,
    ),
    near=4,
    any_case_operators=True,
    weights_score=False,
)


def import_meltwater(source: str, name: str) -> Imported:
    """Raises ``Unreadable``."""
    return import_boolean(source, MELTWATER, name)
