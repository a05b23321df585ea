"""A country behind the name of its paper or station: صحيفة الرياض السعودية, قناة «المرفأ» اللبنانية.

Whose paper it is says nothing of what the article is about. The noun, without ال, and the adjective, with it, hold the
name between them and agree in gender; so «ذكرت صحيفة أن السعودية وافقت» and «إذاعة الجيش الإسرائيلي» are left alone.
"""

from collections.abc import Collection, Sequence

from processors.entities.neighbours import bare_words, is_enclosed, spans_before
from processors.matchers.particles import ARTICLE
from processors.model import Mention, Role
from processors.normalize.text import Text

_LONGEST_NAME = 3
"""Words of an outlet's name: اليوم السابع, المصري اليوم, The New York Times is quoted or Latin and so is any longer."""

_CANALS = frozenset(("السويس", "بنما", "كييل"))
"""قناة is a channel and a canal."""

# What begins a clause or a place and no name: «صحيفة في القاهرة», «صحيفة إن المصرية فلانة».
_NO_NAME = frozenset("ان انه انها في من عن علي الي مع قرب لدي امس اليوم غير".split())

_FEMININE = "ه"  # as ة is folded


def is_behind_outlet(text: Text, mention: Mention, role: Role, nouns: Collection[str]) -> bool:
    """Whether a mention of a country (``role`` is name or demonym) is the adjective of an outlet before it.

    ``nouns`` are what outlets are, folded: صحيفه, قناه.
    """
    begin = text.position(mention.start)
    adjective = text.folded[begin : text.words[mention.last_word][1]] if mention.last_word < len(text.words) else ""
    if not adjective.startswith(ARTICLE) or text.words[mention.first_word][0] < begin:
        return False
    words = spans_before(text, mention, _LONGEST_NAME + 1)
    for size, (start, end) in enumerate(words):
        noun = next((form for form in bare_words(text.folded[start:end]) if form in nouns), "")
        if noun:
            agrees = noun.endswith(_FEMININE) == adjective.endswith(_FEMININE)
            return agrees and _is_name(text, [*reversed(words[:size])], role)
    return False


def _is_name(text: Text, spans: Sequence[tuple[int, int]], role: Role) -> bool:
    """Whether what stands between noun and adjective is a name. None at all is one: قناة السعودية."""
    if not spans:
        return role is Role.DEMONYM
    words = [text.folded[start:end] for start, end in spans]
    if words[0] in _CANALS:
        return False
    if is_enclosed(text, spans[0][0], spans[-1][1]):
        return True
    if all(word.startswith(ARTICLE) or word.isascii() for word in words):
        return True
    # «السعودية» alone is a country and may be the next thing that is said; «العمانية» cannot.
    return len(words) == 1 and role is Role.DEMONYM and words[0] not in _NO_NAME
