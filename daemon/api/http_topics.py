"""The part of the API that shows topics: what each is, what it costs, how much it tells, what people say of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from aiohttp import web

from alerts.errors import Unavailable
from alerts.notices.facts import TopicFacts
from alerts.verdicts.verdict import Says
from daemon.access.scope import Scope
from daemon.api.alert_volume import HOURS, AlertVolume
from daemon.api.http_guard import json_response
from daemon.api.http_route import Route
from daemon.api.http_verdicts import TopicVerdicts, counts_shown
from daemon.history.past import Past
from daemon.metrics.metrics import Metrics


class TopicCostShown(msgspec.Struct, frozen=True):
    """Seconds that this process looked closer at articles for it, since it started, and that per record read, in µs."""

    seconds: float
    micros_per_record: float | None


class TopicShown(msgspec.Struct, frozen=True):
    """A topic. ``opened_by_hour``: alerts in each of the last 24 hours of the clock (UTC), the present one last."""

    id: str
    title: dict[str, str]
    severity: str
    labels: dict[str, str]
    opened_by_hour: list[int]
    opened: int
    cost: TopicCostShown
    verdicts: TopicVerdicts


class TopicsShown(msgspec.Struct, frozen=True):
    """Those that are watched now, in the order of the files."""

    topics: list[TopicShown]


class TopicRoutes:
    """``past`` is None while the process starts."""

    def __init__(self, past: Callable[[], Past | None], metrics: Metrics) -> None:
        self._of = past
        self._metrics = metrics
        self._volume = AlertVolume()

    def routes(self) -> list[Route]:
        """For the table."""
        says = "what is watched, what it costs, how much it told, what was said of that"
        return [Route("GET", "/api/v1/topics", self._list, says, Scope.READ, TopicsShown)]

    async def _list(self, request: web.Request) -> web.Response:
        past = self._of()
        if past is None:
            raise Unavailable("still starting")
        opened, said = await self._volume.by_hour(past.alerts, past.now_ms()), await past.verdicts.counts()
        return json_response(
            {
                "topics": [
                    self._shown(topic, opened.get(topic.id, [0] * HOURS), said.get(topic.id, {}))
                    for topic in past.watch().topics.values()
                ]
            }
        )

    def _shown(self, topic: TopicFacts, opened: Sequence[int], said: Mapping[Says, int]) -> dict[str, Any]:
        seconds, records = self._metrics.costs.get(topic.id, 0.0), self._metrics.looked_at
        return {
            "id": topic.id,
            "title": dict(topic.titles),
            "severity": topic.severity.value,
            "labels": dict(topic.labels),
            "opened_by_hour": list(opened),
            "opened": sum(opened),
            "cost": {
                "seconds": round(seconds, 6),
                "micros_per_record": round(seconds / records * 1e6, 3) if records else None,
            },
            "verdicts": counts_shown(said),
        }
