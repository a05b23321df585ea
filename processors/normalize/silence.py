"""Which parts of a text say nothing about its own subject.

Lines that send the reader to another story (اقرأ أيضاً, Read also), the dateline at the start, and lines that only
name who wrote. All patterns are matched on folded text; a marker counts only as a label at the start of its line, so
that «شاهد عيان قال» stays evidence.
"""

import re

_MARKUP = r"[\W_]*"
# Said only of other stories, whatever follows.
_ALWAYS = (
    r"اقرا(?:ء)?(?:وا)? (?:ايضا|المزيد|كذلك)|اقرا(?:ء)? في|طالع (?:ايضا|المزيد)|شاهد (?:ايضا|المزيد)|انظر ايضا|"
    r"قد (?:يهمك|يعجبك|يهمكم)(?: ايضا)?|ربما يهمك|لقراءه المزيد|للمزيد|(?:اخبار|مواضيع|موضوعات|مقالات|مواد|تقارير) "
    r"(?:ذات صله|متعلقه|مشابهه)|مواضيع قد تهمك|تابع ايضا|تابعوا ايضا|read also|also read|read more|see also|"
    r"related (?:articles?|stories|story|news|coverage|topics)|more on this story|you may also like|"
    r"lire aussi|a lire aussi|lire egalement|voir aussi|sur le meme sujet|a voir aussi|"
    r"ayrica okuyun|bunlar da ilginizi cekebilir|ilgili haber(?:ler)?|bunu da okuyun|"
    r"بخوانید|بیشتر بخوانید|مطالب مرتبط"
)
# Ordinary words too: labels only before a colon, a bar, a dash or the end of the line.
_LABELS = (
    r"اقرا|شاهد|شاهدوا|بالفيديو|بالصور|فيديو|ذات صله|المزيد|طالع|تابع|متعلق|"
    r"related|watch|video|read|see|more|regarder|izleyin|okuyun"
)
_SEND_OFF = re.compile(rf"{_MARKUP}(?:(?:{_ALWAYS})(?![^\W_])|(?:{_LABELS}) ?(?:[:|»>]|[-–—]{{1,2}} |\.\.|\n|$))")

_DASH = r"(?:-{1,3}|–|—|/)"
_AGENCIES = (
    r"رويترز|ا ?\.? ?ف ?\.? ?ب\.?|فرانس برس|ا ?\.? ?ش ?\.? ?ا\.?|واس|سانا|وام|قنا|كونا|"
    r"بنا|وفا|بترا|الاناضول|د ?\.? ?ب ?\.? ?ا\.?|سبوتنيك|"
    r"شينخوا|تاس|نوفوستي|وكالات|متابعات|خاص|اسوشيتد برس|ا ?\.? ?ب\.?|سي ان ان|سي\.ان\.ان|بي بي سي|فارس|ارنا|مهر|تسنيم|"
    r"العربيه(?:\.| )نت|العربيه|الجزيره(?:\.| )نت|سكاي نيوز عربيه|روسيا اليوم|الشرق الاوسط|الحياه|العربي الجديد|"
    r"عنب بلدي|"
    r"reuters|afp|ap|aa|cnn|bbc|upi|dpa|spa|wam|sana|mena|tass|xinhua|anadolu(?: agency)?|dha|iha|anka|"
    r"petra|kuna|qna|wafa|tap|map|aps|"
    r"associated press|agence france-presse|agencies"
)
# A place, or a place and its country: "دبي، الإمارات العربية المتحدة". Longer beginnings are sentences.
_WORD = r"[^\W_][^\s:()\[\]«»\"/–—]{0,30}"
_PLACE = rf"{_WORD}(?: {_WORD}){{0,5}}?"
_AGENCY = rf"[(«\"“]?\s?(?:{_AGENCIES})\s?[)»\"”]?"
_DATELINE = re.compile(
    # place (agency) -
    rf"\s*{_PLACE}\s*[(\[]\s?(?:{_AGENCIES})\s?[)\]]\s*{_DASH}{{1,2}}"
    # place - agency -, place/ reporter/ agency
    rf"|\s*{_PLACE}(?:\s*/\s*{_PLACE})?\s*(?:{_DASH}|:)\s*{_AGENCY}\s*(?:{_DASH}|[:.\n]|$)"
    # agency - place:
    rf"|\s*{_AGENCY}\s*{_DASH}\s*{_PLACE}\s*(?:{_DASH}|[:\n]|$)"
    # place (agency):
    rf"|\s*{_WORD}(?: {_WORD})?\s*[(\[]\s?(?:{_AGENCIES})\s?[)\]]\s*:"
)
# No agency that we know: brackets, or one or two words and a dash, with a whole sentence after it that does not
# describe them.
_BARE_DATELINE = re.compile(
    rf"\s*{_PLACE}\s*[(\[][^)\]\n]{{2,40}}[)\]]\s*{_DASH}{{1,2}}|"
    r"\s*[^\W\d_]+(?: [^\W\d_]+)? ?(?: -{1,2}| –| —) (?!(?:ال(?:ذ|ت|ل)|who|which|qui)\w*)"
    r"(?![^\n]{0,40}(?:[:|]|\.\.))(?=[^\n]{60})"
)
_CREDIT = re.compile(
    rf"{_MARKUP}(?:[^\n]{{0,40}}(?:فريق التحرير|هيءه التحرير|غرفه الاخبار)|(?:كتب|كتبت|تحرير|اعداد|ترجمه|مراسل|المصدر|"
    rf"وكالات|source|by|par|kaynak|haber|editor) ?[:/-]|(?:by|par) [^\n]{{3,40}}$|(?:{_AGENCIES}){_MARKUP}$)"
)
# A credit line is short; longer ones that begin alike are sentences.
_LONGEST_CREDIT = 60
# The headline repeated and a credit line may come before the dateline.
_OPENING_LINES = 3


def find_silent(folded: str) -> list[tuple[int, int]]:
    """The spans from which no evidence comes, in order of lines."""
    spans: list[tuple[int, int]] = []
    start, number = 0, 0
    while start < len(folded):
        end = folded.find("\n", start)
        end = len(folded) if end < 0 else end
        if not folded[start:end].isspace() and end > start:
            if _SEND_OFF.match(folded, start, end):
                spans.append((start, end))
            elif number < _OPENING_LINES:
                silent_to = _opening(folded, start, end, first=number == 0)
                if silent_to > start:
                    spans.append((start, silent_to))
            number += 1
        start = end + 1
    return spans


def _opening(folded: str, start: int, end: int, *, first: bool) -> int:
    """Where the dateline or credit at the start of the line ends; ``start`` when there is none."""
    if end - start <= _LONGEST_CREDIT and _CREDIT.match(folded, start, end):
        return end
    found = _DATELINE.match(folded, start, end) or (_BARE_DATELINE.match(folded, start, end) if first else None)
    return found.end() if found else start
