"""JSON Schemas of topic, list and entity files: what an editor completes, explains and underlines while one writes.

Made from the same models that read the files; only the descriptions are written here, for people.
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel

from processors.entities.entity_file import EntitiesFile
from processors.topics.topic import File

SchemaName = Literal["topics", "entities"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_MOMENT = {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}

DESCRIPTIONS: Mapping[str, Mapping[str, str]] = {
    "File": {
        "topics": "What is watched, by name. Names have small Latin letters, digits and hyphens.",
        "lists": "Words that a query may name together as list:name.",
    },
    "TopicFile": {
        "title": "Its name for people, by language: {ar: …, en: …}",
        "match": "The query. Write `match: |` and the query below it, indented: quotes and colons need no care then.",
        "threshold": "Score that the clauses which hold must reach together. Without it 1: any clause is enough.",
        "exclude": "A query. Where it holds, the topic does not match, whatever its score. For instance topic:football",
        "severity": "info, warning or critical: routes may ask for it.",
        "labels": "Names and values for routes and receivers: {desk: economy}",
        "timezone": "For dates in published:[…] and in tests: Africa/Cairo",
        "enabled": "false: read and checked, but it matches only where other topics refer to it.",
        "updates": "Which developments of a story that was told are told, and how often.",
        "tests": "Examples that it must match, or must not. Run by `rasid check` and at every reload.",
        "lint": "Findings of `rasid lint` that are right all the same.",
    },
    "UpdatesFile": {
        "on": "Reasons to tell a story again. Without it all of them; [] is none: one alert a story and no more.",
        "sources": "How many independent sources are news: [3, 10, 30]",
        "floor": "At least so long between two updates of one alert: 15m. Corrections and denials do not wait.",
    },
    "TopicTest": {
        "text": "The body of the article.",
        "title": "Its headline.",
        "source": "Who published it.",
        "lang": "Its language: ar, en, fr, tr …",
        "published_at": "A date or a time, in the topic's time zone: names of leaders go by it.",
        "expect": "match or no_match",
        "why": "For whoever reads this later.",
    },
    "ListFile": {
        "title": "Its name for people, by language.",
        "terms": "Words and phrases by language. Particles, ال and pronouns are found without being written.",
        "verbs": "Words that may also carry س before them, by language.",
        "bare": "Words, by language, that take particles, and neither ال nor pronouns.",
        "not": "Phrases, by language, in which the terms mean something else and do not count.",
        "entities": 'Names that are known: ["@syria", "@egypt.leader"]',
        "lint": "Findings of `rasid lint` that are right all the same.",
    },
    "Lint": {"ignore": "Code → the reason why it does not apply here: {RSD103: the animal is meant}"},
    "EntitiesFile": {
        "entities": "People, places and bodies with their names.",
        "shields": "Neighbouring words that make a name part of another one.",
    },
    "EntityEntry": {
        "id": "Its Wikidata number (Q858), or rasid:key where nobody has looked it up.",
        "key": "What queries call it: @key",
        "kind": "What it is.",
        "names": "Its names by language. A plain string is a name that means nothing else.",
        "demonyms": "Forms for its people and things, by language, without ال.",
        "relations": "What it is to others, and when.",
        "part_of": "Keys of what it belongs to.",
    },
    "NameForm": {
        "name": "The name as it is written. Vowel marks in it are evidence.",
        "strong": "no: the word means other things too, and counts only with support in the article.",
        "case": "exact: capital and small letters as written (US, WHO).",
        "not": "Phrases in which it is something else; … is up to two other words.",
        "not_words": "Whole written words that only look like it with a particle.",
        "needs": "One of these words or @keys must be in the article.",
        "unless": "One of these words, or @keys, in its paragraph says that it is something else.",
        "beside": "One of these words must stand within two words before it, or right after it.",
        "ka_fa": "yes: ك and ف may stand before it although it is short.",
        "quoted": "yes: it is this name only inside quotation marks.",
    },
    "Demonyms": {
        "regular": "Arabic and Turkish ones that take every ending as the rule has it: سوري",
        "masculine": "سوري",
        "feminine": "سورية",
        "plurals": "سوريون, سوريين",
        "dual": "سوريان, سوريتان",
    },
    "Relation": {
        "role": "The office, or capital.",
        "of": "Key of the country or body.",
        "from": "First day of it.",
        "to": "Last day of it.",
        "status": "How the office is held.",
        "side": "Which of several sides it speaks for.",
    },
    "Shield": {
        "of": "What they shield: names of countries, names of capitals, or family names.",
        "preceded_by": "Words before the name.",
        "followed_by": "Words after the name.",
    },
}

_ROOTS: Mapping[SchemaName, tuple[type[BaseModel], str]] = {
    "topics": (File, "Rasid: topics and lists"),
    "entities": (EntitiesFile, "Rasid: entities"),
}


def schema_of(name: SchemaName) -> dict[str, Any]:
    """The schema of a file with topics and lists, or of one with entities."""
    root, title = _ROOTS[name]
    schema: dict[str, Any] = root.model_json_schema(by_alias=True)
    _described(schema, root.__name__)
    for model, definition in schema.get("$defs", {}).items():
        _described(definition, model)
    return {"$schema": DIALECT, **schema, "title": title}


def _described(definition: dict[str, Any], model: str) -> None:
    """Descriptions for people in the place of those for programmers; dates as people write them."""
    definition.pop("description", None)
    _close(definition)
    for key, value in definition.get("properties", {}).items():
        value.pop("title", None)
        value["description"] = DESCRIPTIONS.get(model, {}).get(key, "")
        if key in ("from", "to"):
            value.pop("anyOf", None)
            value["type"] = ["string", "null"]
            value["format"] = "date"
        elif key == "published_at":
            value.pop("anyOf", None)
            value |= _MOMENT


def _close(part: Any) -> None:
    """Names that fit no pattern are mistakes, as they are when the file is read."""
    if isinstance(part, dict):
        if "patternProperties" in part:
            part["additionalProperties"] = False
        for value in part.values():
            _close(value)
    elif isinstance(part, list):
        for value in part:
            _close(value)
