"""Whether topics ask for any entity: only then need the names in an article be decided."""

from collections.abc import Iterable, Mapping

from processors.topics.leaves import Leaves
from processors.topics.query.tree import EntityRef, TopicRef
from processors.topics.query.walk import walk
from processors.topics.topic import Topic


def asks_names(asked: Iterable[str], topics: Mapping[str, Topic], leaves: Leaves) -> bool:
    """Whether one of the topics ``asked`` names an entity, itself or through lists and topics that it refers to."""
    waiting = list(asked)
    known = set(waiting)
    while waiting:
        topic = topics[waiting.pop()]
        for query in (topic.match, topic.exclude):
            for node in walk(query) if query is not None else ():
                if isinstance(node, EntityRef) or leaves.entities_of(node):
                    return True
                if isinstance(node, TopicRef) and node.name not in known:
                    known.add(node.name)
                    waiting.append(node.name)
    return False
