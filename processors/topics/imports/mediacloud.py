"""Queries of Media Cloud: Lucene's syntax on its own fields."""

from processors.topics.imports.boolean_topic import import_boolean
from processors.topics.imports.dialect import Dialect
from processors.topics.imports.imported import Imported
from processors.topics.imports.lucene import FIELDS

MEDIACLOUD = Dialect(
    title="Media Cloud",
    implied="OR",
    fields={
        **FIELDS,
        "article_title": "title",
        "text_content": "body",
        "canonical_domain": "domain",
        "media_name": "source",
        "media_url": "domain",
        "publication_date": "published",
        "publish_day": "published",
    },
    unknown={
        "media_id": "choose sources by their address: domain:example.org",
        "tags_id_media": "choose sources by their address: domain:example.org",
        "tags_id_stories": "choose articles by their words, or by tags: where the stream has them",
        "stories_id": "a topic watches what comes, not one article",
        "timespans_id": "choose a time with published:[ … TO … ]",
    },
    has_regex=True,
)


def import_mediacloud(source: str, name: str) -> Imported:
    """Raises ``Unreadable``."""
    return import_boolean(source, MEDIACLOUD, name)
