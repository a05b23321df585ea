"""Make a tree that was read from another tool one that our language allows; what does not fit is left out and told."""

from processors.topics.check import says_what_it_wants
from processors.topics.imports.boolean import joined
from processors.topics.imports.imported import Report
from processors.topics.query.tree import (
    TEXT_FIELDS,
    And,
    InField,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Range,
    Regex,
    Term,
    Weighted,
)


def legal(query: Query, report: Report) -> Query | None:
    """The tree without what does not fit; None where nothing is left."""
    return _Fitting(report).fit(query, near="", field="", top=True)


class _Fitting:
    def __init__(self, report: Report) -> None:
        self.report = report

    def fit(self, query: Query, *, near: str, field: str, top: bool = False) -> Query | None:
        """``near``: the operator around that joins places; ``field``: the field around."""
        match query:
            case Or():
                return self._any(query, near, field, top)
            case And():
                return self._all(query, near, field)
            case Not():
                return self._not(query, near, field)
            case Near():
                return self._near(query, field)
            case InField():
                return self._in_field(query, near, field)
            case Weighted():
                return self._weighted(query, near, field, top)
            case Range() if near or field:
                self.report.lost(query.at, f"a range inside {near or f'{field}:'}: it is left out")
                return None
            case _:
                return query

    def _any(self, query: Or, near: str, field: str, top: bool) -> Query | None:
        kept = []
        for child in query.children:
            fitted = self.fit(child, near=near, field=field, top=top)
            if fitted is not None and not says_what_it_wants(fitted):
                self.report.lost(child.at, "NOT beside OR would hold for nearly every article: it is left out")
            elif fitted is not None:
                kept.append(fitted)
        return joined("OR", query.at, kept)

    def _all(self, query: And, near: str, field: str) -> Query | None:
        if field and field not in TEXT_FIELDS:
            self.report.lost(query.at, f"`{field}:` holds one value, AND cannot hold: it is read as OR")
            return self._any(Or(query.at, "", query.children), near, field, top=False)
        fitted = [self.fit(child, near=near, field=field) for child in query.children]
        return joined("AND", query.at, [each for each in fitted if each is not None])

    def _not(self, query: Not, near: str, field: str) -> Query | None:
        if near or (field and field not in TEXT_FIELDS):
            self.report.lost(query.at, f"NOT inside {near or f'{field}:'} is left out: write AND NOT around it")
            return None
        child = self.fit(query.child, near=near, field=field)
        if isinstance(child, Not):
            return child.child
        return Not(query.at, "", child) if child is not None else None

    def _near(self, query: Near, field: str) -> Query | None:
        if field and field not in TEXT_FIELDS:
            self.report.lost(query.at, f"{query.kind} inside `{field}:`, which holds one value: it is left out")
            return None
        left = self.fit(query.left, near=query.kind, field=field)
        right = self.fit(query.right, near=query.kind, field=field)
        if left is None or right is None:
            return right if left is None else left
        return Near(query.at, "", query.kind, query.distance, left, right)

    def _in_field(self, query: InField, near: str, field: str) -> Query | None:
        name = query.field
        if name in TEXT_FIELDS and (near or field):
            outer = f"`{field}:`" if field else near
            self.report.lost(query.at, f"`{name}:` inside {outer}: only its words are kept, in no field of their own")
            return self.fit(query.child, near=near, field=field)
        if near or field:
            self.report.lost(query.at, f"`{name}:` inside {near or f'`{field}:`'}: it is left out")
            return None
        child = self.fit(query.child, near=near, field=name)
        if child is not None and name not in TEXT_FIELDS:
            child = self._value(child, name)
        return InField(query.at, "", name, child) if child is not None else None

    def _value(self, query: Query, name: str) -> Query | None:
        match query:
            case Or():
                kept = [self._value(child, name) for child in query.children]
                return joined("OR", query.at, [each for each in kept if each is not None])
            case Regex() if name in ("domain", "lang"):
                self.report.lost(query.at, f"a wildcard in `{name}:` is left out: it needs none at its borders")
                return None
            case Term() | Phrase() | Regex():
                return query
            case _:
                self.report.lost(query.at, f"`{name}:` takes words and phrases: the rest is left out")
                return None

    def _weighted(self, query: Weighted, near: str, field: str, top: bool) -> Query | None:
        child = self.fit(query.child, near=near, field=field)
        if child is None or isinstance(child, Weighted):
            return child
        if top and not near and not field and query.weight >= 1:
            if query.weight > 1:
                told = f"the weight {query.weight:g} counts in the score; the threshold 1 lets every clause match alone"
                self.report.changed(query.at, told)
            return Weighted(query.at, "", query.weight, child)
        why = "below 1 a clause would not match alone" if top else "only a clause of the outermost OR has a weight"
        self.report.lost(query.at, f"the weight {query.weight:g} is left out: {why}")
        return child
