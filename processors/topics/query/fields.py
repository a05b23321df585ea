"""What people who come from elsewhere call the fields of an article, and what is told of a field that is none."""

from processors.topics.query.text import told
from processors.topics.query.tree import FIELDS
from processors.yaml_document import nearest

ELSEWHERE = {
    "headline": "title",
    "عنوان": "title",
    "العنوان": "title",
    "ingress": "lead",
    "intro": "lead",
    "مقدمة": "lead",
    "content": "body",
    "fulltext": "body",
    "متن": "body",
    "نص": "text",
    "النص": "text",
    "المصدر": "source",
    "مصدر": "source",
    "outlet": "source",
    "media": "source",
    "byline": "author",
    "الكاتب": "author",
    "كاتب": "author",
    "site": "domain",
    "host": "domain",
    "موقع": "domain",
    "link": "url",
    "رابط": "url",
    "language": "lang",
    "لغة": "lang",
    "category": "section",
    "قسم": "section",
    "tag": "tags",
    "keyword": "tags",
    "وسم": "tags",
    "date": "published",
    "published_at": "published",
    "publish_date": "published",
    "تاريخ": "published",
    "length": "words",
    "wordcount": "words",
}
"""What other tools, and Arabic speakers, call our fields: named in errors, never read in silence."""


def unknown_field(name: str) -> str:
    """What is told of a field that is none."""
    if name.lower() in ("topic", "list"):
        example = f"{name.lower()}:football"
        return f"{told(f'{name}:')} needs a name right behind it, of small Latin letters, digits and hyphens: {example}"
    if name.lower() == "entity":
        return "an entity is written with @: @syria or @Q858"
    meant = ELSEWHERE.get(name.lower())
    if meant is not None:
        return f"unknown field {told(f'{name}:')}, did you mean `{meant}:`?"
    close = nearest(name[:40].lower(), FIELDS)
    if close:
        return f"unknown field {told(f'{name}:')}{close.replace('`?', ':`?')}"
    return f"unknown field {told(f'{name}:')}; the fields are {', '.join(f'`{each}:`' for each in FIELDS)}"
