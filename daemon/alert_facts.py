"""What conditions look at, of an article under a topic. Pure."""

from alerts.notices.facts import TopicFacts
from alerts.routing.conditions import AlertFacts
from daemon.watch import Watch
from processors.model import Article, Verdict

_LONGEST = 1_000
"""Characters of an outlet's name that globs are held against: no outlet has a tenth, and there may be thousands of
globs."""


def facts_of(watch: Watch, article: Article, verdict: Verdict, story: str) -> AlertFacts:
    """Its facts as the topics in force have them."""
    topic, entities = topic_facts(watch, verdict.topic), watch.entities
    named = {evidence.entity for evidence in verdict.evidence} - {""}
    return AlertFacts(
        topic=verdict.topic,
        severity=topic.severity,
        labels=topic.labels,
        lang=article.lang[:_LONGEST],
        source=article.source[:_LONGEST],
        entities=frozenset(named | {entities[each].key for each in named if each in entities}),
        story=story,
    )


def facts_of_topic(watch: Watch, topic: str, story: str) -> AlertFacts:
    """What is known of an alert told before: what its topic says."""
    facts = topic_facts(watch, topic)
    return AlertFacts(topic, facts.severity, facts.labels, story=story)


def topic_facts(watch: Watch, topic: str) -> TopicFacts:
    """What is known of a topic; little of one that is gone."""
    return watch.topics.get(topic, TopicFacts(topic))
