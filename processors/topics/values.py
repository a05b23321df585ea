"""Fields that hold one value: ``source:`` ``domain:`` ``lang:`` and the like, compared without case and spelling."""

from urllib.parse import urlsplit

from processors.model import Article
from processors.normalize.text import read_text


def holds_value(article: Article, field: str, wanted: str, *, exact: bool = False) -> bool:
    """Whether the article's ``field`` is, or says, ``wanted``."""
    match field:
        case "domain":
            return _domain_is(article.url, wanted)
        case "lang":
            held, asked = article.lang.casefold().replace("_", "-"), wanted.casefold().replace("_", "-")
            return held == asked or held.startswith(asked + "-")
        case "url":
            return wanted in article.url if exact else wanted.casefold() in article.url.casefold()
        case "tags":
            return any(_says(tag, wanted, exact) for tag in article.tags)
        case _:
            return _says(getattr(article, field), wanted, exact)


def _domain_is(url: str, wanted: str) -> bool:
    """Matches at label borders: example.org holds for news.example.org and not for anexample.org."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return False
    asked = wanted.casefold().strip(".")
    return host == asked or host.endswith("." + asked)


def _says(value: str, wanted: str, exact: bool) -> bool:
    """Whether ``wanted`` stands in ``value`` as whole words."""
    if not value:
        return False
    held, asked = read_text(value, html=False), read_text(wanted, html=False)
    words, needle = (text.plain if exact else text.folded for text in (held, asked))
    held_words = [words[start:end] for start, end in held.words]
    asked_words = [needle[start:end] for start, end in asked.words]
    if not asked_words:
        return False
    size = len(asked_words)
    return any(held_words[at : at + size] == asked_words for at in range(len(held_words) - size + 1))
