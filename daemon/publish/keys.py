"""The key of an article in Kafka: what has one key stays in one partition, in order. Pure."""

from enum import StrEnum

from processors.ids import digest
from processors.model import Article
from processors.normalize.url import canonical_url

LONGEST_KEY = 512
"""Bytes. No id is longer, and what a publisher sends as one may be a mebibyte; then its hash is the key."""


class KeyBy(StrEnum):
    """What makes the key."""

    ID = "id"
    URL = "url"
    SOURCE = "source"
    NONE = "none"


def key_of(article: Article, by: KeyBy) -> bytes | None:
    """The key of ``article``; where it lacks what the key is made by, its id, which it always has.

    The id is the address or a hash of the text where its publisher gave none, so that edits of one article follow one
    another in one partition.
    """
    if by is KeyBy.NONE:
        return None
    wanted = {KeyBy.ID: article.id, KeyBy.URL: canonical_url(article.url), KeyBy.SOURCE: article.source}[by]
    key = wanted or article.id
    encoded = key.encode("utf-8", "surrogatepass")
    return encoded if len(encoded) <= LONGEST_KEY else digest("key", key).encode()
