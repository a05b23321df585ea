"""Lists that nobody has to write, because they follow from a country: ``list:officials-egypt``, ``list:forces-egypt``.

They are made when a query names them, from the gazetteer in use, so that a country of one's own has them too. A list
written under the same name takes their place.
"""

from collections.abc import Iterable, Mapping

from processors.topics.names import Names
from processors.topics.topic import ListFile, TermList
from processors.yaml_document import YamlDocument, nearest

_WITH_HOLDERS = "officials"
"""Of these also everybody who speaks for the country on the article's date (``@egypt.leader``) is one."""


def made_lists(asked: Iterable[str], written: Mapping[str, TermList], names: Names) -> Mapping[str, TermList]:
    """Those of the lists asked for that are not written and can be made."""
    made = {name: made_list(name, names) for name in sorted({*asked} - written.keys())}
    return {name: held for name, held in made.items() if held is not None}


def made_list(name: str, names: Names) -> TermList | None:
    """The list of this name, as if somebody had written it; None where it is none of a known country."""
    office, _, country = name.partition("-")
    found = names.office_terms(office, country)
    if found is None:
        return None
    terms, lookalikes = found
    holders = [f"@{country}.leader"] if office == _WITH_HOLDERS else []
    file = ListFile.model_validate({"terms": terms, "not": lookalikes, "entities": holders})
    return TermList(name, file, YamlDocument(f"made:{name}", "", {}))


def unknown_list(name: str, written: Iterable[str], names: Names) -> str:
    """What to say of a list that is neither written nor made: the reason, and the nearest name."""
    office, _, country = name.partition("-")
    countries = names.countries()
    if office in names.offices():
        if names.find(country) is not None:
            return f"unknown list `list:{name}`: `@{country}` is no country, and only countries have {office}"
        close = nearest(country, countries).replace("`", f"`list:{office}-", 1)
        return f"unknown list `list:{name}`: no country is called `{country}`{close}"
    country, _, office = name.rpartition("-")
    if office in names.offices() and country in countries:
        return f"unknown list `list:{name}`, did you mean `list:{office}-{country}`?"
    return f"unknown list `list:{name}`{nearest(name, written)}"
