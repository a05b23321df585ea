"""What matching costs per article, step by step: ``python benchmarks/bench_screen.py ARTICLES.jsonl[.gz]``.

Prints CPU microseconds per article for decoding, screening, reading, words and finding. Without a path, articles are
composed of the names below.
"""

import gzip
import sys
import time
from collections.abc import Callable, Set
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec

from processors.matchers.index import PatternIndex, compile_patterns
from processors.model import Mention, Pattern
from processors.normalize.text import Text, read_text

T = TypeVar("T")

MOST_ARTICLES = 10_000
"""Enough for a mean that does not move; all of them are held in memory."""

NAMES = """سوريا سورية سوري السوري السورية سوريين السوريين السوريون دمشق مصر مصري المصري المصرية المصريين القاهرة لبنان
لبناني اللبناني اللبنانية بيروت الأردن أردني الأردني عمان العراق عراقي العراقي بغداد السعودية سعودي السعودي الرياض اليمن
يمني اليمني صنعاء عدن قطر قطري القطري الدوحة الإمارات إماراتي الإماراتي أبوظبي الكويت كويتي الكويتي البحرين بحريني
المنامة تونس تونسي التونسي الجزائر جزائري الجزائري المغرب مغربي المغربي الرباط ليبيا ليبي الليبي طرابلس السودان سوداني
السوداني الخرطوم الصومال صومالي مقديشو جيبوتي موريتانيا موريتاني نواكشوط فلسطين فلسطيني الفلسطيني رام الله غزة إسرائيل
إسرائيلي الإسرائيلي تركيا تركي التركي أنقرة إيران إيراني الإيراني طهران روسيا روسي الروسي موسكو أمريكا الولايات المتحدة
أمريكي الأمريكي واشنطن""".split()
LEADERS = (
    "بشار الأسد", "عبد الفتاح السيسي", "أحمد الشرع", "محمد بن سلمان", "رجب طيب أردوغان", "حسن روحاني", "نوري المالكي",
    "وزير الخارجية المصري", "الرئيس السوري", "مجلس النواب", "قوات سوريا الديمقراطية", "الجامعة العربية",
)  # fmt: skip
TERMS = "زيارة محادثات لقاء اجتماع علاقات اتفاق تطبيع وفد سفير مباحثات هدنة قصف انفجار حريق مطار ميناء غاز نفط".split()
LATIN = "Syria Syrian Egypt Egyptian Cairo Damascus Turkey Turkish Iran Israel Russia Suriye Mısır Syrie Égypte".split()


def patterns() -> list[Pattern]:
    found = [Pattern(name, definite=name.startswith("ال")) for name in (*NAMES, *LEADERS)]
    found += [Pattern(term, takes_article=True, takes_suffixes=True) for term in TERMS]
    return found + [Pattern(name) for name in LATIN]


def lines(path: str) -> list[bytes]:
    if not path:
        sentence = " ".join((*NAMES, *LEADERS, *TERMS)) + ".\n"
        return [
            msgspec.json.encode({"id": str(n), "title": NAMES[n % len(NAMES)], "body": sentence * 2})
            for n in range(500)
        ]
    opener = gzip.open if path.endswith(".gz") else open
    with opener(Path(path), "rb") as file:
        return list(islice(file, MOST_ARTICLES))


class Clock:
    """CPU time spent in each step, one article at a time: kept results would make the collector part of the figure."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def __call__(self, step: str, work: Callable[[], T]) -> T:
        begin = time.process_time()
        result = work()
        self.spent[step] = self.spent.get(step, 0.0) + time.process_time() - begin
        return result


def search(index: PatternIndex, numbers: Set[int], **texts: Text) -> list[Mention]:
    found = index.search({"title": texts["title"], "body": texts["body"]}).mentions(numbers)
    return [mention for mentions in found for mention in mentions]


def main() -> None:
    index = compile_patterns(patterns())
    raw = lines(sys.argv[1] if len(sys.argv) > 1 else "")
    decoder = msgspec.json.Decoder(dict[str, object])
    clock = Clock()
    characters = screened = held = told = 0
    for line in raw:
        decoded = clock("decode", lambda line=line: decoder.decode(line))
        title, body = str(decoded.get("title") or ""), str(decoded.get("body") or "")
        candidates = clock("screen", lambda title=title, body=body: index.groups_in(title) | index.groups_in(body))
        texts = clock("read_text", lambda title=title, body=body: (read_text(title), read_text(body)))
        clock("words", lambda texts=texts: (texts[0].words, texts[1].words))
        mentions = clock(
            "find",
            lambda texts=texts, candidates=candidates: search(index, candidates, title=texts[0], body=texts[1]),
        )
        characters += len(title) + len(body)
        screened += len(candidates)
        held += len({mention.pattern for mention in mentions})
        told += len(mentions)
    print(f"{len(raw)} articles of {characters / len(raw):.0f} characters, {len(index)} patterns")
    for step, spent in clock.spent.items():
        print(f"{step:<10} {spent / len(raw) * 1e6:8.1f} µs/article")
    print(
        f"per article: {screened / len(raw):.1f} patterns screened, {held / len(raw):.1f} found, "
        f"{told / len(raw):.1f} mentions"
    )


if __name__ == "__main__":
    main()
