"""The part of the API that takes what people say of alerts, and shows it."""

from collections.abc import Callable, Mapping
from typing import Annotated

import msgspec
from aiohttp import web

from alerts.errors import Unavailable
from alerts.notices.timestamp import rfc3339
from alerts.verdicts.verdict import LONGEST_AUTHOR, LONGEST_COMMENT, MOST_VERDICTS, Says, Verdict, precision
from daemon.access.scope import Scope
from daemon.api.http_guard import CALLER, json_response
from daemon.api.http_route import Route, Wrong, body_of, query_of
from daemon.history.alert_line import AlertRecord, read_alert
from daemon.history.decision_line import as_written
from daemon.history.past import Past
from daemon.metrics.api_metrics import ApiMetrics


class NewVerdict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On which alert (its ``id``), what, and who says so: without ``author`` the token's name."""

    alert: Annotated[str, msgspec.Meta(pattern=r"^[a-z2-7]{26}\Z")]
    verdict: Says
    author: Annotated[str, msgspec.Meta(max_length=LONGEST_AUTHOR)] = ""
    comment: Annotated[str, msgspec.Meta(max_length=LONGEST_COMMENT)] = ""


class VerdictsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many of them."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_VERDICTS, description="how many, the last ones first")] = 100


class VerdictShown(msgspec.Struct, frozen=True):
    """The last word on an alert."""

    alert: str
    topic: str
    story: str
    verdict: Says
    author: str
    comment: str
    at: str


class TopicVerdicts(msgspec.Struct, frozen=True):
    """Of one topic. ``precision`` is relevant of relevant and not, null where there are neither."""

    relevant: int
    not_relevant: int
    duplicate: int
    precision: float | None


class VerdictsShown(msgspec.Struct, frozen=True):
    """The last ones first, and the counts of all that are kept, by topic."""

    verdicts: list[VerdictShown]
    topics: dict[str, TopicVerdicts]


class VerdictRoutes:
    """``past`` is None while the process starts."""

    def __init__(self, past: Callable[[], Past | None], metrics: ApiMetrics) -> None:
        self._of = past
        self._metrics = metrics

    def routes(self) -> list[Route]:
        """For the table."""
        path, gone = "/api/v1/verdicts", {404: "no alert that is kept has this id"}
        return [
            Route("GET", path, self._list, "what was said of alerts", Scope.READ, VerdictsShown, query=VerdictsQuery),
            Route(
                "POST",
                path,
                self._add,
                "say whether an alert was right",
                Scope.SILENCE,
                VerdictShown,
                body=NewVerdict,
                refusals=gone,
            ),
        ]

    async def _list(self, request: web.Request) -> web.Response:
        verdicts, asked = self._past().verdicts, query_of(request, VerdictsQuery)
        counts = await verdicts.counts()
        return json_response(
            {
                "verdicts": [_shown(each) for each in await verdicts.newest(asked.limit)],
                "topics": {topic: counts_shown(said) for topic, said in sorted(counts.items())},
            }
        )

    async def _add(self, request: web.Request) -> web.Response:
        past, asked = self._past(), body_of(request, NewVerdict)
        record = await _alert(past, asked.alert)
        if record is None:
            raise Wrong(404, f"no alert that is kept has the id `{asked.alert}`")
        verdict = Verdict(
            topic=record.topic.id,
            says=asked.verdict,
            alert=asked.alert,
            story=record.story.id,
            author=asked.author.strip() or request[CALLER].name,
            comment=asked.comment.strip(),
            at_ms=past.now_ms(),
        )
        await past.verdicts.put(verdict)
        self._metrics.judge(await past.verdicts.counts())
        return json_response(_shown(verdict))

    def _past(self) -> Past:
        past = self._of()
        if past is None:
            raise Unavailable("still starting")
        return past


async def _alert(past: Past, id_: str) -> AlertRecord | None:
    """The latest notice of an alert that the log still holds."""
    before, needle = "", b'"id":' + as_written(id_)
    while True:
        page = await past.alerts.older(before, [needle])
        for entry in page.entries:
            record = read_alert(entry.cursor, entry.line)
            if record is not None and record.id == id_:
                return record
        if not page.next:
            return None
        before = page.next


def counts_shown(said: Mapping[Says, int]) -> dict[str, object]:
    """``TopicVerdicts`` in JSON."""
    return {
        "relevant": said.get(Says.RELEVANT, 0),
        "not_relevant": said.get(Says.NOT, 0),
        "duplicate": said.get(Says.DUPLICATE, 0),
        "precision": precision(said),
    }


def _shown(verdict: Verdict) -> dict[str, object]:
    return {
        "alert": verdict.alert,
        "topic": verdict.topic,
        "story": verdict.story,
        "verdict": verdict.says.value,
        "author": verdict.author,
        "comment": verdict.comment,
        "at": rfc3339(verdict.at_ms),
    }
