"""An archive becomes stories: deterministic, in order, in bounded memory, as the daemon would."""

import asyncio
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.admission.admission import Batch, MemoryWrite, RecordEffects
from alerts.admission.memory_admission import MemoryAdmission
from alerts.store.memory_state import MemoryState
from processors.model import Article
from processors.stories.decide import decide
from processors.stories.event_time import event_time
from processors.stories.fingerprint import fingerprint
from processors.stories.group import DayBuckets, group
from processors.stories.memory import WINDOW, StoryMemory, Write, questions

START = datetime(2026, 3, 4, 12, tzinfo=UTC)
WORDS = "سوق ميناء قطار جسر مصنع مدرسة نهر حقل سفينة مطار بلدة طريق حديقة متحف مسرح ملعب مكتبة بئر سد برج".split()


def text(number: int) -> str:
    """Sixty words, different for each number."""
    return " ".join(
        WORDS[(number * 7 + step * (number % 9 + 1) + step // 3) % 20] + str(step % 4) for step in range(60)
    )


def an_archive(numbers: list[int]) -> list[tuple[Article, datetime]]:
    return [
        (Article(id=f"{place}", title=f"عنوان {place}", body=text(number)), START + timedelta(hours=3 * place))
        for place, number in enumerate(numbers)
    ]


def test_a_line_tells_the_story_the_relation_and_why() -> None:
    first, second = group(an_archive([1, 1]))

    assert (first["article"], first["relation"], first["of"], first["because"]) == ("0", "new", "", [])
    assert (second["story"], second["relation"], second["of"]) == (first["story"], "copy", "0")
    assert second["because"][0] == "100% of the three-word runs of both texts are common"


@settings(deadline=None)  # many share the machine
@given(st.lists(st.integers(0, 4), max_size=12))
def test_the_same_archive_gives_the_same_stories(numbers: list[int]) -> None:
    assert list(group(an_archive(numbers))) == list(group(an_archive(numbers)))


@settings(deadline=None)  # many share the machine
@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.integers(1, 5))
def test_the_daemon_s_batches_give_the_archive_s_stories(numbers: list[int], size: int) -> None:
    archive = an_archive(numbers)

    assert asyncio.run(in_batches(archive, size)) == [line["story"] for line in group(archive)]


async def in_batches(archive: list[tuple[Article, datetime]], size: int) -> list[str]:
    """The stories by LOOKUP, decide, ADMIT, ``size`` articles at a time."""
    store = MemoryAdmission(MemoryState())
    await store.recover("p", 0, "incarnation")
    stories: list[str] = []
    for a in range(0, len(archive), size):
        items = [(article, fingerprint(article), event_time(article, at)) for article, at in archive[a : a + size]]
        memory = StoryMemory()
        version = ""
        for question in questions(items, WINDOW, items[-1][2]):
            remembered = await store.lookup(question.days, question.fields)
            memory.learn(remembered.rows)
            version = remembered.version
        effects = []
        for offset, (article, print_, moment) in enumerate(items, a):
            placed = decide(article, print_, moment, memory, name="rasid", window=WINDOW)
            stories.append(placed.story)
            writes = tuple(MemoryWrite(write.day, write.field, write.row) for write in placed.writes)
            effects.append(RecordEffects(offset, "unmatched", writes))
        b = a + len(items)
        await store.admit(Batch("incarnation", "p", a, b, version, f"v{b}", 0, effects))
    return stories


def test_memory_is_bounded_by_forgetting_the_days_longest_untouched() -> None:
    store = DayBuckets(max_rows=3, min_days=1)

    for day in range(1, 6):
        store.write([Write(f"2026-03-0{day}", f"a:{row}", b"x" * 26) for row in range(2)])

    assert len(store) == 2
    assert store.lookup(["2026-03-05", "2026-03-01"], ["a:0"]) == {"a:0": b"x" * 26}
    assert store.lookup(["2026-03-01"], ["a:0"]) == {}
