"""How a language is called in a line of text, in Arabic and in English; others by their code."""

from collections.abc import Mapping

LANGUAGE_NAMES: Mapping[str, tuple[str, str]] = {
    "ar": ("العربية", "Arabic"),
    "de": ("الألمانية", "German"),
    "en": ("الإنجليزية", "English"),
    "es": ("الإسبانية", "Spanish"),
    "fa": ("الفارسية", "Persian"),
    "fr": ("الفرنسية", "French"),
    "he": ("العبرية", "Hebrew"),
    "it": ("الإيطالية", "Italian"),
    "ku": ("الكردية", "Kurdish"),
    "ckb": ("السورانية", "Sorani"),
    "ru": ("الروسية", "Russian"),
    "tr": ("التركية", "Turkish"),
    "ur": ("الأردية", "Urdu"),
    "zh": ("الصينية", "Chinese"),
}
