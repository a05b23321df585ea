"""Where the leaves of queries are in an article: decided exactly, or roughly with every doubt in favour."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from processors.matchers.search import WHOLE, Part, Search
from processors.model import Mention, Role
from processors.topics.evaluate.hits import Found
from processors.topics.leaves import Leaves
from processors.topics.names import NamedMention
from processors.topics.places import LEAD_WORDS
from processors.topics.query.tree import EntityRef, Query

_PARTS = {"title": Part(body_words=0), "lead": Part(body_words=LEAD_WORDS), "body": Part(title=False), "text": WHOLE}


def find_exactly(
    search: Search, named: Iterable[NamedMention], leaves: Leaves, entity_id: Callable[[str], str]
) -> Callable[[Query, str], list[Found]]:
    """Words and phrases by their mentions, entities by what was decided about theirs."""
    by_entity: defaultdict[str, list[NamedMention]] = defaultdict(list)
    for each in named:
        by_entity[each.of].append(each)

    def find(leaf: Query, where: str) -> list[Found]:
        mentions = _all_of(search.mentions(leaves.patterns_of(leaf), _PARTS[where]))
        if blocking := leaves.blocks_of(leaf):
            blocked = _words_of(_all_of(search.mentions(blocking)))
            mentions = [mention for mention in mentions if blocked.isdisjoint(_words_of([mention]))]
        found = [_found(mention) for mention in mentions]
        entities: Sequence[EntityRef] = (leaf,) if isinstance(leaf, EntityRef) else leaves.entities_of(leaf)
        for entity in entities:
            identity = entity_id(entity.name)
            decided = by_entity.get(identity, ())
            found += [_found(each.mention, each) for each in decided if _speaks_of(each, identity, entity.role)]
        return found

    return find


def find_roughly(search: Search, leaves: Leaves) -> Callable[[Query, str], list[Found]]:
    """Every mention that could count for a leaf, whatever a closer look would decide."""

    def find(leaf: Query, where: str) -> list[Found]:
        return [_found(mention) for mention in _all_of(search.mentions(leaves.watched(leaf), _PARTS[where]))]

    return find


def _all_of(mentions: Iterable[Sequence[Mention]]) -> list[Mention]:
    return [mention for each in mentions for mention in each]


def _words_of(mentions: Iterable[Mention]) -> set[tuple[str, int]]:
    return {(mention.field, word) for mention in mentions for word in range(mention.first_word, mention.last_word + 1)}


def _speaks_of(named: NamedMention, identity: str, role: Role | None) -> bool:
    """Whether a mention counts for ``@identity`` or ``@identity.role``. A former leader counts only when asked for."""
    if role is not None:
        return named.role is role and named.of == identity
    return named.of == identity and named.role is not Role.FORMER


def _found(mention: Mention, named: NamedMention | None = None) -> Found:
    place = mention.field, mention.start, mention.end, mention.first_word, mention.last_word, mention.level
    if named is None:
        return Found(*place, mention.repaired)
    via = f"{named.of}.{named.role}"
    return Found(*place, mention.repaired, named.entity, via, named.support, named.period)
