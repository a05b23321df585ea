"""Entity files as people write them: names, demonyms, relations with their dates. Validated, every mistake placed.

What there are thousands of has slots: as models, which note the keys that were written, they would take four times the
memory.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic.dataclasses import dataclass

from processors.entities.inflect import ARABIC, TURKISH

Id = Annotated[str, StringConstraints(pattern=r"^(Q[1-9]\d*|rasid:[a-z0-9-]+)$")]
"""A Wikidata number; ``rasid:key`` where nobody has looked it up yet."""

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,79}$")]

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]

Phrase = Annotated[str, StringConstraints(pattern=r"\w")]
"""Words to look for: a letter or a digit at the least."""

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


_EXACTLY = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, config=_EXACTLY)
class NameForm:
    """One way to write a name. A plain string means a strong name with no conditions.

    Vowel marks in it are evidence: عُمَان is told from عَمَّان wherever a text has marks.
    """

    name: Phrase
    strong: bool = True
    """False: the word means other things too. It counts only with support in the article."""
    case: Literal["any", "exact"] = "any"
    blocked_by: Annotated[tuple[Phrase, ...], Field(alias="not")] = ()
    """Phrases around the word in which it is something else (``عرين الأسد``); ``…`` is up to two other words."""
    not_words: tuple[Phrase, ...] = ()
    """Whole written words that only look like it with a particle (``كبرى`` for بري)."""
    ka_fa: bool = False
    """True: ك and ف may stand before it although it has four letters or fewer (``فمصر``, never ``كبري``)."""
    needs: tuple[Phrase, ...] = ()
    """Support: one of these words, or ``@keys``, must be in the article. Another, strong name of the entity always
    supports it; without ``needs`` nothing else does."""
    unless: tuple[Phrase, ...] = ()
    """One of these words, or ``@keys``, in its paragraph says that it is something else (حيوانات, for the lion): then
    what it ``needs`` does not support it. Another, strong name of the entity still does."""
    beside: tuple[Phrase, ...] = ()
    """One of these words must stand within two words before it or right after it, besides what ``needs`` asks."""
    quoted: bool = False
    """True: it is this name only inside quotation marks («الرياض», the paper)."""

    @model_validator(mode="after")
    def _conditions_mean_something(self) -> "NameForm":
        for part in ("needs", "unless", "beside"):
            if self.strong and getattr(self, part):
                raise ValueError(f"a strong name asks for nothing: add `strong: no`, or remove `{part}`")
        if self.name in self.not_words:
            raise ValueError(f"`{self.name}` stands among its own `not_words` and would never be found: take it out")
        return self


@dataclass(frozen=True, slots=True, config=_EXACTLY)
class Demonyms:
    """Forms for the people and things of a place, each as written without ال, which they may carry."""

    regular: tuple[Phrase | NameForm, ...] = ()
    """Arabic and Turkish ones that take every ending as the rule has it (``inflect.py``); conditions hold for all."""
    masculine: tuple[Phrase | NameForm, ...] = ()
    feminine: tuple[Phrase | NameForm, ...] = ()
    plurals: tuple[Phrase | NameForm, ...] = ()
    dual: tuple[Phrase | NameForm, ...] = ()


@dataclass(frozen=True, slots=True, config=_EXACTLY)
class Relation:
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
            raise ValueError(f"ends ({self.end}) before it begins ({self.start}): exchange `from` and `to`")
        return self


@dataclass(frozen=True, slots=True, config=_EXACTLY)
class EntityEntry:
    """One entity."""

    id: Id
    key: Key
    kind: Kind
    names: dict[Language, list[Phrase | NameForm]]
    demonyms: dict[Language, list[Phrase | NameForm] | Demonyms] = Field(default={})
    relations: list[Relation] = Field(default=[])
    part_of: list[Key] = Field(default=[])

    @model_validator(mode="after")
    def _regular_where_there_is_a_rule(self) -> "EntityEntry":
        for language, demonyms in self.demonyms.items():
            for written in demonyms.regular if isinstance(demonyms, Demonyms) else ():
                name = written if isinstance(written, str) else written.name
                if language not in (ARABIC, TURKISH):
                    raise ValueError(f"`regular` has a rule for ar and tr, none for {language}: list the forms")
                if language == ARABIC and not name.endswith("ي"):
                    raise ValueError(
                        f"`regular` is for demonyms in ي: write `{name}` under masculine, feminine, plurals"
                    )
        return self


class Shield(BaseModel):
    """Neighbouring words that make a name part of another one: a university, a bank, a family."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    of: list[Literal["name", "capital", "surname", "person", "outlet"]]
    """What they shield: names of countries, names of capitals, demonyms that are read as family names, persons'
    names of one word (after a first name of somebody else), or countries behind the name of an outlet, of which
    ``preceded_by`` says what stands before its name."""
    preceded_by: list[Phrase] = []
    followed_by: list[Phrase] = []


class EntitiesFile(BaseModel):
    """A file of entities, of shields, or of both."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entities: list[EntityEntry] = []
    shields: list[Shield] = []
