"""The span of an attempt: in the trace of the record that its delivery is about, whichever process makes it."""

from collections.abc import Callable

from msgspec.structs import replace

from alerts.dispatch.attempt_line import ids_of
from alerts.model import Attempt, Leased, Reply
from alerts.receiver import Receiver
from alerts.senders.sender import Sender
from daemon.tracing.span import Attribute, Span, SpanKind
from daemon.tracing.trace_context import TraceContext, read_traceparent, span_id


class TracedSender:
    """Sends as ``sender`` does. What it sends names the attempt as the parent of whatever the receiver does."""

    def __init__(self, sender: Sender, *, now_ns: Callable[[], int], tell: Callable[[Span], None]) -> None:
        self._sender = sender
        self._now_ns = now_ns
        self._tell = tell

    async def send(self, leased: Leased, receiver: Receiver) -> Attempt:
        """Make one request. Whatever the receiver does is an ``Attempt``, never an exception.

        A delivery without a trace, or with one that is not sampled, is sent as it is.
        """
        parent = read_traceparent(leased.delivery.trace)
        if parent is None or not parent.sampled:
            return await self._sender.send(leased, receiver)
        start_ns = self._now_ns()
        about = leased.delivery.id, str(leased.attempt), str(start_ns)  # a replay's attempts are numbered anew
        context = TraceContext(parent.trace, span_id("attempt", *about))
        traced = replace(leased, delivery=replace(leased.delivery, trace=context.header()))
        attempt = await self._sender.send(traced, receiver)
        self._tell(
            Span(
                name="deliver",
                kind=SpanKind.CLIENT,
                context=context,
                parent=parent,
                start_ns=start_ns,
                end_ns=self._now_ns(),
                attributes=_attributes(leased, receiver, attempt),
                failed=attempt.reply is not Reply.DELIVERED,
            )
        )
        return attempt


def _attributes(leased: Leased, receiver: Receiver, attempt: Attempt) -> dict[str, Attribute]:
    """Ids and closed sets. No address, no text of the body and none of the answer."""
    delivery = leased.delivery
    attributes: dict[str, Attribute] = {
        "rasid.delivery.id": delivery.id,
        "rasid.delivery.type": delivery.type,
        "rasid.receiver": receiver.name,
        "rasid.receiver.type": receiver.target.kind.value,
        "rasid.attempt": leased.attempt,
        "rasid.replay": leased.replay,
        "rasid.reply": attempt.reply.value,
        **{f"rasid.{name}.id": value for name, value in ids_of(delivery.body).items()},
    }
    if attempt.status:
        attributes["http.response.status_code"] = attempt.status
    if attempt.reply is not Reply.DELIVERED:
        attributes["error.type"] = attempt.error or str(attempt.status or attempt.reply.value)
    return attributes
