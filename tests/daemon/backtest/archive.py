"""An archive of our own: events of several days, each carried by several outlets, copied, cut, edited, and late."""

import random
from datetime import UTC, datetime, timedelta

from processors.model import Article

START = datetime(2026, 3, 1, 6, tzinfo=UTC)

_PLACES = ("الوادي", "التل", "المرفأ", "الجسر", "السهل", "النبع", "القلعة", "البستان")
_OUTLETS = ("صوت الوادي", "جريدة المرفأ", "Harbour Post", "بوابة السهل")


def archive(*, days: int = 6, seed: int = 7) -> list[Article]:
    """Articles in the order in which they were recorded, which is nearly that of their dates."""
    chance, articles = random.Random(seed), list[tuple[datetime, Article]]()
    for day in range(days):
        for event in range(4):
            place = _PLACES[(day * 4 + event) % len(_PLACES)]
            founded = START + timedelta(days=day, hours=3 * event)
            for number in range(chance.randint(1, 4)):
                at = founded + timedelta(minutes=35 * number)
                articles.append((at, _article(f"{day}-{event}", place, number, at, chance)))
    late = [(at + timedelta(hours=chance.choice((0, 0, 0, 5))), article) for at, article in articles]
    return [article for _, article in sorted(late, key=lambda each: each[0])]


def _article(event: str, place: str, number: int, at: datetime, chance: random.Random) -> Article:
    words = [f"كلمة{event.replace('-', 'و')}رقم{step}" for step in range(60)]
    if number == 2:  # a cut copy
        words = words[: 45 - chance.randint(0, 5)]
    body = f"فيضان في {place} أغلق الطريق صباحا. {' '.join(words)}."
    title = f"فيضان في {place} يغلق الطريق الرئيسي أمام القوافل" if number % 2 == 0 else f"الطريق مغلق في {place}"
    name = f"{event}-{0 if number == 3 else number}"  # the fourth is the first again, edited
    if number == 3:
        body = f"{body} وعاد السير ليلا."
    return Article(
        id=name,
        title=title,
        body=body,
        source=_OUTLETS[number],
        url=f"https://n{number}.example/{event}",
        published_at=at,
        lang="en" if number == 2 else "ar",
    )
