"""Queries of Brandwatch."""

from processors.topics.imports.boolean_topic import import_boolean
from processors.topics.imports.dialect import Dialect
from processors.topics.imports.imported import Imported

_OUTLETS = "Brandwatch's own data about authors and outlets: choose sources with domain: or source:"
_SOCIAL = "social networks are no news stream"

BRANDWATCH = Dialect(
    title="Brandwatch",
    implied="AND",
    fields={
        "title": "title",
        "headline": "title",
        "site": "domain",
        "domain": "domain",
        "url": "url",
        "author": "author",
        "language": "lang",
        "raw": "raw",
        "tags": "tags",
    },
    unknown={
        **dict.fromkeys(
            (
                "country city state region continent location gender authorgender authorverified reachestimate "
                "monthlyvisitors sentiment blogname pagetype channel channelid minuteofday"
            ).split(),
            _OUTLETS,
        ),
        **dict.fromkeys("at_mentions hashtags links engagementtype subreddit engagingwith imagetype".split(), _SOCIAL),
    },
    braces_keep_case=True,
)


def import_brandwatch(source: str, name: str) -> Imported:
    """Raises ``Unreadable``."""
    return import_boolean(source, BRANDWATCH, name)
