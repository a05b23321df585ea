"""Which language a text is in, as far as comparing two texts needs it: what an article says of itself is often wrong.

A guess from letters and function words. An unknown language is "": its words are then compared as if they were the
other text's. Pure.
"""

from collections import Counter
from collections.abc import Sequence

MIN_VOTES = 2
"""Function words before a language is believed: one may be a name's."""

_WORDS = {
    "en": "the of and to in is that for with was on as at by from his has have it are said",
    "fr": "le la les des du et une est dans pour que qui sur pas au par avec ce plus sont",
    "tr": "ve bir bu icin da de ile olarak daha cok olan ise gibi sonra kadar oldu en ne mi diye",
    "de": "der die das und den von mit ist im nicht ein eine des dem auf fur sich auch wird zu",
    "es": "el los las y del que una por con no para es se al lo como su sus un en",
    "it": "il che di e per una non sono da con del della dei al alla nel ha si le gli",
    "pl": "w i na z do nie sie ze to jest o po od przez jak za dla oraz przy ktory",
}
"""The twenty or so most frequent words of each, folded."""

_SHARES: dict[str, list[str]] = {}
for _language, _words in _WORDS.items():
    for _word in _words.split():
        _SHARES.setdefault(_word, []).append(_language)

_SCRIPTS = (("ar", "\u0600", "\u06ff"), ("ru", "\u0400", "\u04ff"), ("zh", "\u3040", "\u9fff"))


def language_of(words: Sequence[str]) -> str:
    """The language that most of the folded words speak for, "" if none does."""
    firsts = [word[0] for word in words]
    for language, first, last in _SCRIPTS:
        if sum([first <= letter <= last for letter in firsts]) * 2 > len(words):
            return language
    votes: Counter[str] = Counter()
    for word in words:
        languages = _SHARES.get(word, ())
        for language in languages:
            votes[language] += 12 // len(languages)  # whole numbers, so that the order of adding cannot matter
    best = max(votes, key=lambda language: (votes[language], language), default="")
    return best if votes[best] >= 12 * MIN_VOTES else ""


def one_script(one: str, other: str) -> bool:
    """Whether names look alike in two languages."""
    scripts = {language for language, _, _ in _SCRIPTS}
    return one == other or not ({one, other} & scripts)
