"""What the stream claims by construction is what the pure code decides without any fault."""

from datetime import UTC, datetime, timedelta

from daemon.sources.decode import Decoder
from processors.errors import InvalidArticle
from processors.stories.decide import decide
from processors.stories.fingerprint import fingerprint
from processors.stories.memory import StoryMemory
from tests.faults.articles import MARKERS, REFUSED, Expected, Odd, Stream

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def alerts_without_faults(seed: int, lines: int) -> tuple[list[tuple[str, str]], list[Expected]]:
    """(topic, URL of its article) in order, as matching markers and deciding stories gives them; and as claimed."""
    stream, decoder, memory = Stream(seed), Decoder(), StoryMemory({})
    told: set[tuple[str, str]] = set()
    found: list[tuple[str, str]] = []
    claimed: list[Expected] = []
    for _ in range(lines):
        record = stream.next(AT.isoformat())
        claimed += [record.expected] if record.expected else []
        try:
            article = decoder.decode(record.value).article
        except InvalidArticle as error:
            assert error.reason == record.refused
            continue
        topics = [topic for topic, markers in MARKERS.items() if any(word in article.body for word in markers)]
        assert (article.url, set(topics), record.refused) == (record.url, set(record.topics), "")
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


def test_the_stream_is_what_publishers_send_and_some_that_nobody_should() -> None:
    stream = Stream(8)
    records = [stream.next(AT.isoformat()) for _ in range(3000)]

    arabic = sum(b'"lang": "ar"' in each.value for each in records)
    copies = sum(each.story > 0 and each.expected is None for each in records)
    hostile = [each for each in records if each.refused or each.odd]

    assert 0.55 < arabic / len(records) < 0.65
    assert 0.15 < copies / len(records) < 0.25
    assert 0.03 < len(hostile) / len(records) < 0.07
    assert {each.refused for each in hostile} == {"", *(reason for _, reason in REFUSED)}
    assert {each.odd for each in hostile} == set(Odd)


def test_the_same_seed_gives_the_same_stream() -> None:
    first, second, other = Stream(3), Stream(3), Stream(4)

    lines = [first.next("") for _ in range(50)]

    assert lines == [second.next("") for _ in range(50)]
    assert lines != [other.next("") for _ in range(50)]
