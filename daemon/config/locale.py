"""Languages of our own words, and time zones, as they are written in the configuration file."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator

from alerts.rendering.words import LOCALES


def known_locale(locale: str) -> str:
    """One of the languages of our own words."""
    if locale not in LOCALES:
        raise ValueError(f"`{locale}` is none of our languages: write one of {', '.join(LOCALES)}")
    return locale


def known_zone(name: str) -> str:
    """A time zone that this machine knows."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise ValueError(f"`{name}` is no time zone: write one like Africa/Cairo") from error
    except KeyError as error:
        raise ValueError(f"`{name}` is no time zone that this machine knows: write one like Africa/Cairo") from error
    return name


Locale = Annotated[str, AfterValidator(known_locale)]
Zone = Annotated[str, AfterValidator(known_zone)]
