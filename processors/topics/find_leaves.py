"""Where the leaves of queries are in an article: decided exactly, or roughly with every doubt in favour."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from processors.model import Mention, Role
from processors.topics.hits import Found
from processors.topics.leaves import Leaves
from processors.topics.names import NamedMention
from processors.topics.query import EntityRef, Query


def find_exactly(
    all_mentions: Iterable[Mention], named: Iterable[NamedMention], leaves: Leaves, entity_id: Callable[[str], str]
) -> Callable[[Query], list[Found]]:
    """Words and phrases by their mentions, entities by what was decided about theirs."""
    by_pattern = _by_pattern(all_mentions)
    by_entity: defaultdict[str, list[NamedMention]] = defaultdict(list)
    for each in named:
        by_entity[each.of].append(each)

    def find(leaf: Query) -> list[Found]:
        there = by_pattern.keys() & leaves.patterns_of(leaf)
        mentions = [mention for pattern in there for mention in by_pattern[pattern]]
        if blocking := by_pattern.keys() & leaves.blocks_of(leaf):
            blocked = _words_of(mention for pattern in blocking for mention in by_pattern[pattern])
            mentions = [mention for mention in mentions if blocked.isdisjoint(_words_of([mention]))]
        found = [_found(mention) for mention in mentions]
        entities: Sequence[EntityRef] = (leaf,) if isinstance(leaf, EntityRef) else leaves.entities_of(leaf)
        for entity in entities:
            identity = entity_id(entity.name)
            decided = by_entity.get(identity, ())
            found += [_found(each.mention, each) for each in decided if _speaks_of(each, identity, entity.role)]
        return found

    return find


def find_roughly(mentions: Iterable[Mention], leaves: Leaves) -> Callable[[Query], list[Found]]:
    """Every mention that could count for a leaf, whatever a closer look would decide."""
    by_pattern: defaultdict[int, list[Found]] = defaultdict(list)
    for mention in mentions:
        by_pattern[mention.pattern].append(_found(mention))

    def find(leaf: Query) -> list[Found]:
        there = by_pattern.keys() & leaves.watched(leaf)
        return [found for pattern in there for found in by_pattern[pattern]]

    return find


def _words_of(mentions: Iterable[Mention]) -> set[tuple[str, int]]:
    return {(mention.field, word) for mention in mentions for word in range(mention.first_word, mention.last_word + 1)}


def _by_pattern(mentions: Iterable[Mention]) -> dict[int, list[Mention]]:
    grouped: defaultdict[int, list[Mention]] = defaultdict(list)
    for mention in mentions:
        grouped[mention.pattern].append(mention)
    return grouped


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
