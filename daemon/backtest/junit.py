"""A backtest as JUnit XML, which every CI shows: a case for each topic, failed where the backtest says so."""

from collections.abc import Iterable, Mapping
from xml.etree import ElementTree as ET

_UNPRINTABLE = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(55296, 57344), 65534, 65535))
"""What XML 1.0 cannot hold."""


def junit(topics: Iterable[str], failures: Mapping[str, str], properties: Mapping[str, str]) -> str:
    """``failures`` are texts by topic; ``properties`` are the totals."""
    names = sorted({*topics, *failures})
    suite = ET.Element("testsuite", name="rasid backtest", tests=str(len(names)), failures=str(len(failures)))
    held = ET.SubElement(suite, "properties")
    for key, value in properties.items():
        ET.SubElement(held, "property", name=key, value=_clean(value))
    for name in names:
        case = ET.SubElement(suite, "testcase", classname="rasid.backtest", name=_clean(name))
        if name in failures:
            lines = _clean(failures[name])
            ET.SubElement(case, "failure", message=lines.partition("\n")[0]).text = lines
    ET.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suite, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    return text.translate(_UNPRINTABLE)
