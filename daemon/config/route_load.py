"""The routing tree of the configuration, from its types to the values that alerts are routed by.

Names must exist: receivers, time intervals, match keys, severities.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from alerts.model import Severity
from alerts.notices.delta import UPDATED
from alerts.notices.digest import TYPE as DIGEST
from alerts.pacing.pacing import AT_ONCE, Pacing
from alerts.receiver import Receiver, Route
from alerts.routing.conditions import MATCH_KEYS, NOT, known_match_key
from alerts.routing.routing import takes
from alerts.routing.time_intervals import TimeInterval
from daemon.config.config import Config
from daemon.config.route import RouteConfig
from daemon.config.secrets import Place, Secrets
from processors.duration import show_duration
from processors.stories.reasons import ANY_UPDATES
from processors.yaml_document import nearest

PACED_BY = ("group_wait", "group_interval", "throttle", "digest")
"""Keys of a route by which something waits."""


def read_route(config: Config, receivers: Mapping[str, Receiver], secrets: Secrets) -> Route:
    """The tree; every problem of it goes to ``secrets``, which keeps those of the whole file."""
    intervals: dict[str, TimeInterval] = {}
    for number, each in enumerate(config.time_intervals):
        if each.name in intervals:
            secrets.wrong(("time_intervals", number, "name"), f"`{each.name}` stands twice: give it another name")
        intervals[each.name] = each.time_interval()
    if config.route is None:
        return Route(receiver=next(iter(receivers), ""))
    reader = _Reader(receivers, intervals, secrets)
    root = config.route
    if root.match:
        secrets.wrong(("route", "match"), "the root route takes every alert: put `match` into one of its `routes`")
    for key in ("mute_time_intervals", "active_time_intervals"):
        if getattr(root, key):
            secrets.wrong(("route", key), f"the root route cannot be muted: put `{key}` into one of its `routes`")
    return reader.route(root, ("route",), inherited="", above=AT_ONCE, zone="")


def match_problems(match: Mapping[str, tuple[str, ...]], *more: str) -> Iterator[tuple[str, str]]:
    """Keys of conditions that are wrong, and why. Keys in ``more`` are known too."""
    for key, globs in match.items():
        if not known_match_key(key) and key not in more:
            known = (*MATCH_KEYS, *more, "labels.NAME")
            yield key, f"unknown match key `{key}`{nearest(key, known) or '; expected ' + ', '.join(known)}"
        if key == "severity":
            severities = [severity.value for severity in Severity]
            for glob in (each.removeprefix(NOT) for each in globs):
                if not any(sign in glob for sign in "*?[") and glob not in severities:
                    yield key, f"unknown severity `{glob}`{nearest(glob, severities)}"


def _span(ms: int) -> str:
    return show_duration(timedelta(milliseconds=ms))


def _below(route: RouteConfig) -> Iterator[RouteConfig]:
    for child in route.routes:
        yield child
        yield from _below(child)


@dataclass(frozen=True, slots=True)
class _Reader:
    receivers: Mapping[str, Receiver]
    intervals: Mapping[str, TimeInterval]
    secrets: Secrets

    def route(self, written: RouteConfig, place: Place, inherited: str, above: Pacing, zone: str) -> Route:
        """One node and what is below it."""
        zone = written.timezone or zone
        pacing = self._pacing(written, place, above, zone)
        receiver = written.receiver or inherited
        if written.receiver is not None and written.receiver not in self.receivers:
            self.secrets.wrong(
                (*place, "receiver"),
                f"no receiver is called `{written.receiver}`{nearest(written.receiver, self.receivers)}",
            )
        elif not receiver and not written.routes:
            self.secrets.wrong(place, "this route leads to no receiver: give it one, or its parent")
        for key, message in match_problems(written.match):
            self.secrets.wrong((*place, "match", key), message)
        self._check_digests(written, place, receiver, pacing)
        self._check_repeats(written, place, receiver, pacing)
        children = tuple(
            self.route(child, (*place, "routes", number), receiver, replace(pacing, schedule=None), zone)
            for number, child in enumerate(written.routes)
        )
        return Route(
            receiver=written.receiver or "",
            match=dict(written.match),
            go_on=written.continue_,
            pacing=pacing,
            updates=written.updates.over(ANY_UPDATES) if written.updates is not None else None,
            mute=self._intervals(written.mute_time_intervals, (*place, "mute_time_intervals")),
            locale=written.locale or "",
            timezone=written.timezone or "",
            active=self._intervals(written.active_time_intervals, (*place, "active_time_intervals")),
            routes=children,
        )

    def _pacing(self, written: RouteConfig, place: Place, above: Pacing, zone: str) -> Pacing:
        def inherited(span: timedelta | None, ms: int) -> int:
            return ms if span is None else round(span.total_seconds() * 1000)

        pacing = Pacing(
            group_by=above.group_by if written.group_by is None else written.group_by,
            wait_ms=inherited(written.group_wait, above.wait_ms),
            interval_ms=inherited(written.group_interval, above.interval_ms),
            throttle=above.throttle if written.throttle is None else written.throttle.allowed(),
            schedule=None if written.digest is None else written.digest.schedule(zone),
            repeat_ms=inherited(written.repeat_interval, above.repeat_ms),
        )
        if pacing.schedule is not None:
            for key in ("group_by", "group_wait", "group_interval", "repeat_interval", "throttle"):
                if getattr(written, key) is not None:
                    self.secrets.wrong(
                        (*place, key), f"a route with a `digest` tells at its hours only: remove `{key}`, or the digest"
                    )
        elif written.group_by not in (None, AT_ONCE.group_by) and not (pacing.wait_ms or pacing.interval_ms):
            paced = any(each.group_wait or each.group_interval for each in _below(written))
            if not paced:
                self.secrets.wrong(
                    (*place, "group_by"),
                    "nothing waits, so nothing is told together: add a `group_wait` or a `group_interval`, like 30s",
                )
        return pacing

    def _check_digests(self, written: RouteConfig, place: Place, receiver: str, pacing: Pacing) -> None:
        """What is told together comes as ``alert.digest``: a receiver must take these."""
        if pacing.at_once or receiver not in self.receivers or takes(self.receivers[receiver], DIGEST):
            return
        paced_by = [key for key in PACED_BY if getattr(written, key) is not None]
        if written.receiver is not None or paced_by:
            otherwise = (
                "give this route no `digest`"
                if pacing.schedule is not None
                else "give this route `group_wait: 0s` and `group_interval: 0s` and no throttle"
            )
            self.secrets.wrong(
                (*place, paced_by[0] if paced_by else "receiver"),
                f"`{receiver}` takes no {DIGEST}, which is how notices that waited are told together: add it to its "
                f"`events`, or {otherwise}",
            )

    def _check_repeats(self, written: RouteConfig, place: Place, receiver: str, pacing: Pacing) -> None:
        """What is told again comes as ``alert.updated``, and not while the group that it is in may not be told."""
        wanted = [key for key in ("repeat_interval", "receiver") if getattr(written, key) is not None]
        if not pacing.again_ms:
            return
        if pacing.interval_ms > pacing.again_ms and (written.repeat_interval or written.group_interval):
            self.secrets.wrong(
                (*place, "repeat_interval" if written.repeat_interval else "group_interval"),
                f"`repeat_interval` ({_span(pacing.again_ms)}) is shorter than `group_interval` "
                f"({_span(pacing.interval_ms)}), which its group waits for in any case: make it as long, or longer",
            )
        if wanted and receiver in self.receivers and not takes(self.receivers[receiver], UPDATED):
            self.secrets.wrong(
                (*place, wanted[0]),
                f"`{receiver}` takes no {UPDATED}, which is how a story is told again: add it to its `events`, or give "
                "this route `repeat_interval: 0s`",
            )

    def _intervals(self, names: tuple[str, ...], place: Place) -> tuple[TimeInterval, ...]:
        for name in names:
            if name not in self.intervals:
                there_are = f"there are: {', '.join(self.intervals)}" if self.intervals else "`time_intervals` has none"
                self.secrets.wrong(
                    place, f"no time interval is called `{name}`{nearest(name, self.intervals) or '; ' + there_are}"
                )
        return tuple(self.intervals[name] for name in names if name in self.intervals)
