"""What a notice on a paced route would wait for, in a line for a person. Pure."""

from datetime import datetime, timedelta

from alerts.pacing.pacing import Pacing
from processors.duration import show_duration


def pacing_words(pacing: Pacing, now_ms: int, *, urgent: bool) -> str:
    """``waits 30s for others of its story; then at most every 5m``; nothing where it is told at once."""
    if pacing.schedule is not None:
        next_s = pacing.schedule.next_ms(now_ms) / 1000
        at = datetime.fromtimestamp(next_s, pacing.schedule.zone)
        return f"in the digest of {pacing.schedule.written}, next at {at:%Y-%m-%d %H:%M} there"
    said = []
    by = " and ".join(pacing.group_by).replace("...", "alert") or "receiver"
    if pacing.wait_ms and urgent:
        said.append("urgent: waits for no others")
    elif pacing.wait_ms:
        said.append(f"waits {_span(pacing.wait_ms)} for others of its {by}")
    if pacing.interval_ms:
        said.append(f"each {by} no sooner than {_span(pacing.interval_ms)} after it was told")
    if (throttle := pacing.throttle) is not None:
        what = "of its topic" if throttle.by_topic else "in all"
        said.append(f"at most {throttle.most} {what} in each {_span(throttle.per_ms)}, the rest in a digest")
    if pacing.again_ms:
        said.append(f"again when nothing was told for {_span(pacing.again_ms)} and another article of its story comes")
    return "; ".join(said)


def _span(ms: int) -> str:
    return show_duration(timedelta(milliseconds=ms))
