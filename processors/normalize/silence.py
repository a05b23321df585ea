"""Which parts of a text say nothing about its own subject.

Lines that send the reader to another story (اقرأ أيضاً, Read also), the dateline at the start, and lines that only
name who wrote. All patterns are matched on folded text; a marker counts only as a label at the start of its line, so
that «شاهد عيان قال» stays evidence.
"""

import re
from collections.abc import Iterator
from functools import cache

_MARKUP = r"[\W_]*"
_SIGNS = r"\s?[/،,+-]\s?"
# Said only of other stories, whatever follows.
_ALWAYS = (
    r"اقرا(?:ء)?(?:وا)? (?:ايضا|المزيد|كذلك|التفاصيل|مدونه|تدوينه)|اقرا(?:ء)? في|(?:طالع|انظر|شاهد|شاهدوا|تابع|تابعوا) "
    r"(?:ايضا|المزيد)|(?:قد|ربما) (?:يهمك|يعجبك|يهمكم|يعجبكم|تهمك)|(?:لقراءه|لمشاهده|لمتابعه) المزيد|للمزيد|رابط الخبر|"
    r"لمزيد من (?:الاخبار|التفاصيل|المعلومات)|(?:اخبار|مواضيع|موضوعات|مقالات|مواد|تقارير|قصص) "
    r"(?:ذات صله|متعلقه|مشابهه|قد تهمك|قد تعجبك)|نرشح لك|لا يفوتك|"
    r"read also|also read|read more|read next|see also|don't miss|more (?:from|on|about) this (?:story|topic)|"
    r"related (?:articles?|stories|story|news|coverage|topics|content|links)|you (?:may|might) also like|"
    r"lire aussi|a lire (?:aussi|egalement)|lire egalement|lire la suite|(?:a )?voir aussi|sur le meme (?:sujet|theme)|"
    r"pour aller plus loin|articles? lies|"
    r"ayrica (?:okuyun|bakiniz)|bunlar da ilginizi cekebilir|ilginizi cekebilir|"
    r"(?:ilgili|benzer|onerilen) haber(?:ler)?|bunu da okuyun|haberin devami|devamini oku|"
    r"بخوانید|بیشتر بخوانید|مطالب مرتبط"
)
# Ordinary words too: labels only before a colon, a bar, a dash or the end of the line.
_LABELS = (
    r"اقرا|شاهد|شاهدوا|بالفيديو|بالصور|فيديو|ذات صله|المزيد|طالع|تابع|متعلق|ايضا|"
    r"الاكثر (?:قراءه|مشاهده)|اخترنا (?:لك|لكم)|"
    r"related|watch|video|read|see|more|recommended|a lire|regarder|izleyin|okuyun|oku"
)
_SEND_OFF = (
    # "more by this writer" is often run together with the first of his headlines
    rf"{_MARKUP}(?:(?:{_ALWAYS})(?![^\W_])|مقالات (?:اخري|سابقه) للكاتب|"
    rf"(?:{_LABELS}) ?(?:[:|»>]|/ |[-–—]{{1,2}} |\.\.|\n|$))"
)
# Under a heading that says no more, other stories are listed.
_HEADING = rf"{_MARKUP}(?:{_ALWAYS}|{_LABELS})[\W_]*\Z"
_BULLET = re.compile(r"\s*[-–—•·*▪◾●■»>]\s*[^\W_]")

_DASH = r"(?:-{1,3}|–|—|/)"
_AGENCIES = (
    r"رويترز|ا ?\.? ?ف ?\.? ?ب\.?|فرانس برس|ا ?\.? ?ش ?\.? ?ا\.?|واس|سانا|وام|قنا|كونا|"
    r"بنا|وفا|بترا|الاناضول|د ?\.? ?ب ?\.? ?ا\.?|سبوتنيك|"
    r"شينخوا|تاس|نوفوستي|وكالات|متابعات|خاص|اسوشيتد برس|ا ?\.? ?ب\.?|سي ان ان|سي\.ان\.ان|بي بي سي|فارس|ارنا|مهر|تسنيم|"
    r"فرانس ?24|france ?24|العربيه(?:\.| )نت|العربيه|الجزيره(?:\.| )نت|سكاي نيوز عربيه|"
    r"روسيا اليوم|الشرق الاوسط|الحياه|العربي الجديد|عنب بلدي|"
    r"reuters|afp|ap|aa|cnn|bbc|upi|dpa|spa|wam|sana|mena|tass|xinhua|anadolu(?: agency)?|dha|iha|anka|"
    r"petra|kuna|qna|wafa|tap|map|aps|"
    r"associated press|agence france-presse|agencies"
)
# A place, or a place and its country: "دبي، الإمارات العربية المتحدة". Longer beginnings are sentences.
_WORD = r"[^\W_][^\s:()\[\]«»\"/–—]{0,30}"
_PLACE = rf"{_WORD}(?: {_WORD}){{0,5}}?"
_AGENCY = rf"[(«\"“]?\s?(?:{_AGENCIES})\s?[)»\"”]?"
_CALENDAR = r"\d{1,2}\s[^\n]{3,60}?\b(?:14|20)\d\d ?(?:هـ?|م|ه)?\.?"
_DATELINE = (
    # place (agency) -
    rf"\s*{_PLACE}\s*[(\[]\s?(?:{_AGENCIES})\s?[)\]]\s*{_DASH}{{1,2}}"
    # place - agency -, place/ reporter/ agency
    rf"|\s*{_PLACE}(?:\s*/\s*{_PLACE})?\s*(?:{_DASH}|:)\s*{_AGENCY}\s*(?:{_DASH}|[:.\n]|$)"
    # agency - place:
    rf"|\s*{_AGENCY}\s*{_DASH}\s*{_PLACE}\s*(?:{_DASH}|[:\n]|$)"
    # place, date, agency, and nothing else
    rf"|\s*{_PLACE}\s(?:{_CALENDAR}\s){{1,2}}{_AGENCY}\s*(?:\n|$)"
    # place (agency):
    rf"|\s*{_WORD}(?: {_WORD})?\s*[(\[]\s?(?:{_AGENCIES})\s?[)\]]\s*:"
)
# No agency that we know: brackets, or one or two words and a dash, with a whole sentence after it that does not
# describe them.
_BARE_DATELINE = (
    rf"\s*{_PLACE}\s*[(\[][^)\]\n]{{2,40}}[)\]]\s*{_DASH}{{1,2}}|"
    r"\s*[^\W\d_]+(?: [^\W\d_]+)? ?(?: -{1,2}| –| —) (?!(?:ال(?:ذ|ت|ل)|who|which|qui)\w*)"
    r"(?![^\n]{0,40}(?:[:|]|\.\.))(?=[^\n]{60})"
)
_CREDITED = (
    r"[^\n]{0,40}(?:فريق التحرير|هيءه التحرير|غرفه الاخبار)|نقلا عن |"
    r"(?:كتب|كتبت|تحرير|اعداد|ترجمه|مراسل|المصدر|تصوير|الصوره|وكالات|"
    r"source|by|par|photo|photos|kaynak|haber|fotograf|editor) ?[:/-]|"
    rf"(?:{_AGENCIES})(?:{_SIGNS}(?:{_AGENCIES})){{0,4}}{_MARKUP}$"
)
_CREDIT = rf"{_MARKUP}(?:{_CREDITED}|(?:by|par) [^\n]{{3,40}}$)"
_CLOSING_CREDIT = rf"{_MARKUP}(?:{_CREDITED})"
# A credit line is short; longer ones that begin alike are sentences.
_LONGEST_CREDIT = 60
# The headline repeated and a credit line may come before the dateline.
_OPENING_LINES = 3
# A credit line may also come last, before a footer.
_CLOSING_LINES = 3


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    """Made when it is first needed: nothing is silent in an article that no topic asks for, nor in a topic."""
    return re.compile(expression)


def find_silent(folded: str) -> list[tuple[int, int]]:
    """The spans from which no evidence comes, in order of lines."""
    spans: list[tuple[int, int]] = []
    lines = list(_lines(folded))
    listed = False  # what follows a heading over other stories
    for number, (start, end) in enumerate(lines):
        listed = listed and _BULLET.match(folded, start, end) is not None
        if listed or _compiled(_SEND_OFF).match(folded, start, end):
            spans.append((start, end))
            listed = listed or _compiled(_HEADING).match(folded, start, end) is not None
        elif number < _OPENING_LINES:
            silent_to = _opening(folded, start, end, first=number == 0)
            if silent_to > start:
                spans.append((start, silent_to))
        elif number >= len(lines) - _CLOSING_LINES and _is_credit(folded, start, end, _CLOSING_CREDIT):
            spans.append((start, end))
    return spans


def _lines(folded: str) -> Iterator[tuple[int, int]]:
    """All lines that say anything."""
    start = 0
    while start < len(folded):
        end = folded.find("\n", start)
        end = len(folded) if end < 0 else end
        if not folded[start:end].isspace() and end > start:
            yield start, end
        start = end + 1


def _opening(folded: str, start: int, end: int, *, first: bool) -> int:
    """Where the dateline or credit at the start of the line ends; ``start`` when there is none."""
    if _is_credit(folded, start, end, _CREDIT):
        return end
    found = _compiled(_DATELINE).match(folded, start, end) or (
        _compiled(_BARE_DATELINE).match(folded, start, end) if first else None
    )
    return found.end() if found else start


def _is_credit(folded: str, start: int, end: int, credit: str) -> bool:
    return end - start <= _LONGEST_CREDIT and _compiled(credit).match(folded, start, end) is not None
