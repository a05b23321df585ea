"""What is new in an update, as it goes on the wire and in a few words. Pure; every part is bounded.

A reason without a name of its own (a denial) is told by its words alone; headlines and figures stay as published.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from alerts.notices.facts import EntityNames, NoticeFacts
from alerts.notices.language_names import LANGUAGE_NAMES
from alerts.notices.plain_text import clean, isolate
from processors.stories.news import News
from processors.stories.reasons import Reason
from processors.stories.rows import Change

UPDATED, CORRECTED = "alert.updated", "alert.corrected"

_NAMED, _REASONS, _EDITED = 12, 20, 12
"""Names, reasons and articles that are listed: what a busy quarter of an hour brings."""

_NAME_CHARS, _ID_CHARS, _URL_CHARS = 100, 200, 300

_SPOKEN, _SPOKEN_CHARS, _SPOKEN_NAME = 2, 80, 24
"""Reasons in the line of text, a third of it at most, and characters of a name in it."""


def notice_of_news(
    news: News,
    *,
    number: int,
    previous: str,
    entities: Mapping[str, EntityNames],
    is_country: Callable[[str], bool],
    arabic: bool,
) -> NoticeFacts:
    """The notice that tells ``news``, which has a reason at least, in Arabic or in English words."""
    return NoticeFacts(
        type=CORRECTED if news.corrects else UPDATED,
        keys=news.keys,
        reason=news.reasons[0][0].value,
        number=number,
        previous=previous,
        delta=_delta(news, entities, is_country),
        news=_words(news, entities, arabic),
    )


def _delta(news: News, entities: Mapping[str, EntityNames], is_country: Callable[[str], bool]) -> dict[str, Any]:
    was, now = news.sources
    return {
        "reasons": [
            {"reason": reason.value, "about": clean(about, _NAME_CHARS) or None}
            for reason, about in news.reasons[:_REASONS]
        ],
        "independent_sources": {"was": was, "now": now},
        "outlets": [
            {
                "source": clean(outlet.source, _NAME_CHARS),
                "url": outlet.url if _safe(outlet.url) else None,
                "origin": clean(outlet.origin, _NAME_CHARS) or None,
            }
            for outlet in news.outlets
        ],
        "languages": list(news.languages),
        "countries": _names([each for each in news.named if is_country(each)], entities),
        "entities": _names([each for each in news.named if not is_country(each)], entities),
        "figures": _figures(news.changes),
        "edited": list(dict.fromkeys(clean(each.article, _ID_CHARS) for each in news.changes[-_EDITED:])),
    }


def _names(ids: Sequence[str], entities: Mapping[str, EntityNames]) -> list[dict[str, Any]]:
    found = [(each, entities.get(each, EntityNames())) for each in ids[:_NAMED]]
    return [
        {
            "id": clean(id_, _NAME_CHARS),
            "arabic": clean(names.arabic, _NAME_CHARS) or None,
            "latin": clean(names.latin, _NAME_CHARS) or None,
        }
        for id_, names in found
    ]


def _figures(changes: Sequence[Change]) -> dict[str, list[str]] | None:
    was = dict.fromkeys(clean(figure, _NAME_CHARS) for change in changes for figure in change.was)
    now = dict.fromkeys(clean(figure, _NAME_CHARS) for change in changes for figure in change.now)
    return {"was": list(was)[:_NAMED], "now": list(now)[:_NAMED]} if now else None


def _safe(url: str) -> bool:
    return (
        url.lower().startswith(("http://", "https://"))
        and len(url) <= _URL_CHARS
        and clean(url, _URL_CHARS) == url
        and " " not in url
    )


_ENGLISH: Mapping[Reason, str] = {
    Reason.RETRACTION: "corrected",
    Reason.DENIAL: "denied",
    Reason.FIGURES: "figures changed",
    Reason.SOURCES: "{} independent sources",
    Reason.COUNTRY: "also {}",
    Reason.ENTITY: "also {}",
    Reason.LANGUAGE: "now in {}",
    Reason.REPEAT: "still going on",
}
_ARABIC: Mapping[Reason, str] = {
    Reason.RETRACTION: "تصحيح",
    Reason.DENIAL: "نفي",
    Reason.FIGURES: "تغيرت الأرقام",
    Reason.SOURCES: "عدد المصادر المستقلة {}",
    Reason.COUNTRY: "ورد أيضاً {}",
    Reason.ENTITY: "ورد أيضاً {}",
    Reason.LANGUAGE: "بلغة أخرى: {}",
    Reason.REPEAT: "تذكير",
}
"""The same: correction, denial, the figures changed, number of independent sources, also mentioned, another language,
a reminder.
Worded so that no name or number has to agree with the words around it."""


def _words(news: News, entities: Mapping[str, EntityNames], arabic: bool) -> str:
    said = ""
    for reason, about in news.reasons[:_SPOKEN]:
        more = said + (("؛ " if arabic else "; ") if said else "") + _phrase(news, reason, about, entities, arabic)
        if len(more) > _SPOKEN_CHARS:
            break
        said = more
    return said


def _phrase(news: News, reason: Reason, about: str, entities: Mapping[str, EntityNames], arabic: bool) -> str:
    figures = _figures(news.changes)
    if reason is Reason.FIGURES and figures is not None and figures["was"]:
        return _from_to(figures["was"][0], figures["now"][0], arabic)
    name = about
    if reason is Reason.LANGUAGE:
        name = LANGUAGE_NAMES.get(about, (about, about))[0 if arabic else 1]
    elif (names := entities.get(about)) is not None:
        name = (names.arabic or names.latin if arabic else names.latin or names.arabic) or about
    return (_ARABIC if arabic else _ENGLISH)[reason].format(_spoken(name) if about else "")


def _from_to(was: str, now: str, arabic: bool) -> str:
    """No arrow: which way it points depends on the line around it."""
    return f"من {_spoken(was)} إلى {_spoken(now)}" if arabic else f"from {_spoken(was)} to {_spoken(now)}"


def _spoken(name: str) -> str:
    return isolate(clean(name, _SPOKEN_NAME))
