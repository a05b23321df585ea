"""The articles of a history, the topics that watch for them, and the receivers that are told.

There are few articles, and what the pure code says of each is found out once: it is the same in every history.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from alerts.notices.plain_text import clean
from alerts.notices.quote import Quote, quotes
from daemon.sources.decode import Decoded, Decoder
from daemon.watch import Watch, load_watch
from processors.ids import digest
from processors.model import Article
from processors.normalize.text import Text
from processors.stories.copies import copy_of
from processors.stories.fingerprint import Fingerprint, fingerprint
from processors.stories.kinship import kinship
from processors.stories.known_names import KnownNames
from tests.simulation import articles

STORIES = 6
COPIES = 6

Key = tuple[int, str, str]
"""What somebody must be told: (story, topic, receiver)."""

_TOPICS = {"first": "علامة", "second": "إشارة"}
_FLOORS = {"first": "0s", "second": "1m"}
"""Updates of one topic are told at once, those of the other often wait."""
_RECEIVERS = {"first": ("desk",), "second": ("desk", "radio")}
_TOPICS_OF_COPY = (("first",), ("second",), ("first", "second"))
"""So a story's alerts come from several articles, and a lane holds several deliveries."""


_LANGUAGES = ("ar", "en", "tr")
"""Of two copies each, so that topics and languages come together in every way."""


@cache
def article_of(story: int, copy: int, version: int | None = None) -> bytes:
    """An article of a story, marked for one topic or for both. With a version it has a language, and edits are news."""
    marks = " ".join(_TOPICS[topic] for topic in _TOPICS_OF_COPY[copy % 3])
    if version is None:
        return articles.article_of(story, copy, marks)
    return articles.article_of(story, copy, marks, lang=language_of(copy), killed=10 * version)


def language_of(copy: int) -> str:
    """Of a copy that has versions."""
    return _LANGUAGES[copy // 2 % 3]


def keys_of(story: int, copy: int) -> Sequence[Key]:
    """What such an article leads to, where nothing did before."""
    return [(story, topic, receiver) for topic in _TOPICS_OF_COPY[copy % 3] for receiver in _RECEIVERS[topic]]


UNWATCHED = json.dumps({"id": "none", "title": "لا شيء", "body": "خبر عن الطقس"}).encode()
BROKEN = b"{"


@cache
def the_watch() -> Watch:
    """Two topics, two receivers."""
    with TemporaryDirectory() as folder:
        return _load(Path(folder))


def _load(folder: Path) -> Watch:
    (folder / "secret").write_text("whsec_c2ltdWxhdGlvbiBzZWNyZXQgMDEyMzQ1Njc=\n")
    topics = "".join(
        f"  {topic}: {{match: {mark}, updates: {{floor: {_FLOORS[topic]}}}}}\n" for topic, mark in _TOPICS.items()
    )
    (folder / "topics.yaml").write_text(f"topics:\n{topics}", encoding="utf-8")
    receivers = [
        {"name": name, "type": "webhook", "url": "https://example.org/", "secret_file": "secret"}
        for name in ("desk", "radio")
    ]
    routes = [{"match": {"topic": "second"}, "receiver": "radio", "continue": True}, {"receiver": "desk"}]
    (folder / "rasid.yaml").write_text(
        json.dumps(
            {
                "name": "simulation",
                "state_dir": "state",
                "sources": [{"file": {"path": "x", "follow": True}}],
                "topics": ["topics.yaml"],
                "receivers": receivers,
                "route": {"receiver": "desk", "routes": routes},
            }
        )
    )
    watch = load_watch(folder / "rasid.yaml")
    # The same answers, faster.
    watch.watchlist.match_text = cache(watch.watchlist.match_text)  # type: ignore[method-assign]
    return watch


class RememberingDecoder(Decoder):
    """The same answers, faster."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[bytes, Decoded] = {}

    def decode(self, value: bytes) -> Decoded:
        if value not in self._seen:
            self._seen[value] = super().decode(value)
        return self._seen[value]


DECODER = RememberingDecoder()


@contextmanager
def remembered_answers() -> Iterator[None]:
    """Pure functions of the few articles are computed once for each: they are most of a history's time."""
    prints: dict[str, Fingerprint] = {}
    found: dict[tuple[object, ...], list[Quote]] = {}

    def remembered_print(article: Article, names: KnownNames) -> Fingerprint:
        version = f"{article.id} {article.title}"
        if version not in prints:
            prints[version] = fingerprint(article, names)
        return prints[version]

    def remembered_quotes(
        raw: str, spans: Sequence[tuple[int, int]], most: int, *, one_sentence: bool = False, text: Text | None = None
    ) -> list[Quote]:
        asked = raw, tuple(spans), most, one_sentence
        if asked not in found:
            found[asked] = quotes(raw, spans, most, one_sentence=one_sentence, text=text)
        return found[asked]

    once = cache(digest)
    with pytest.MonkeyPatch.context() as patch:
        for module in ("processors.ids", "processors.stories.memory", "alerts.ids"):
            patch.setattr(f"{module}.digest", once)
        patch.setattr("processors.stories.candidates.copy_of", cache(copy_of))
        patch.setattr("processors.stories.same_story.kinship", cache(kinship))
        patch.setattr("alerts.notices.payload.clean", cache(clean))
        patch.setattr("daemon.look.fingerprint", remembered_print)
        patch.setattr("alerts.notices.payload.quotes", remembered_quotes)
        yield
