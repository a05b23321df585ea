"""What a history may contain, and the rules of the protocol that may be left out of it on purpose."""

from dataclasses import dataclass

LEFT_OUT = {
    "gap": "ADMIT takes a batch that begins beyond the checkpoint",
    "low": "the checkpoint is committed as `low`, whatever is unfinished",
    "idle": "a checkpoint behind our position is not followed back",
    "checkpoint": "what was read is committed, whether the store has it or not",
    "start": "reading begins at the source's commit, and the checkpoint follows",
    "one_step": "story memory and deliveries are written in two steps",
    "outbox": "the outbox is trimmed",
    "pins": "a repeat does not pin its record",
    "version": "ADMIT takes decisions that rest on another memory",
    "recover": "RECOVER replaces what stands",
    "below": "records below the checkpoint are taken again",
    "head": "any delivery of a lane may be lent, not only its head",
    "incarnation": "ADMIT takes batches that were read under another incarnation",
    "commit_guard": "positions are committed although the incarnation is not ours",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """One history's."""

    faithful: bool  # the store keeps what it acknowledged
    vanishes: bool  # retention passes records that are still needed
    retention: bool  # the beginning of the log moves
    grows: bool  # another partition appears
    processes: int
    roughness: float  # how much goes wrong
    always: bool  # each write is on disk before it is acknowledged
    updates: bool  # articles have languages and are edited
    without: str = ""

    @property
    def kind(self) -> str:
        """For people."""
        return ("faithful" if self.faithful else "lossy") + (" vanishing" if self.vanishes else "")


def rules_of(seed: int, without: str = "") -> Rules:
    """A seed says all: three in ten histories have a store that keeps its word, one in ten a source that does not."""
    ten = seed % 10
    faithful = ten < 3
    return Rules(
        faithful=faithful,
        vanishes=ten in (2, 9),
        retention=ten in (1, 2, 3, 4, 5, 9),
        grows=seed % 7 == 0,
        processes=2 + (seed % 3 == 0),
        roughness=(1.0, 0.5, 0.2)[seed // 10 % 3],
        always=faithful or seed % 5 == 0,
        updates=seed % 2 == 1,
        without=without,
    )
