"""Our own words in the languages that a route may ask for. Headlines and quotes are never translated.

Worded so that no name or number has to agree with the words around it: ``Independent sources: 3``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from alerts.model import Severity, Wait
from processors.stories.reasons import Reason


@dataclass(frozen=True, slots=True)
class Words:
    """One language's."""

    right_to_left: bool
    kinds: Mapping[str, str]  # type of event → what it is; others are of the system
    digests: Mapping[str, str]  # reason of a digest → what it is; others are of a backlog
    system: str
    severities: Mapping[str, str]
    reasons: Mapping[str, str]  # of an update; ``{}`` is what it is about
    figures: str  # from ``{}`` to ``{}``
    published: str
    sources: str
    outlets: str
    more: str  # alerts that a digest does not show
    semicolon: str


ENGLISH = Words(
    right_to_left=False,
    kinds={
        "alert.opened": "New",
        "alert.updated": "Update",
        "alert.corrected": "Correction",
        "alert.digest": "Late alerts",
    },
    digests={
        Wait.GROUP: "Alerts",
        Wait.SCHEDULED: "Top stories",
        Wait.THROTTLED: "More alerts",
    },
    system="Rasid",
    severities={Severity.INFO: "Info", Severity.WARNING: "Important", Severity.CRITICAL: "Urgent"},
    reasons={
        Reason.RETRACTION: "corrected",
        Reason.DENIAL: "denied",
        Reason.FIGURES: "figures changed",
        Reason.SOURCES: "independent sources: {}",
        Reason.COUNTRY: "also {}",
        Reason.ENTITY: "also {}",
        Reason.LANGUAGE: "now also in another language: {}",
        Reason.REPEAT: "still going on",
    },
    figures="from {} to {}",
    published="Published",
    sources="Independent sources",
    outlets="Outlets",
    more="More",
    semicolon="; ",
)

ARABIC = Words(
    right_to_left=True,
    kinds={  # new, update, correction, late alerts
        "alert.opened": "جديد",
        "alert.updated": "تحديث",
        "alert.corrected": "تصحيح",
        "alert.digest": "تنبيهات متأخرة",
    },
    digests={  # alerts, top stories, more alerts
        Wait.GROUP: "تنبيهات",
        Wait.SCHEDULED: "أبرز الأخبار",
        Wait.THROTTLED: "تنبيهات أخرى",
    },
    system="راصد",  # the project's name
    severities={Severity.INFO: "للعلم", Severity.WARNING: "مهم", Severity.CRITICAL: "عاجل"},  # info, important, urgent
    reasons={  # corrected, denied, figures changed, independent sources, also mentioned, another language, reminder
        Reason.RETRACTION: "تصحيح",
        Reason.DENIAL: "نفي",
        Reason.FIGURES: "تغيرت الأرقام",
        Reason.SOURCES: "عدد المصادر المستقلة: {}",
        Reason.COUNTRY: "ورد أيضاً {}",
        Reason.ENTITY: "ورد أيضاً {}",
        Reason.LANGUAGE: "بلغة أخرى: {}",
        Reason.REPEAT: "تذكير",
    },
    figures="من {} إلى {}",
    published="نُشر",
    sources="مصادر مستقلة",
    outlets="وسائل إعلام",
    more="غيرها",  # others
    semicolon="؛ ",
)

FRENCH = Words(
    right_to_left=False,
    kinds={
        "alert.opened": "Nouveau",
        "alert.updated": "Mise à jour",
        "alert.corrected": "Rectification",
        "alert.digest": "Alertes en retard",
    },
    digests={
        Wait.GROUP: "Alertes",
        Wait.SCHEDULED: "À la une",
        Wait.THROTTLED: "Autres alertes",
    },
    system="Rasid",
    severities={Severity.INFO: "Info", Severity.WARNING: "Important", Severity.CRITICAL: "Urgent"},
    reasons={
        Reason.RETRACTION: "rectifié",
        Reason.DENIAL: "démenti",
        Reason.FIGURES: "chiffres modifiés",
        Reason.SOURCES: "sources indépendantes : {}",
        Reason.COUNTRY: "aussi {}",
        Reason.ENTITY: "aussi {}",
        Reason.LANGUAGE: "aussi dans une autre langue : {}",
        Reason.REPEAT: "toujours en cours",
    },
    figures="de {} à {}",
    published="Publié",
    sources="Sources indépendantes",
    outlets="Médias",
    more="Autres",
    semicolon=" ; ",
)

TURKISH = Words(
    right_to_left=False,
    kinds={
        "alert.opened": "Yeni",
        "alert.updated": "Güncelleme",
        "alert.corrected": "Düzeltme",
        "alert.digest": "Geciken uyarılar",
    },
    digests={
        Wait.GROUP: "Uyarılar",
        Wait.SCHEDULED: "Öne çıkan haberler",
        Wait.THROTTLED: "Diğer uyarılar",
    },
    system="Rasid",
    severities={Severity.INFO: "Bilgi", Severity.WARNING: "Önemli", Severity.CRITICAL: "Acil"},
    reasons={
        Reason.RETRACTION: "düzeltildi",
        Reason.DENIAL: "yalanlandı",
        Reason.FIGURES: "rakamlar değişti",
        Reason.SOURCES: "bağımsız kaynaklar: {}",
        Reason.COUNTRY: "ayrıca {}",
        Reason.ENTITY: "ayrıca {}",
        Reason.LANGUAGE: "başka bir dilde: {}",
        Reason.REPEAT: "hâlâ sürüyor",
    },
    figures="önce {}, şimdi {}",
    published="Yayımlanma",
    sources="Bağımsız kaynaklar",
    outlets="Yayın organları",
    more="Diğerleri",
    semicolon="; ",
)

LOCALES: Mapping[str, Words] = {"ar": ARABIC, "en": ENGLISH, "fr": FRENCH, "tr": TURKISH}
"""By the code that a configuration names."""
