"""What is promised of updates: each reason once, in turn, none lost."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from processors.stories.rows import story_row
from tests.simulation.stories import Key

if TYPE_CHECKING:
    from tests.simulation.world import World


@dataclass(frozen=True, slots=True)
class Notice:
    """One that a receiver got, in the order of their coming."""

    key: Key
    alert: str
    id: str
    number: int
    previous: str | None
    reasons: tuple[str, ...]
    languages: frozenset[str]  # of the story, as it says


def key_of(data: dict[str, Any], receiver: str) -> Key:
    """What a body tells, and whom."""
    return int(data["article"]["id"].split("-")[0]), data["alert"]["topics"][0]["id"], receiver


def notices_of(world: "World") -> Sequence[Notice]:
    """Each delivery that came, once; after a loss it may come again with another body, which counts too."""
    found = []
    for receipt in {(each.delivery, each.body): each for each in reversed(world.receipts)}.values():
        data = msgspec.json.decode(receipt.body)["data"]
        alert = data["alert"]
        found.append(
            Notice(
                key=key_of(data, receipt.receiver),
                alert=alert["id"],
                id=alert["notice"],
                number=alert["number"],
                previous=alert["previous"],
                reasons=_reasons(data.get("delta")),
                languages=frozenset(data["story"]["languages"]),
            )
        )
    return found


def unheard(world: "World", notices: Iterable[Notice]) -> list[str]:
    """Languages of a topic without a floor that a receiver never heard of, although the source had their articles."""
    heard: defaultdict[Key, set[str]] = defaultdict(set)
    for notice in notices:
        heard[notice.key] |= notice.languages
    problems = []
    for (key, language), records in world.spoken.items():
        there = [each for each in records if not (world.rules.vanishes and each in world.passed)]
        if key[1] == "first" and there and language not in heard[key]:
            problems.append(f"nobody told {key} of {language}, of {sorted(there)}")
    return problems


def in_turn(world: "World", notices: Iterable[Notice]) -> list[str]:
    """While the store keeps its word: the notices of an alert are one chain for each receiver, as long as the store
    says, and no reason is in it twice."""
    chains: defaultdict[tuple[Key, str], list[Notice]] = defaultdict(list)
    for notice in notices:
        chains[notice.key, notice.alert].append(notice)
    lengths = _lengths(world)
    problems = []
    for (key, alert), chain in chains.items():
        chain.sort(key=lambda notice: notice.number)
        numbers = [notice.number for notice in chain]
        if numbers != list(range(1, len(chain) + 1)):
            problems.append(f"notices {numbers} of {key}")
        if [notice.previous for notice in chain] != [None, *(notice.id for notice in chain[:-1])]:
            problems.append(f"a notice of {key} follows another than it says")
        twice = [
            reason for reason, times in Counter(each for one in chain for each in one.reasons).items() if times > 1
        ]
        if twice:
            problems.append(f"told {key} twice of {twice}")
        if len(chain) not in lengths[alert]:
            problems.append(f"{len(chain)} notices of {key} came, the store told {lengths[alert]}")
    return problems


def _reasons(delta: dict[str, Any] | None) -> tuple[str, ...]:
    if delta is None:
        return ()
    figures = [f"figures {figure}" for figure in (delta["figures"] or {"now": []})["now"]]
    named = [f"{each['reason']} {each['about']}" for each in delta["reasons"] if each["about"]]
    return (*named, *figures)


def _lengths(world: "World") -> dict[str, list[int]]:
    """By alert, how many notices each of its receivers was told, as the stories have it."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for bucket in world.store.state.memory.values():
        for field, row in bucket.items():
            if field.startswith("s:") and (story := story_row(row)) is not None:
                for state in story.alerts.values():
                    found[state.alert] += [reader.notices for reader in state.readers]
    return found
