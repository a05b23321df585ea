"""What the stream claims by construction is what the pure code decides without any fault."""

from datetime import UTC, datetime, timedelta

from daemon.decode import Decoder
from processors.errors import InvalidArticle
from processors.stories.decide import decide
from processors.stories.fingerprint import fingerprint
from processors.stories.memory import StoryMemory
from tests.faults.articles import MARKERS, Expected, Stream

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def alerts_without_faults(seed: int, lines: int) -> tuple[list[tuple[str, str]], list[Expected]]:
    """(topic, URL of its article) in order, as matching markers and deciding stories gives them; and as claimed."""
    stream, decoder, memory = Stream(seed), Decoder(), StoryMemory({})
    told: set[tuple[str, str]] = set()
    found: list[tuple[str, str]] = []
    claimed: list[Expected] = []
    for _ in range(lines):
        line, expected = stream.next(AT.isoformat())
        claimed += [expected] if expected else []
        try:
            article = decoder.decode(line).article
        except InvalidArticle:
            continue
        topics = [topic for topic, marker in MARKERS.items() if marker in article.body]
        if not topics:
            continue
        story = decide(article, fingerprint(article), AT, memory, name="faults", window=timedelta(hours=72)).story
        for topic in topics:
            if (topic, story) not in told:
                told.add((topic, story))
                found.append((topic, article.url))
    return found, claimed


def test_the_alerts_that_a_stream_claims_are_those_that_it_leads_to() -> None:
    found, claimed = alerts_without_faults(seed=5, lines=1500)

    assert found == [(each.topic, each.opener) for each in claimed]
    assert sum(each.step for each in claimed) > 50, "some alerts must be the second of their story"


def test_the_same_seed_gives_the_same_stream() -> None:
    first, second, other = Stream(3), Stream(3), Stream(4)

    lines = [first.next("") for _ in range(50)]

    assert lines == [second.next("") for _ in range(50)]
    assert lines != [other.next("") for _ in range(50)]
