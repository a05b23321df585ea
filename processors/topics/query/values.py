"""Fields that hold one value: ``source:`` ``domain:`` ``lang:`` and the like, compared without case and spelling."""

from urllib.parse import urlsplit

from processors.model import Article
from processors.normalize.text import read_text
from processors.topics.query.regex.compiled import holds_regex
from processors.topics.query.text import QueryError, told
from processors.topics.query.tree import Or, Phrase, Query, Regex, Term

NO_STAR = {
    "url": "an address is searched through without *: write the part that must be in it",
    "domain": "domain:example.org already holds for news.example.org: no * is needed",
    "lang": "lang:ar already holds for ar-EG: no * is needed",
}


def check_values(field: str, query: Query) -> None:
    """A field that holds one value is compared with words and phrases, joined by OR. Raises ``QueryError``."""
    match query:
        case Or():
            for child in query.children:
                check_values(field, child)
        case Term() if query.prefix and field in NO_STAR:
            raise QueryError(query.at, f"{told(query.source)}: {NO_STAR[field]}")
        case Phrase() if query.slop:
            raise QueryError(
                query.at, f"{told(query.source)}: ~n belongs to text, and `{field}:` holds one value: leave it out"
            )
        case Regex() if field in ("domain", "lang"):
            raise QueryError(query.at, f"`{field}:` takes a name; an address is searched through with url:/…/")
        case Term() | Phrase() | Regex():
            return
        case _:
            raise QueryError(query.at, f"`{field}:` takes a word, a phrase, or several in ( … OR … )")


def holds_value(article: Article, field: str, query: Term | Phrase | Regex) -> bool:
    """Whether the article's ``field`` is, or says, what ``query`` asks for."""
    if isinstance(query, Regex):
        values = article.tags if field == "tags" else (getattr(article, field),)
        # An address has no other reading than itself; the rest is read as text is.
        read = (value if field == "url" else read_text(value, html=False).plain for value in values)
        return any(holds_regex(query.pattern, query.any_case, value) for value in read)
    wanted = query.word if isinstance(query, Term) else query.text
    exact, prefix = query.exact, isinstance(query, Term) and query.prefix
    match field:
        case "domain":
            return _domain_is(article.url, wanted)
        case "lang":
            held, asked = article.lang.casefold().replace("_", "-"), wanted.casefold().replace("_", "-")
            return held == asked or held.startswith(asked + "-")
        case "url":
            return wanted in article.url if exact else wanted.casefold() in article.url.casefold()
        case "tags":
            return any(_says(tag, wanted, exact, prefix) for tag in article.tags)
        case _:
            return _says(getattr(article, field), wanted, exact, prefix)


def _domain_is(url: str, wanted: str) -> bool:
    """Matches at label borders: example.org holds for news.example.org and not for anexample.org."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return False
    asked = wanted.casefold().strip(".")
    return host == asked or host.endswith("." + asked)


def _says(value: str, wanted: str, exact: bool, prefix: bool) -> bool:
    """Whether ``wanted`` stands in ``value`` as whole words; with ``prefix`` the last one may go on."""
    if not value:
        return False
    held, asked = read_text(value, html=False), read_text(wanted, html=False)
    words, needle = (text.plain if exact else text.folded for text in (held, asked))
    held_words = [words[start:end] for start, end in held.words]
    asked_words = [needle[start:end] for start, end in asked.words]
    if not asked_words:
        return False
    *first, last = asked_words
    size = len(asked_words)
    for at in range(len(held_words) - size + 1):
        found = held_words[at + size - 1]
        if held_words[at : at + size - 1] == first and (found.startswith(last) if prefix else found == last):
            return True
    return False
