"""Queries in Lucene's classic syntax, as Elasticsearch, OpenSearch and Solr take them in a query string."""

from processors.topics.imports.boolean_topic import import_boolean
from processors.topics.imports.dialect import Dialect
from processors.topics.imports.imported import Imported

FIELDS = {
    "title": "title",
    "headline": "title",
    "body": "body",
    "content": "body",
    "text": "text",
    "lead": "lead",
    "summary": "lead",
    "description": "lead",
    "source": "source",
    "author": "author",
    "domain": "domain",
    "host": "domain",
    "site": "domain",
    "url": "url",
    "link": "url",
    "lang": "lang",
    "language": "lang",
    "section": "section",
    "category": "section",
    "tags": "tags",
    "tag": "tags",
    "keywords": "tags",
    "published": "published",
    "published_at": "published",
    "publish_date": "published",
    "date": "published",
    "timestamp": "published",
    "words": "words",
    "word_count": "words",
}
"""What indexes of news mostly call the fields that articles have here."""

LUCENE = Dialect(
    title="Lucene",
    implied="OR",
    fields=FIELDS,
    unknown={"_exists_": "a field that may be empty is not asked about"},
    has_regex=True,
)


def import_lucene(source: str, name: str) -> Imported:
    """Raises ``Unreadable``."""
    return import_boolean(source, LUCENE, name)
