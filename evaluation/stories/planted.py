"""Copies made by recipe from real texts, as outlets make them: each recipe is one way to carry another's report."""

import random
from collections.abc import Callable, Mapping, Sequence

import msgspec

from processors.model import Article

MIN_WORDS = 80
"""Of a text that a recipe can be applied to: half of it is still a text."""

SHARE_CHANGED = 0.1
"""Of the words, where some are changed: every tenth."""

SHARE_REWRITTEN = 0.2

Recipe = Callable[[Article, random.Random], Article]


def _with_body(article: Article, body: str) -> Article:
    return msgspec.structs.replace(article, body=body)


def _sentences(body: str) -> list[str]:
    return [part for part in body.replace("\n", " ").split(". ") if part.strip()]


def cut(article: Article, _: random.Random) -> Article:
    """The first half."""
    words = article.body.split()
    return _with_body(article, " ".join(words[: len(words) // 2]))


def other_headline(article: Article, chance: random.Random) -> Article:
    """The desk's own headline: the last words of the first sentence, in another order."""
    words = article.body.split()[4:14]
    chance.shuffle(words)
    return msgspec.structs.replace(article, title=" ".join(words))


def footer(article: Article, _: random.Random) -> Article:
    """Lines of the outlet's own behind it."""
    own = "للاشتراك في النشرة البريدية اضغط هنا وتابعونا على صفحاتنا في مواقع التواصل الاجتماعي ليصلكم كل جديد"
    return _with_body(article, f"{article.body}\n{own}\nجميع الحقوق محفوظة للناشر ولا يجوز النقل دون إذن مكتوب")


def dateline(article: Article, _: random.Random) -> Article:
    """A place and an agency before it."""
    return _with_body(article, f"القاهرة – وكالات: {article.body}")


def spelling(article: Article, _: random.Random) -> Article:
    """Another house's spelling of hamza, ta marbuta and alif maqsura, and a tatweel."""
    respelt = article.body.translate(str.maketrans("أإآىة", "اااية"))
    return _with_body(article, respelt.replace("ال", "الـ", 5))


def lead_dropped(article: Article, _: random.Random) -> Article:
    """Without its first sentence."""
    sentences = _sentences(article.body)
    words = article.body.split()
    rest = ". ".join(sentences[1:]) if len(sentences) > 2 else " ".join(words[len(words) // 5 :])
    return _with_body(article, rest)


def words_changed(article: Article, chance: random.Random) -> Article:
    """Every tenth word another one of the text."""
    return _changed(article, chance, SHARE_CHANGED)


def sentences_moved(article: Article, chance: random.Random) -> Article:
    """The sentences in another order."""
    sentences = _sentences(article.body)
    chance.shuffle(sentences)
    return _with_body(article, ". ".join(sentences))


def light_rewrite(article: Article, chance: random.Random) -> Article:
    """Every fifth word changed, a fifth cut at the end, another headline."""
    changed = _changed(other_headline(article, chance), chance, SHARE_REWRITTEN)
    words = changed.body.split()
    return _with_body(changed, " ".join(words[: len(words) * 4 // 5]))


def _changed(article: Article, chance: random.Random, share: float) -> Article:
    words = article.body.split()
    for place in chance.sample(range(len(words)), int(len(words) * share)):
        words[place] = chance.choice(words)
    return _with_body(article, " ".join(words))


RECIPES: Mapping[str, Recipe] = {
    "cut": cut,
    "other headline": other_headline,
    "footer": footer,
    "dateline": dateline,
    "spelling": spelling,
    "lead dropped": lead_dropped,
    "words changed": words_changed,
    "sentences moved": sentences_moved,
    "light rewrite": light_rewrite,
}


def copies(article: Article, seed: int) -> Sequence[tuple[str, Article]]:
    """One copy by each recipe, under ids and a source of their own."""
    made = []
    for name, recipe in RECIPES.items():
        chance = random.Random(f"{seed} {article.id} {name}")  # noqa: S311 - recipes, not secrets
        copy = recipe(article, chance)
        made.append((name, msgspec.structs.replace(copy, id=f"{article.id} {name}", url="", source=f"copier {name}")))
    return made
