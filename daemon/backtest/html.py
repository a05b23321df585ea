"""A backtest as one HTML page that needs nothing else: chart, topics, what would have been told, what was lost."""

from collections.abc import Iterator, Sequence
from html import escape

from daemon.backtest.chart import spans_of
from daemon.backtest.difference import Difference
from daemon.backtest.posts import Posts
from daemon.backtest.tally import MOST_LISTED, OPENED, Notice, Tally
from processors.counted import counted

_STYLE = """
:root { color-scheme: light dark; --bar: #2a7ab0; --more: #d08a2e; --line: #8884; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 64rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .25rem .5rem; text-align: start; vertical-align: top; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: end; font-variant-numeric: tabular-nums; }
svg { width: 100%; height: auto; } .alerts { fill: var(--bar); } .updates { fill: var(--more); }
text { font-size: 11px; fill: currentColor; } .lost { color: #c33; } .quiet { opacity: .7; }
"""

_WIDTH, _HEIGHT, _FOOT = 960, 200, 24


def page(
    title: str,
    tally: Tally,
    notes: Sequence[str] = (),
    compared: Difference | None = None,
    posts: Posts | None = None,
) -> str:
    """The report. Every text of an article is escaped and has its own direction; nothing is loaded from elsewhere."""
    return "".join(_page(title, tally, notes, compared, posts))


def _page(
    title: str, tally: Tally, notes: Sequence[str], compared: Difference | None, posts: Posts | None
) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    yield (
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width">'
    )
    yield f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>\n"
    yield (
        f"<p>{counted(tally.articles.total(), 'article')}, {tally.matched.total():,} matched, "
        f"{counted(len(tally.stories), 'story')}, "
        f"<b>{counted(tally.opened, 'alert')}</b>, {counted(tally.updates.total(), 'update')}.</p>\n"
    )
    for note in notes:
        yield f'<p class="quiet">{escape(note)}</p>\n'
    if compared is not None:
        yield f"<h2>Old and new topics</h2><p><b>{escape(compared.summary)}</b></p>\n"
        yield from _listed("Lost: told by the old topics only", compared.lost)
        yield from _listed("Gained: told by the new topics only", compared.gained)
    if tally.articles:
        yield from _chart(tally)
        yield from _topics(tally)
    if posts is not None and posts.receivers:
        yield from _receivers(posts)
    yield from _listed("What would have been told", tally.notices)
    if len(tally.notices) == MOST_LISTED:
        yield f'<p class="quiet">The first {MOST_LISTED:,} are listed.</p>'
    yield "</body></html>\n"


def _chart(tally: Tally) -> Iterator[str]:
    spans = spans_of(tally.days)
    alerts = [sum(tally.alerts[day] for day in span) for span in spans]
    updates = [sum(tally.updates[day] for day in span) for span in spans]
    highest = max(map(sum, zip(alerts, updates, strict=True))) or 1
    step = _WIDTH / len(spans)
    unit = "day" if len(spans[0]) == 1 else "week" if len(spans[0]) <= 7 else "month"
    yield f'<h2>Alerts and updates a {unit}</h2><svg viewBox="0 0 {_WIDTH} {_HEIGHT + _FOOT}" role="img">'
    for number, span in enumerate(spans):
        told = f"{span[0]}: {counted(alerts[number], 'alert')}, {counted(updates[number], 'update')}"
        base = float(_HEIGHT)
        for kind, count in (("alerts", alerts[number]), ("updates", updates[number])):
            height = count / highest * _HEIGHT
            base -= height
            yield (
                f'<rect class="{kind}" x="{number * step + 1:.1f}" y="{base:.1f}" width="{max(1.0, step - 2):.1f}" '
                f'height="{height:.1f}"><title>{told}</title></rect>'
            )
        if number in (0, len(spans) - 1):
            anchor = "start" if number == 0 else "end"
            at = 0 if number == 0 else _WIDTH
            yield f'<text x="{at}" y="{_HEIGHT + 16}" text-anchor="{anchor}">{span[0]}</text>'
    yield f'<text x="0" y="12">{highest:,}</text></svg>\n'


def _topics(tally: Tally) -> Iterator[str]:
    if not tally.topics:
        return
    yield '<h2>Topics</h2><table><tr><th>topic<th class="n">matched<th class="n">alerts<th class="n">updates'
    yield '<th class="n">routed nowhere<th>withheld<th>most on a day</tr>\n'
    for topic in tally.topics:
        most, day = tally.most_on_a_day(topic)
        figures = "".join(
            f'<td class="n">{tally.by_topic[topic, key]:,}' for key in ("matched", OPENED, "updated", "unrouted")
        )
        withheld = escape(tally.withheld(topic))
        yield f"<tr><td>{escape(topic)}{figures}<td>{withheld}<td>{f'{most:,} on {day}' if most else ''}</tr>\n"
    yield "</table>\n"


def _receivers(posts: Posts) -> Iterator[str]:
    yield '<h2>Receivers</h2><table><tr><th>receiver<th class="n">sent<th class="n">notices<th>digests'
    yield "<th>most in an hour</tr>\n"
    for name in posts.receivers:
        most, hour = posts.most_in_an_hour(name)
        figures = f'<td class="n">{posts.sent(name):,}<td class="n">{posts.notices[name]:,}'
        when = f"{most:,} on {hour:%Y-%m-%d %H:%M}" if hour is not None else ""
        yield f"<tr><td>{escape(name)}{figures}<td>{escape(posts.digests(name))}<td>{when}</tr>\n"
    yield "</table>\n"


def _listed(heading: str, notices: Sequence[Notice]) -> Iterator[str]:
    yield f"<h2>{escape(heading)} ({len(notices):,})</h2>\n"
    if not notices:
        return
    yield "<table><tr><th>when<th>topic<th>why<th>headline<th>outlet</tr>\n"
    for notice in notices[:MOST_LISTED]:
        headline = f"<bdi>{escape(notice.title or notice.article)}</bdi>"
        if notice.url.startswith(("http://", "https://")):
            headline = f'<a rel="noreferrer" href="{escape(notice.url)}">{headline}</a>'
        kept = ", ".join(sorted({each.why for each in notice.withheld}))
        reason = f"{notice.reason} ({kept})" if kept else notice.reason
        lang = f' lang="{escape(notice.lang)}"' if notice.lang else ""
        yield (
            f"<tr><td>{notice.at:%Y-%m-%d %H:%M}<td>{escape(notice.topic)}<td>{escape(reason)}"
            f'<td dir="auto"{lang}>{headline}<td><bdi>{escape(notice.source)}</bdi></tr>\n'
        )
    yield "</table>\n"
