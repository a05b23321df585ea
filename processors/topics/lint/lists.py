"""Lists: entries that add nothing, entries under the wrong language, lists and topics that nobody asks for."""

from collections.abc import Iterator

from processors.matchers.particles import ARTICLE
from processors.normalize.scripts import scripts_of
from processors.normalize.written import comparable
from processors.topics.lint.finding import Desk, Found, Rule, Severity, at_key, in_list, queries
from processors.topics.query.tree import ListRef, TopicRef
from processors.topics.query.walk import walk
from processors.topics.topic import BUILT_IN, TermList, Topic

_LATIN_LANGUAGES = frozenset({"en", "fr", "tr", "de", "es", "it", "nl", "pt"})


def _twice(held: TermList, _: Desk) -> Iterator[Found]:
    for part, words_of in held.file.words():
        for language, words in words_of.items():
            first: dict[str, str] = {}  # «visa» is a word of several languages
            for number, word in enumerate(words):
                form = comparable(word)
                if form in first:
                    same = first[form] == word
                    told = f"«{word}» stands twice" if same else f"«{word}» is found as «{first[form]}» already"
                    yield in_list(held, (part, language, number), f"{told}: keep one")
                first.setdefault(form, word)


def _wrong_language(held: TermList, _: Desk) -> Iterator[Found]:
    for part, words_of in held.file.words():
        for language, words in words_of.items():
            for number, word in enumerate(words):
                scripts = scripts_of(word)
                wrong = "Latin" if language == "ar" else "Arabic" if language in _LATIN_LANGUAGES else ""
                if scripts == {wrong}:
                    told = f"«{word}» is written in {wrong} letters and stands under `{language}:`: move it"
                    yield in_list(held, (part, language, number), told)


def _never_blocks(held: TermList, _: Desk) -> Iterator[Found]:
    words = {bare for terms in _all_words(held) for word in comparable(terms).split(" ") for bare in _bare_forms(word)}
    for language, phrases in held.file.blocked_by.items():
        for number, phrase in enumerate(phrases):
            if not any(part in word or word in part for part in comparable(phrase).split(" ") for word in words):
                told = (
                    f"«{phrase}» holds no term of this list and leaves nothing out: write the term in it, or remove it"
                )
                yield in_list(held, ("not", language, number), told)


def _all_words(held: TermList) -> Iterator[str]:
    for part in (held.file.terms, held.file.verbs, held.file.bare):
        for words in part.values():
            yield from words


def _bare_forms(word: str) -> Iterator[str]:
    """The letters that every form of a word has: without ال, and without the ة that becomes ت."""
    bare = word.removeprefix(ARTICLE)
    yield bare.removesuffix("ه") if len(bare) > 3 else bare


def _asleep(topic: Topic, desk: Desk) -> Iterator[Found]:
    if topic.file.enabled or topic.document.path.startswith(BUILT_IN):
        return
    asked = {
        node.name
        for other in desk.topics.values()
        for _, query, _ in queries(other)
        for node in walk(query)
        if isinstance(node, TopicRef)
    }
    if topic.name not in asked:
        told = (
            f"`{topic.name}` is switched off (`enabled: false`) and no topic refers to it: switch it on, or remove it"
        )
        yield at_key(topic, ("enabled",), told)


def _unused(held: TermList, desk: Desk) -> Iterator[Found]:
    if held.document.path.startswith(BUILT_IN):
        return  # what comes with the program is there for others to use
    asked = {
        node.name
        for topic in desk.topics.values()
        for _, query, _ in queries(topic)
        for node in walk(query)
        if isinstance(node, ListRef)
    }
    if held.name not in asked:
        told = f"no topic asks for `list:{held.name}`: use it or remove it"
        yield Found(held.document.problem(("lists", held.name), told, key=True))


RULES = (
    Rule(
        "RSD801",
        Severity.HINT,
        "a list that no topic uses",
        "It is read and checked for nothing, or a topic was meant to use it and does not.",
        list=_unused,
    ),
    Rule(
        "RSD802",
        Severity.HINT,
        "an entry that stands twice",
        "Two spellings that are equal when compared (أ and ا, capital and small letters) are one entry.",
        list=_twice,
    ),
    Rule(
        "RSD804",
        Severity.WARNING,
        "a phrase that leaves nothing out",
        "`not:` names phrases in which a term of the list means something else: such a phrase holds one of the terms.",
        list=_never_blocks,
    ),
    Rule(
        "RSD805",
        Severity.HINT,
        "a topic that is switched off and that nobody refers to",
        "`enabled: false` is for topics that others refer to, as `exclude: topic:football` does.",
        _asleep,
    ),
    Rule(
        "RSD803",
        Severity.WARNING,
        "an entry under the wrong language",
        "The language decides which particles and endings a word may carry.",
        list=_wrong_language,
    ),
)
