"""``list:officials-egypt``, ``list:forces-egypt``: who speaks for a country and who fights for it, for every country.

Nobody writes these lists. When a query names one, it becomes a query: a title right beside the country's name or
demonym, but no former holder, or (officials only) somebody who speaks for it on the article's date. So it costs what
the titles cost, once for all countries, and a country of one's own has it too. A list written under the same name
takes its place. The titles are in ``offices.yaml``.
"""

import dataclasses
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from msgspec.structs import replace

from processors.model import Role
from processors.topics.names import Names
from processors.topics.query.tree import (
    And,
    AtLeast,
    Count,
    EntityRef,
    InField,
    ListRef,
    Near,
    Not,
    Or,
    Query,
    Weighted,
    Within,
)
from processors.topics.topic import ListFile, TermList, Topic
from processors.yaml_document import YamlDocument, load_yaml, nearest

OFFICES = ("officials", "forces")
"""The first word of the lists that every country has."""

_WITH_HOLDERS = "officials"
"""Of these also everybody who speaks for the country is one."""

_BESIDE = {
    "before_demonym": (Role.DEMONYM,),
    "before_name": (Role.NAME,),
    "before_capital": (Role.CAPITAL,),
    "after": (Role.NAME, Role.DEMONYM),
}
"""Where a title stands, and through what the country is named there."""

_FORMER = "~former"
_LIST = "list:"


def country_of(name: str, names: Names) -> str | None:
    """The id of the country whose list has this name; None where it is no such list."""
    office, _, key = name.partition("-")
    country = names.find(key)
    return country.id if office in OFFICES and country is not None and country.kind == "country" else None


@cache
def title_lists() -> Mapping[str, TermList]:
    """The lists that the queries of offices are made of; no name of theirs can be written in a query."""
    text = files(__package__).joinpath("offices.yaml").read_text(encoding="utf-8")
    document = load_yaml("builtin:offices.yaml", text)
    held = {_FORMER: ListFile(terms=document.data["former"])}
    for office in OFFICES:
        for place, terms in document.data[office].items():
            # Behind a title without ال the country's name is its genitive; with ال the sentence goes on.
            kept = {"bare": terms} if place == "before_name" else {"terms": terms}
            if place == "after":  # the s of «Egypt's president» is a word of its own
                kept = {"terms": {**terms, "en": [*terms["en"], *(f"s {title}" for title in terms["en"])]}}
            held[_titles(office, place)] = ListFile.model_validate({**kept, "not": document.data["not"]})
    return {name: TermList(name, file, YamlDocument(document.path, "", {})) for name, file in held.items()}


def with_offices(topic: Topic, written: Container[str], names: Names) -> Topic:
    """The topic with every list of an office as what it stands for; ``written`` lists stay."""

    queries = [query for query in (topic.match, topic.exclude) if query is not None]
    if not any(_LIST in query.source for query in queries):
        return topic  # nearly all where there are 225,000

    def change(node: Query) -> Query:
        if not isinstance(node, ListRef) or node.name in written or country_of(node.name, names) is None:
            return node
        return _office_query(node.name)

    exclude = topic.exclude and _changed(topic.exclude, change)
    return dataclasses.replace(topic, match=_clauses(topic.match, change), exclude=exclude)


def _clauses(query: Query, change: Callable[[Query], Query]) -> Query:
    """A clause stays one: what it stands for is an OR, which would be several of them."""
    if isinstance(query, Or):
        return replace(query, children=tuple(_clauses(child, change) for child in query.children))
    changed = _changed(query, change)
    office = isinstance(query, ListRef) and changed is not query
    return Weighted(query.at, query.source, 1, changed) if office else changed


NOWHERE = ": it is in none of the files that are read"
"""Said of a topic or a list that is referred to, where no name is near."""


def unknown_list(name: str, written: Iterable[str], names: Names) -> str:
    """What to say of a list that is neither written nor an office's: the reason, and the nearest name."""
    office, _, country = name.partition("-")
    countries = names.countries()
    if office in OFFICES:
        if names.find(country) is not None:
            return f"unknown list `list:{name}`: `@{country}` is no country, and only countries have {office}"
        close = nearest(country, countries).replace("`", f"`list:{office}-", 1)
        return f"unknown list `list:{name}`: no country is called `{country}`{close}"
    country, _, office = name.rpartition("-")
    if office in OFFICES and country in countries:
        return f"unknown list `list:{name}`, did you mean `list:{office}-{country}`?"
    return f"unknown list `list:{name}`{nearest(name, written) or NOWHERE}"


def _titles(office: str, place: str) -> str:
    return f"~{office}-{place}"


@cache
def _office_query(name: str) -> Query:
    """One value wherever it stands, so that what it looks for is looked for once."""
    at, source = 0, f"list:{name}"
    office, _, country = name.partition("-")

    def the(role: Role) -> Query:
        return EntityRef(at, source, country, role)

    def beside() -> Iterator[Query]:
        for place, roles in _BESIDE.items():
            if (name := _titles(office, place)) in title_lists():
                titles = ListRef(at, source, name)
                named = the(roles[0]) if len(roles) == 1 else Or(at, source, tuple(map(the, roles)))
                left, right = (named, titles) if place == "after" else (titles, named)
                yield Near(at, source, "ONEAR", 0, left, right, fused=True)

    titled = Near(at, source, "NOTNEAR", 0, Or(at, source, tuple(beside())), ListRef(at, source, _FORMER))
    return Or(at, source, (titled, the(Role.LEADER))) if office == _WITH_HOLDERS else titled


def _changed(query: Query, change: Callable[[Query], Query]) -> Query:
    match query:
        case And() | Or() | Within() | AtLeast():
            return replace(query, children=tuple(_changed(child, change) for child in query.children))
        case Near():
            return replace(query, left=_changed(query.left, change), right=_changed(query.right, change))
        case Not() | Count() | InField() | Weighted():
            return replace(query, child=_changed(query.child, change))
        case _:
            return change(query)
