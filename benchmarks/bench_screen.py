"""What matching costs per article, step by step: ``python benchmarks/bench_screen.py ARTICLES.jsonl[.gz]``.

Prints CPU microseconds per article for decoding, screening, reading, words and finding. Without a path, articles are
composed of the names below.
"""

import gzip
import sys
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec

from processors.matchers.index import compile_patterns
from processors.model import Article, Pattern
from processors.normalize.text import read_text

T = TypeVar("T")
R = TypeVar("R")

MOST_ARTICLES = 10_000

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
LATIN = "Syria Syrian Egypt Egyptian Cairo Damascus Turkey Turkish Iran Israel Russia Suriye Mısır Türkiye Syrie Égypte".split()


def patterns() -> list[Pattern]:
    found = [Pattern(name, definite=name.startswith("ال")) for name in (*NAMES, *LEADERS)]
    found += [Pattern(term, takes_article=True, takes_suffixes=True) for term in TERMS]
    return found + [Pattern(name) for name in LATIN]


def lines(path: str) -> list[bytes]:
    if not path:
        sentence = " ".join((*NAMES, *LEADERS, *TERMS)) + ".\n"
        return [msgspec.json.encode({"id": str(n), "title": NAMES[n % len(NAMES)], "body": sentence * 2}) for n in range(500)]
    opener = gzip.open if path.endswith(".gz") else open
    with opener(Path(path), "rb") as file:
        return list(islice(file, MOST_ARTICLES))


def timed(name: str, step: Callable[[T], R], items: Iterable[T], articles: int) -> list[R]:
    begin = time.process_time()
    results = [step(item) for item in items]
    print(f"{name:<10} {(time.process_time() - begin) / articles * 1e6:8.1f} µs/article")
    return results


def main() -> None:
    index = compile_patterns(patterns())
    raw = lines(sys.argv[1] if len(sys.argv) > 1 else "")
    decoder = msgspec.json.Decoder(dict[str, object])
    decoded = timed("decode", decoder.decode, raw, len(raw))
    articles = [Article(id="", title=str(each.get("title") or ""), body=str(each.get("body") or "")) for each in decoded]
    characters = sum(len(each.title) + len(each.body) for each in articles) / len(articles)
    print(f"{len(articles)} articles of {characters:.0f} characters, {len(index)} patterns")
    screened = timed("screen", lambda each: index.screen(each.title, each.body), articles, len(articles))
    texts = timed("read_text", lambda each: (read_text(each.title), read_text(each.body)), articles, len(articles))
    timed("words", lambda pair: (pair[0].words, pair[1].words), texts, len(articles))
    pairs = list(zip(texts, screened, strict=True))
    found = timed(
        "find",
        lambda pair: index.find(pair[0][0], "title", pair[1]) + index.find(pair[0][1], "body", pair[1]),
        pairs,
        len(articles),
    )
    held = [{mention.pattern for mention in mentions} for mentions in found]
    print(
        f"per article: {sum(map(len, screened)) / len(articles):.1f} patterns screened, "
        f"{sum(map(len, held)) / len(articles):.1f} found, {sum(map(len, found)) / len(articles):.1f} mentions"
    )


if __name__ == "__main__":
    main()
