"""Words of which a common spelling is missed, and names that are written as plain words."""

from collections.abc import Iterable, Iterator

from processors.entities.vowels import marks_of
from processors.matchers.particles import ARTICLE
from processors.normalize.written import comparable
from processors.topics.lint.finding import Desk, Found, Rule, Severity, in_list, in_query, queries
from processors.topics.lint.name_uses import NameUse
from processors.topics.query.tree import ListRef, Phrase, Query, Term
from processors.topics.query.walk import leaves_in_text, walk
from processors.topics.topic import TermList, Topic
from processors.topics.variants import variants_of

# A newspaper or a club is often called by a common word (الحياة, الشباب): whoever writes that word means the word.
_NAMED_BY_WORDS = frozenset({"newspaper", "broadcaster", "agency", "club", "university", "bank", "party", "other"})


def words_sought(query: Query) -> Iterator[Term | Phrase]:
    """The words and phrases that are looked for in text, those kept exact left out."""
    for leaf in leaves_in_text(query):
        if isinstance(leaf, Term | Phrase) and not leaf.exact:
            yield leaf


def written(node: Term | Phrase) -> str:
    """The word or the words of a leaf."""
    return node.word if isinstance(node, Term) else node.text


def _terms(held: TermList) -> Iterator[tuple[str, int, str]]:
    for language, words in held.file.terms.items():
        for number, word in enumerate(words):
            yield language, number, word


def _known_words(topic: Topic, desk: Desk) -> frozenset[str]:
    """Every word that the topic has in any form, with those of its lists."""
    found: list[str] = []
    for _, query, _text in queries(topic):
        for node in walk(query):
            if isinstance(node, Term | Phrase):
                found.append(written(node))
            elif isinstance(node, ListRef) and node.name in desk.lists:
                found += (word for _, _, word in _terms(desk.lists[node.name]))
    return _words_in(found)


def _words_in(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(bare for text in texts for word in comparable(text).split(" ") for bare in (word, _bare(word)))


def _bare(word: str) -> str:
    return word.removeprefix(ARTICLE)


def _missed(text: str, known: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Words of ``text`` of which no other spelling is known, and those spellings."""
    for word in comparable(text).split(" "):
        others = variants_of(word)
        # «cease-fire» is two words.
        if others and not any(set(comparable(_bare(other)).split(" ")) <= known for other in others):
            yield word, " OR ".join(others)


def _variants(topic: Topic, desk: Desk) -> Iterator[Found]:
    known = _known_words(topic, desk)
    for part, query, _text in queries(topic):
        for node in words_sought(query):
            for word, others in _missed(written(node), known):
                entity = _entity_of(written(node), desk)
                better = f"Write @{entity}, which covers all of them" if entity else f"Write ({word} OR {others})"
                if isinstance(node, Phrase) and not entity:
                    better = "Write the phrase in both spellings, joined by OR"
                told = f"`{node.source}` does not find the spelling {others.replace(' OR ', ', ')}. {better}"
                yield in_query(topic, part, node.at, told)


def _variants_in_list(held: TermList, _: Desk) -> Iterator[Found]:
    known = _words_in(word for _, _, word in _terms(held))
    for language, number, word in _terms(held):
        for part, others in _missed(word, known):
            shown = others.replace(" OR ", ", ")
            told = f"«{word}»: {part} is also written {shown}. Add that spelling"
            yield in_list(held, ("terms", language, number), told)


def _entity_of(text: str, desk: Desk) -> str:
    keys = {use.key for use in desk.names.uses(text) if use.kind not in _NAMED_BY_WORDS}
    return min(keys) if len(keys) == 1 else ""


def _names(topic: Topic, desk: Desk) -> Iterator[Found]:
    known = _known_words(topic, desk)
    for part, query, _text in queries(topic):
        for node in words_sought(query):
            if isinstance(node, Term) and node.prefix:
                continue
            uses = [use for use in desk.names.uses(written(node)) if _is_meant(use, written(node))]
            if uses and not any(True for _ in _missed(written(node), known)):
                yield in_query(topic, part, node.at, _name_message(node, uses))


def _is_meant(use: NameUse, text: str) -> bool:
    """Whether who writes ``text`` means the entity.

    Of ambiguous names those with the article (الأسد), with a capital letter, of several words, or with the vowel marks
    that tell them from another name (عُمان): the marks of a query are not compared.
    """
    if use.kind in _NAMED_BY_WORDS:
        return False
    if use.sure or (use.strong and use.kind == "country"):
        return True
    like_a_name = text[:1].isupper() or text.startswith(ARTICLE) or " " in text or _has_marks(text)
    return use.kind in ("country", "city", "person") and like_a_name


def _has_marks(text: str) -> bool:
    return any(map(any, marks_of(text)))


def _name_message(node: Term | Phrase, uses: list[NameUse]) -> str:
    keys = sorted({f"@{use.key}" for use in uses})
    shown = " or ".join(keys[:3])
    if all(use.sure for use in uses):
        return (
            f"`{node.source}` is a known name: {shown} also finds its other spellings, other languages and what speaks "
            f"for it ({shown}.name: its names alone)"
        )
    return (
        f"`{node.source}` also means other things, and as a plain word all of them count: {shown} counts only where "
        "the name is meant. If the ordinary word is wanted, say so: `lint: {ignore: {RSD103: why}}`"
    )


def _names_in_list(held: TermList, desk: Desk) -> Iterator[Found]:
    for language, number, word in _terms(held):
        uses = [use for use in desk.names.uses(word) if use.sure and use.kind == "country" and not use.demonym]
        if uses and language == uses[0].language:
            told = f"«{word}» is a name that is known: put `@{uses[0].key}` under `entities:` of the list instead"
            yield in_list(held, ("terms", language, number), told)


def _article(topic: Topic, desk: Desk) -> Iterator[Found]:
    known = _known_words_as_written(topic, desk)
    for part, query, _text in queries(topic):
        for node in words_sought(query):
            if isinstance(node, Term) and not node.prefix and _needs_bare(written(node), known, desk):
                bare = _bare(node.word)
                told = (
                    f"`{node.source}` does not find {bare} without ال, while `{bare}` finds both. "
                    f"For the definite word alone write ={node.source}"
                )
                yield in_query(topic, part, node.at, told)


def _needs_bare(text: str, known: frozenset[str], desk: Desk) -> bool:
    word = comparable(text)
    if not word.startswith(ARTICLE) or len(word) < 5 or " " in word or desk.names.uses(text):
        return False
    return _bare(word) not in known and word not in _ALWAYS_DEFINITE


def _known_words_as_written(topic: Topic, desk: Desk) -> frozenset[str]:
    texts = [written(node) for _, query, _ in queries(topic) for node in walk(query) if isinstance(node, Term | Phrase)]
    for _, query, _text in queries(topic):
        for node in walk(query):
            if isinstance(node, ListRef) and node.name in desk.lists:
                texts += [word for _, _, word in _terms(desk.lists[node.name])]
    return frozenset(map(comparable, texts))


# Words that have no other form, or another meaning without ال.
_ALWAYS_DEFINITE = frozenset(
    comparable(word)
    for word in (
        "الذي التي الذين اللذان اللتان الآن اليوم الليلة الله المتحدة الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت "
        "الأحد الأمم الشرق الغرب الشمال الجنوب الإنترنت القرآن الإسلام الإسلامي"
    ).split()
)

RULES = (
    Rule(
        "RSD101",
        Severity.WARNING,
        "a common spelling is missed",
        "أ إ آ, ة/ه, ى/ي and vowel marks are equal by themselves, but سوريا and سورية, أمريكا and أميركا are not: they "
        "differ in letters. An @entity knows all spellings of its names; other words need each one.",
        _variants,
        _variants_in_list,
    ),
    Rule(
        "RSD102",
        Severity.HINT,
        "a word with ال that is not found without it",
        "السفارة finds السفارة and بالسفارة, not سفارة. Without ال the word is found both ways.",
        _article,
    ),
    Rule(
        "RSD103",
        Severity.WARNING,
        "a name as a plain word",
        "الأسد is also the lion: @bashar-al-assad counts it only where he is meant. A country as an @entity is also "
        "found by its people and in other languages; `.name` narrows it to its names.",
        _names,
        _names_in_list,
    ),
)
