"""The first version of a topic file: a query that compiles, examples that pass, comments that say what to change."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from processors.entities.entity_file import EntityEntry, NameForm
from processors.normalize.scripts import has_arabic
from processors.normalize.text import read_text
from processors.normalize.written import comparable
from processors.topics.variants import variants_of

ARABIC = "ar"


@dataclass(frozen=True, slots=True)
class Wish:
    """What an author asks for. ``words`` may be phrases; ``titles`` are by language."""

    name: str
    titles: Mapping[str, str] = field(default_factory=dict)
    languages: Sequence[str] = (ARABIC,)
    entities: Sequence[EntityEntry] = ()
    words: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Phrases:
    """The words of a starter in one language: comments, and sentences that hold whatever they are given."""

    head: str
    query: str
    alone: str
    weight: str
    exclude: str
    tests: str
    no_match: str
    terms: str
    title: str
    body: str
    join: str
    others: Sequence[str]


_ARABIC = _Phrases(
    head="{title}\nجرّبه:  rasid check -t {file}  ثم  rasid lint -t {file}  ثم  rasid match -t {file} archive.jsonl",
    query="سطران، ويكفي أن يصح واحد منهما: في العنوان، أو في جملة واحدة من المقدمة (العنوان وأول مئة كلمة من المتن).",
    alone="سطران، ويكفي أن يصح واحد منهما: في العنوان، أو مرتين في المقدمة (العنوان وأول مئة كلمة من المتن).",
    weight="الوزن ^2 لترتيب التنبيهات: من أراد الأقوى وحده أضاف threshold: 2.",
    exclude="ما لا يُراد ولو صحّ غيره، مثلاً:  exclude: topic:football",
    tests="أمثلة تُفحص مع كل تغيير. أضف خبراً حقيقياً فاتك، وخبراً لا تريده.",
    no_match="خبر آخر",
    terms="كلمات وعبارات، يكفي منها واحدة. تُعرف معها حروف الجر والعطف وال والضمائر من غير أن تُكتب.",
    title="{all}",
    body="قال مسؤول إن الحديث تناول {all}.",
    join=" و",
    others=(
        "افتتحت البلدية حديقة جديدة وسط المدينة.",
        "أعلنت المكتبة مواعيدها في الشتاء.",
        "فاز طفل بجائزة الرسم.",
    ),
)
_ENGLISH = _Phrases(
    head="{title}\nTry it:  rasid check -t {file},  rasid lint -t {file},  rasid match -t {file} archive.jsonl",
    query="Two lines, one is enough: in the title, or in one sentence of the lead (the title and the first 100 words).",
    alone="Two lines, one is enough: in the title, or twice in the lead (the title and the first 100 words).",
    weight="The weight ^2 ranks alerts: for the strongest alone add threshold: 2.",
    exclude="What is not wanted whatever else holds, for instance:  exclude: topic:football",
    tests="Examples that are run at every change. Add a real article that you missed, and one that you do not want.",
    no_match="another story",
    terms="Words and phrases, one of them is enough. Capital letters and accents make no difference.",
    title="{all}",
    body="An official spoke about {all}.",
    join=" and ",
    others=(
        "The town opened a new garden by the river.",
        "The library has new hours in winter.",
        "A child won the drawing prize.",
    ),
)


def phrases_for(language: str) -> _Phrases:
    """Arabic for Arabic, English for every other language."""
    return _ARABIC if language == ARABIC else _ENGLISH


def write_starter(wish: Wish, file: str, matches: Callable[[str, str], bool]) -> str:
    """The text of the file. ``matches`` tells whether a text of its own is already found by a starter: (file, text)."""
    draft = _lines(wish, file, {})
    chosen: dict[str, str] = {}
    for language in _shown_languages(wish):
        others = phrases_for(language).others
        chosen[language] = next((other for other in others if not matches(draft, other)), others[0])
    return _lines(wish, file, chosen)


def _lines(wish: Wish, file: str, refused: Mapping[str, str]) -> str:
    say = phrases_for(wish.languages[0])
    title = wish.titles.get(wish.languages[0]) or next(iter(wish.titles.values()), wish.name)
    lines = [f"# {line}" for line in say.head.format(title=title, file=file).split("\n")]
    titles = ", ".join(f"{language}: {_quoted(text)}" for language, text in wish.titles.items())
    lines += ["topics:", f"  {wish.name}:", f"    title: {{{titles}}}"]
    several = len(wish.entities) + bool(wish.words) > 1
    lines += [f"    # {say.query if several else say.alone}", f"    # {say.weight}", "    match: |"]
    lines += [f"      {line}" for line in _query(wish)]
    lines += [f"    # {say.exclude}", "    severity: info", f"    # {say.tests}", "    tests:"]
    lines += _tests(wish, refused)
    if wish.words:
        lines += ["", "lists:", f"  # {say.terms}", f"  {list_name(wish.name)}:", "    terms:"]
        for language, words in _by_language(wish).items():
            lines += [f"      {language}:", *(f"        - {_quoted(word)}" for word in words)]
    return "\n".join(lines) + "\n"


def list_name(topic: str) -> str:
    """The list of a starter's words; names have at most 80 characters."""
    return f"{topic[:74].rstrip('-')}-words"


def _query(wish: Wish) -> Sequence[str]:
    parts = [f"@{entry.key}" for entry in wish.entities]
    if wish.words:
        parts.append(f"list:{list_name(wish.name)}")
    if len(parts) == 1:
        return f"title:{parts[0]}^2", f"OR lead:COUNT/2({parts[0]})"
    return f"title:({' AND '.join(parts)})^2", f"OR lead:({' SENTENCE '.join(parts)})"


def _tests(wish: Wish, refused: Mapping[str, str]) -> Iterator[str]:
    for language in _shown_languages(wish):
        say = phrases_for(language)
        things = list(_things(wish, language))
        everything = say.join.join(things)
        body = say.body.format(all=everything)
        yield f"      - title: {_quoted(say.title.format(all=everything))}"
        yield f"        text: {_quoted(body)}"
        yield f"        lang: {language}"
        yield "        expect: match"
    for language in _shown_languages(wish):
        say = phrases_for(language)
        yield f"      - text: {_quoted(refused.get(language, say.others[0]))}"
        yield f"        lang: {language}"
        yield "        expect: no_match"
        yield f"        why: {say.no_match}"


def _shown_languages(wish: Wish) -> Sequence[str]:
    """Languages in which everything asked for can be said."""
    shown = [language for language in wish.languages if all(_things(wish, language))]
    return shown or [wish.languages[0]]


def _things(wish: Wish, language: str) -> Iterator[str]:
    """A name of each entity and a word, as they are written in ``language``; empty where there is none."""
    for entry in wish.entities:
        yield _name_of(entry, language)
    if wish.words:
        yield next(iter(_by_language(wish).get(language, ())), "")


def _name_of(entry: EntityEntry, language: str) -> str:
    """A name that counts wherever it stands, or one with a word that supports it."""
    forms = [form if isinstance(form, NameForm) else NameForm(name=form) for form in entry.names.get(language, ())]
    strong = [form for form in forms if form.strong and not form.quoted]
    if strong:
        return read_text(
            min(strong, key=lambda form: len(form.blocked_by) + len(form.not_words)).name, html=False
        ).plain
    for form in forms:
        support = [*form.beside[:1], *(word for word in form.needs[:1] if not word.startswith("@"))]
        if support and not form.quoted:
            return " ".join([*support, read_text(form.name, html=False).plain])
    return ""


def _by_language(wish: Wish) -> Mapping[str, Sequence[str]]:
    """The words by language, with the spellings that no folding makes equal."""
    latin = next((language for language in wish.languages if language != ARABIC), "en")
    sorted_words: dict[str, dict[str, str]] = {}
    for word in map(_only_words, wish.words):
        language = ARABIC if has_arabic(word) else latin
        held = sorted_words.setdefault(language, {})
        for spelling in spellings(word):
            held.setdefault(comparable(spelling), spelling)
    order = [*wish.languages, latin, ARABIC]
    return {
        language: tuple(held.values())
        for language, held in sorted(sorted_words.items(), key=lambda each: order.index(each[0]))
    }


def _only_words(phrase: str) -> str:
    """Without signs between its words: a colon or a full stop parts what a phrase joins."""
    text = read_text(phrase, html=False)
    words = [text.plain[start:end] for start, end in text.words]
    between = [text.plain[end:start] for (_, end), (start, _) in pairwise(text.words)]
    joined = (sign if sign in _JOINING else " " for sign in [*between, ""])
    return "".join(word + sign for word, sign in zip(words, joined, strict=True))


_JOINING = ("'", "’", "-", "")
"""What stands inside ``huile d'olive`` and ``cessez-le-feu``, and belongs to them; nothing follows the last word."""


def spellings(word: str) -> Iterator[str]:
    """``word``, and it with each part that is also spelled otherwise."""
    yield word
    for part in word.split():
        for other in variants_of(comparable(part)):
            yield re.sub(rf"(?<!\S){re.escape(part)}(?!\S)", other, word)


def _quoted(text: str) -> str:
    """As YAML, in double quotes where it needs them."""
    plain = re.fullmatch(r"[^\W\d_][\w .،؛()–—/-]*", text) and not text.endswith((" ", ":"))
    if plain and text.lower() not in _YAML_WORDS and ": " not in text and " #" not in text:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_YAML_WORDS = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n", "none"})
