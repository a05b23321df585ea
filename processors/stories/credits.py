"""Whose report an article is, by what it says of itself: its credit lines, dateline, author, source, attribution.

Twenty-three outlets that print one agency's text are one report. The origin of an article is a short key: an agency's
from ``agencies.yaml``, else the outlet's own name as it is compared. Pure; the table is package data.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from processors.model import Article
from processors.stories.boilerplate import parted
from processors.stories.known_names import KnownNames
from processors.stories.words import FUNCTION_WORDS, plain, words_of
from processors.yaml_document import load_yaml

AGENCIES = "agencies"
"""The origin of what is credited to "agencies": somebody else's report, nobody knows whose."""

UNKNOWN = ""
"""The origin of an article that names neither an agency nor its outlet."""

LEAD_WORDS = 60
"""Where a report says whose it is, if it does: later on it only quotes."""

_BEFORE, _AFTER = 4, 2
"""How many words an attribution may stand before the name («نقلا عن مصدر في وكالة …») and behind it ("Reuters
reported")."""

_MAX_LEAD_CHARS = 2_000
"""``LEAD_WORDS`` words and a long headline."""

_ATTRIBUTIONS = frozenset(
    words_of(
        """
        نقلا نقلت ذكرت ذكر أفادت أفاد أوردت بثت كشفت بحسب حسب وفقا وفق لوكالة صرح قال قالت
        reported reports according told citing cited said quoted
        selon rapporte rapporté indique cité
        göre bildirdi bildirdiğine aktardı aktardığına haberine duyurdu
        """
    )
)
"""Words that say "this is from": in each language before or behind the name."""

_KINDS = frozenset(
    words_of("صحيفة جريدة موقع قناة وكالة مجلة شبكة إذاعة تلفزيون the newspaper daily website channel journal")
)
"""What an outlet's name may begin with and is also called without."""

_QUOTED_FROM = (("نقلا", "عن"), ("reported", "by"), ("citing",))
"""What says most plainly that the report is another outlet's, which is named next."""

_QUOTING = frozenset(phrase[0] for phrase in _QUOTED_FROM)

_MAX_NAME_WORDS = 2
"""Of an outlet that is quoted from: a third word is more often the sentence's next than the name's."""


@cache
def _tables() -> tuple[KnownNames, KnownNames]:
    """Names that mean an agency anywhere, and those together with what means one in credits only."""
    text = files("processors.stories").joinpath("agencies.yaml").read_text("utf-8")
    table: Mapping[str, Mapping[str, Sequence[str]]] = load_yaml("agencies.yaml", text).data
    names = [(name, key) for key, agency in table.items() for name in agency["names"]]
    credits_ = [(name, key) for key, agency in table.items() for name in agency["credits"]]
    return KnownNames(names, shortest=2), KnownNames([*names, *credits_], shortest=2)


def origin_of(article: Article, silent: Sequence[str] | None = None) -> str:
    """The agency whose report it is, the outlet that it is quoted from, else its own outlet; ``UNKNOWN`` without one.

    A credit to "agencies" counts only where no agency is named. ``silent`` are the silent parts of the body, folded
    (``boilerplate.parted``), where they are known.
    """
    credited = list(_credited(article, silent))
    named = next((key for key in credited if key != AGENCIES), None)
    return named or _attributed(article) or (AGENCIES if credited else outlet_of(article))


def outlet_of(article: Article) -> str:
    """The article's own outlet, as it is compared: by its source, else by its address; ``UNKNOWN`` without either."""
    return outlet_key(article.source) or _host(article.url)


def outlet_key(name: str) -> str:
    """An outlet's name as it is compared: صحيفة الأهرام and الاهرام are one."""
    words = words_of(name[:200])
    while len(words) > 1 and words[0] in _KINDS:
        words = words[1:]
    return " ".join(words)


def _credited(article: Article, silent: Sequence[str] | None) -> Iterator[str]:
    """Agencies in places that only credit, the surest first."""
    _, credits_ = _tables()
    yield from credits_.found(words_of(article.source[:200]))
    yield from credits_.found(words_of(article.author[:200]))
    if silent is None or len(article.body) > _MAX_LEAD_CHARS:
        opening, closing = article.body[:_MAX_LEAD_CHARS], article.body[_MAX_LEAD_CHARS:][-_MAX_LEAD_CHARS:]
        silent = [part for end in (opening, closing) for part in parted(plain(end))[1]]
    for part in silent:
        yield from credits_.found(words_of(part))


def _attributed(article: Article) -> str:
    """Whose report the headline or the opening says it is; "" where it does not say."""
    names, _ = _tables()
    for text in (article.title[:_MAX_LEAD_CHARS], article.body[:_MAX_LEAD_CHARS]):
        words = words_of(plain(text))[:LEAD_WORDS]
        for place, length, key in names.places(words):
            around = (*words[max(0, place - _BEFORE) : place], *words[place + length : place + length + _AFTER])
            if not _ATTRIBUTIONS.isdisjoint(around):
                return key
        if outlet := _quoted_outlet(words):
            return outlet
    return ""


def _quoted_outlet(words: Sequence[str]) -> str:
    """The outlet named after «نقلا عن صحيفة …»: up to the first word that cannot be part of a name."""
    if _QUOTING.isdisjoint(words):
        return ""
    for phrase in _QUOTED_FROM:
        for place in range(len(words) - len(phrase)):
            if tuple(words[place : place + len(phrase)]) != phrase:
                continue
            behind = words[place + len(phrase) : place + len(phrase) + 1 + _MAX_NAME_WORDS]
            if not behind or behind[0] not in _KINDS:
                continue  # a person, or a body that is no outlet
            name: list[str] = []
            for word in behind[1:]:
                if word in FUNCTION_WORDS:
                    break
                name.append(word)
            if name:
                return " ".join(name)
    return ""


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
