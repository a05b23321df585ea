"""The log's line of a notice that an article led to, with the ids that lead on: article, story, alert, deliveries."""

from collections.abc import Sequence

import structlog

from alerts.admission.admission import RecordEffects
from alerts.dispatch.attempt_line import in_trace
from alerts.ids import delivery_id
from daemon.history.decision_line import read_decision

log = structlog.get_logger()


def tell_of(effects: Sequence[RecordEffects]) -> None:
    """One line for each notice that somebody gets. What nobody gets is in the decision log alone (`rasid why`)."""
    for each in effects:
        if not each.deliveries and not each.pending:
            continue
        if (decision := read_decision(each.decision)) is None:
            continue
        for told in decision.told:
            if told.to or told.later:
                log.info(
                    "told",
                    topic=told.topic,
                    reason=told.reason,
                    article=decision.article,
                    story=decision.story,
                    alert=told.alert,
                    deliveries={receiver: delivery_id(receiver, told.notice) for receiver in told.to},
                    later=list(told.later),
                    **in_trace(decision.trace),
                )
