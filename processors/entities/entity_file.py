"""Entity files as people write them: names, demonyms, relations with their dates. Validated, every mistake placed."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Id = Annotated[str, StringConstraints(pattern=r"^(Q[1-9]\d*|rasid:[a-z0-9-]+)$")]
"""A Wikidata number; ``rasid:key`` where nobody has looked it up yet."""

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,79}$")]

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]

Kind = Literal[
    "country",
    "city",
    "person",
    "organisation",
    "party",
    "armed_group",
    "agency",
    "newspaper",
    "broadcaster",
    "club",
    "university",
    "bank",
    "place",
    "other",
]

RelationRole = Literal["president", "prime_minister", "monarch", "crown_prince", "minister", "official", "capital"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NameForm(_Part):
    """One way to write a name. A plain string means a strong name with no conditions."""

    name: str
    strong: bool = True
    """False: the word means other things too. It counts only with support in the article."""
    case: Literal["any", "exact"] = "any"
    blocked_by: Annotated[list[str], Field(alias="not")] = []
    """Phrases around the word in which it is something else (``عرين الأسد``)."""
    not_words: list[str] = []
    """Whole written words that only look like it with a particle (``كبرى`` for بري)."""
    needs: list[str] = []
    """Support: one of these words, or ``@keys``, must be in the article. None given: another name of the entity."""


class Demonyms(_Part):
    """Forms for the people and things of a place, each as written without ال."""

    masculine: list[str] = []
    feminine: list[str] = []
    plurals: list[str] = []
    dual: list[str] = []


class Relation(_Part):
    """What an entity is to another, and when. Periods of different holders may overlap."""

    role: RelationRole
    of: Key
    start: Annotated[date | None, Field(alias="from")] = None
    end: Annotated[date | None, Field(alias="to")] = None
    status: Literal["official", "acting", "de_facto", "rival"] = "official"
    side: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> "Relation":
        if self.start and self.end and self.start > self.end:
            raise ValueError(f"ends ({self.end}) before it begins ({self.start})")
        return self


class EntityEntry(_Part):
    """One entity."""

    id: Id
    key: Key
    kind: Kind
    names: dict[Language, list[str | NameForm]]
    demonyms: dict[Language, list[str] | Demonyms] = {}
    relations: list[Relation] = []
    part_of: list[Key] = []


class EntitiesFile(_Part):
    """A file of entities."""

    entities: list[EntityEntry]
