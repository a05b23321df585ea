"""The JSON Schemas of updates, made from the opening's: they differ in what is new, and in nothing else."""

import copy
import json
from pathlib import Path
from typing import Any

from processors.stories.reasons import CORRECTIONS, Reason

SCHEMAS = Path(__file__).parent.parent / "alerts" / "schemas"

_DESCRIPTIONS = {
    "alert.updated": "A story that was told has something new, or goes on, for a stated reason. Sent to receivers that "
    "were sent its opening; data.delta is what is new since the notice before.",
    "alert.corrected": "The same where an article took something back, or where it is denied: no floor holds it back.",
}


def update_schema(type_: str) -> str:
    """The schema of ``alert.updated`` or ``alert.corrected``, as it is committed."""
    schema: dict[str, Any] = json.loads((SCHEMAS / "alert.opened.json").read_text(encoding="utf-8"))
    schema = copy.deepcopy(schema)
    schema |= {"$id": f"urn:rasid:schema:{type_}", "title": type_, "description": _DESCRIPTIONS[type_]}
    schema["properties"]["type"]["const"] = type_
    data = schema["properties"]["data"]
    alert = data["properties"]["alert"]["properties"]
    first = [each.value for each in Reason if (each in CORRECTIONS) == (type_ == "alert.corrected")]
    alert["reason"] = {"enum": first, "description": "The most telling one; data.delta.reasons has all"}
    alert["number"] = {"type": "integer", "minimum": 2, "description": "Which notice of this alert to this receiver"}
    alert["previous"] = {"type": "string", "pattern": "^[a-z2-7]{26}$", "description": "The notice before this one"}
    data["properties"] = {
        "alert": data["properties"]["alert"],
        "delta": _DELTA,
        **{key: value for key, value in data["properties"].items() if key != "alert"},
    }
    data["required"] = ["alert", "delta", *data["required"][1:]]
    schema["$defs"]["named"] = _NAMED
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _text(most: int, description: str = "", *, null: bool = False) -> dict[str, Any]:
    kind: dict[str, Any] = {"type": ["string", "null"] if null else "string", "maxLength": most}
    return kind | ({"description": description} if description else {})


def _listed(item: dict[str, Any], most: int, description: str) -> dict[str, Any]:
    return {"type": "array", "maxItems": most, "items": item, "description": description}


def _object(properties: dict[str, Any], description: str = "", *, null: bool = False) -> dict[str, Any]:
    kind: dict[str, Any] = {"type": ["object", "null"] if null else "object", "properties": properties}
    kind |= {"required": list(properties), "additionalProperties": False}
    return kind | ({"description": description} if description else {})


_COUNT = {"type": "integer", "minimum": 1}

_NAMED = _object({"id": _text(100), "arabic": _text(100, null=True), "latin": _text(100, null=True)})

_DELTA = _object(
    {
        "reasons": _listed(
            _object(
                {
                    "reason": {"enum": [each.value for each in Reason]},
                    "about": _text(100, "sources: how many; country, entity: its id; language: its code", null=True),
                }
            ),
            20,
            "Why it is told, the most telling first",
        )
        | {"minItems": 1},
        "independent_sources": _object({"was": _COUNT, "now": _COUNT}, "Reports at the notice before, and now"),
        "outlets": _listed({"$ref": "#/$defs/outlet"}, 8, "Outlets that carry it since, while the story has few"),
        "languages": _listed(_text(3), 8, "Languages it is told in since"),
        "countries": _listed({"$ref": "#/$defs/named"}, 12, "Countries that headlines name since"),
        "entities": _listed(
            {"$ref": "#/$defs/named"}, 12, "Persons, bodies, parties and armed groups that headlines name since"
        ),
        "figures": _object(
            {"was": _listed(_text(100), 12, "Gone"), "now": _listed(_text(100), 12, "New")},
            "Numbers in the headlines of edited articles, with what they count; null where none changed",
            null=True,
        ),
        "edited": _listed(_text(200), 12, "Ids of the articles that were edited, deny, or take something back"),
    },
    "What is new since the notice before",
)
