"""What a decision says of one topic, in words: told to whom, kept from whom by what, held, or a repeat."""

from collections.abc import Sequence
from typing import Any

from alerts.notices.timestamp import rfc3339
from alerts.withholding import Withheld
from daemon.history.decision_line import JUDGED, Decision, Held, NotAgain, shown_grounds
from daemon.history.notice_fates import withheld_words
from daemon.history.reading import Answer, Reading


def of_decision(decision: Decision, topic: str) -> Reading:
    """The reading of the article that the decision is about, for a topic that it names."""
    score = next((each for each in decision.scores if each.topic == topic), None)
    matched = f"matched with score {score.score:g} ({', '.join(score.clauses)})" if score is not None else "matched"
    answer, says = _came_of(decision, topic)
    details = {
        "article": decision.article,
        "headline": decision.title,
        "origin": decision.origin,
        "story": decision.story,
        "relation": decision.relation,
        "of": decision.of,
        "because": decision.why_here(),
        "grounds": shown_grounds(decision),
        "score": score.score if score is not None else None,
        "clauses": list(score.clauses) if score is not None else [],
    }
    return Reading(decision.at, answer, f"{matched}, {says}", details, decision)


def _came_of(decision: Decision, topic: str) -> tuple[Answer, str]:
    told = [each for each in decision.told if each.topic == topic]
    names = [name for each in told for name in (*each.to, *each.later)]
    withheld = [each for notice in told for each in notice.withheld]
    kept_from = "; ".join(dict.fromkeys(withheld_words(each) for each in withheld))
    held = "; ".join(_held_words(each) for each in decision.held if each.topic == topic)
    beside = "".join(f"; {each}" for each in (kept_from, held) if each)
    if names:
        reasons = ", ".join(each.reason for each in told)
        turns = dict.fromkeys(turn for each in told for turn in each.waits)
        waits = "".join(f"; {name}'s route makes it wait ({wait})" for name, wait in turns)
        says = f"and led to a notice ({reasons}) for {', '.join(dict.fromkeys(names))}"
        return Answer.ALERTED, says + waits + beside
    if held:
        return Answer.HELD, f"and brought news of an alert that is known{beside}"
    if withheld:
        return Answer(withheld[0].why), f"and was told to nobody: {kept_from}"
    if told:
        return Answer.UNROUTED, "and no route sends its alert anywhere"
    of = f" by {decision.of}" if decision.of and decision.of != decision.article else ""
    because = f" because {'; '.join(decision.why_here())}" if decision.why_here() else ""
    again = "".join(f"; {_not_again_words(each)}" for each in decision.not_again if each.topic == topic)
    says = f"but joined story {decision.story}{of}{because}, and that was told of already: a repeat"
    return Answer.REPEAT, says + again


def _held_words(held: Held) -> str:
    """``language:fr waits for desk: the floor between updates ends at …``."""
    whom = f" for {', '.join(held.receivers)}" if held.receivers else ""
    end = f" ends at {rfc3339(held.until_ms)}, and" if held.until_ms else " has to pass:"
    verb = "waits" if len(held.reasons) == 1 else "wait"
    tells = "the first article of the story after it tells" + (" it" if len(held.reasons) == 1 else " them")
    return f"{', '.join(held.reasons)} {verb}{whom}: the floor between updates{end} {tells}"


def _not_again_words(kept: NotAgain) -> str:
    """``not told again to desk: somebody has judged it``."""
    why = "somebody has judged it" if kept.why == JUDGED else f"{kept.why} ({kept.by})"
    return f"not told again to {kept.receiver}: {why}"


def add_what_came_later(reading: Reading, decision: Decision, notices: Sequence[dict[str, Any]]) -> None:
    """What the article's own notices were withheld by when their turn came."""
    own = [each for each in notices if (each["article"], each["at"]) == (decision.article, rfc3339(decision.at))]
    late = [kept for each in own for kept in each["withheld"] if kept["at"]]
    if not late:
        return
    words = "; ".join(
        dict.fromkeys(withheld_words(Withheld(kept["receiver"], kept["why"], kept["by"])) for kept in late)
    )
    if any(each["receivers"] for each in own):
        reading.says += f"; when its turn came: {words}"
    else:
        reading.answer = Answer(late[0]["why"])
        reading.says += f"; when its turn came it was told to nobody: {words}"
