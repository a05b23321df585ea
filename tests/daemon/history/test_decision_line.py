"""The line that the decision log keeps of an article: whole where it is news, short where it is an attack."""

from datetime import UTC, datetime

from daemon.history.decision_line import Told, decision_line, read_decision
from daemon.sources.source import Record
from processors.model import Article, Evidence, Verdict
from processors.stories.decide import Placement, Relation
from processors.stories.grounds import Ground
from processors.stories.rows import StoryRow

MOMENT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def line_of(article: Article, *topics: str, clause: str = "@syria", word: str = "فيضان") -> bytes:
    evidence = Evidence(clause=clause, field="title", start=0, end=1, text="x", level="folded")
    return decision_line(
        record=Record(7, b"", origin="articles/0/7"),
        article=article,
        verdicts=[Verdict(topic=topic, score=2.0, evidence=(evidence, evidence)) for topic in topics],
        event_time=MOMENT,
        placement=Placement(
            "s" * 26,
            Relation.COPY,
            "first",
            (Ground("common_words", words=(word,) * 9),),
            StoryRow(1, "f", 0, 0, 0, (), (), (), ()),
            (),
        ),
        outcome="alerted",
        told=[Told(topic=topics[0], alert="a", notice="n", reason="opened", to=("desk",))],
        now_ms=1,
    )


def test_a_line_says_what_was_decided_and_why() -> None:
    article = Article(id="1", title="زيارة\n  رسمية", url="https://n.example/1", source="وكالة", lang="ar")

    read = read_decision(line_of(article, "visits", "syria"))

    assert read is not None
    assert (read.article, read.title, read.url, read.source) == ("1", "زيارة رسمية", article.url, "وكالة")
    assert (read.story, read.relation, read.of) == ("s" * 26, "copy", "first")
    assert read.why_here() == [f"words in common: {', '.join(['فيضان'] * 6)}"]
    assert (read.topics, read.opened, read.told[0].to) == (("visits", "syria"), ("visits",), ("desk",))
    assert [(each.topic, each.score, each.clauses) for each in read.scores] == [
        ("visits", 2.0, ("@syria",)),
        ("syria", 2.0, ("@syria",)),
    ]
    assert (read.event_ms, read.origin) == (round(MOMENT.timestamp() * 1000), "articles/0/7")


def test_a_hostile_article_makes_a_short_line() -> None:
    huge = "س" * 200_000
    article = Article(id=huge, title=huge, url="https://n.example/" + huge, source=huge, lang=huge)

    assert len(line_of(article, "visits", clause=huge, word=huge)) < 4_096


def test_a_line_of_another_version_is_passed_over() -> None:
    assert read_decision(b'{"at": "noon"}') is None
    assert read_decision(b"\xff") is None
    old = read_decision(b'{"at": 1, "article": "a", "outcome": "repeat", "because": ["the same address"]}')
    assert old is not None
    assert old.why_here() == ["the same address"]
    assert read_decision(b'{"at": 1, "article": "a", "outcome": "repeat", "of a later version": 1}') is not None
