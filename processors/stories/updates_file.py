"""What a topic file, or a route of the configuration, says about updates."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from processors.duration import Duration
from processors.stories.reasons import DEVELOPMENTS, Reason, Updates
from processors.yaml_document import nearest

MOST_SOURCES = 40
"""As many independent sources of a story as are counted (``story.MAX_ORIGINS``)."""


def read_reason(written: object) -> Reason:
    """``ValueError`` names the nearest."""
    if written in DEVELOPMENTS:
        return Reason(str(written))
    if written == Reason.REPEAT:
        raise ValueError(f"unknown reason `{written}`: what is not new is told again by a route's `repeat_interval`")
    known = [reason.value for reason in DEVELOPMENTS]
    raise ValueError(f"unknown reason `{written}`{nearest(str(written), known) or ', expected ' + ', '.join(known)}")


def read_count(written: object) -> int:
    """``ValueError`` says which counts there are."""
    if isinstance(written, int) and not isinstance(written, bool) and 2 <= written <= MOST_SOURCES:
        return written
    raise ValueError(f"`{written}` is no count of sources: write numbers from 2 to {MOST_SOURCES}, like [3, 10, 30]")


def _several(written: Any) -> Any:
    return written if written is None or isinstance(written, list | tuple) else [written]


def _rising(counts: Sequence[int]) -> Sequence[int]:
    return sorted(set(counts))


_Reason = Annotated[
    Reason,
    BeforeValidator(read_reason),
    WithJsonSchema({"type": "string", "enum": [each.value for each in DEVELOPMENTS]}),
]
_Count = Annotated[
    int,
    BeforeValidator(read_count),
    WithJsonSchema({"type": "integer", "minimum": 2, "maximum": MOST_SOURCES}),
]


class UpdatesFile(BaseModel):
    """Keys that are left out keep what holds without them."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    on: Annotated[tuple[_Reason, ...] | None, BeforeValidator(_several)] = Field(
        default=None, description=f"Reasons that are told, of {', '.join(DEVELOPMENTS)}; `[]` is none."
    )
    sources: Annotated[tuple[_Count, ...] | None, BeforeValidator(_several)] = Field(
        default=None, description="How many independent sources are news, like `[3, 10, 30]`."
    )
    floor: Duration | None = Field(
        default=None, description="Between two updates of one alert; corrections do not wait."
    )

    def over(self, held: Updates) -> Updates:
        """``held``, with what is written here in its place."""
        return Updates(
            on=held.on if self.on is None else frozenset(self.on),
            sources=held.sources if self.sources is None else tuple(_rising(self.sources)),
            floor=held.floor if self.floor is None else self.floor,
        )
