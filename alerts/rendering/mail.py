"""An event as a mail. Pure: the same delivery is the same bytes, so that a repeat has the same Message-ID too."""

import html
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from alerts.model import Delivery, Severity
from alerts.rendering.event import Event, text_of
from alerts.rendering.message import RIGHT_TO_LEFT, Message
from alerts.target import Email

# A subject that mail programs show whole; what is longer stands in the text.
_SUBJECT_CHARS = 300


def mail_of(event: Event, message: Message, delivery: Delivery, target: Email) -> bytes:
    """The whole mail, headers and both parts (plain text and HTML), with line ends as SMTP has them."""
    domain = domain_of(target.sender)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = target.sender, ", ".join(target.to)
    mail["Subject"] = message.title[:_SUBJECT_CHARS]
    mail["Date"] = format_datetime(datetime.fromtimestamp(delivery.created_ms // 1000, UTC))
    mail["Message-ID"] = f"<{delivery.id}@{domain}>"
    if alert := text_of(event.part("alert").get("id")):
        mail["References"] = f"<{alert}@{domain}>"  # mail programs show all notices of an alert as one conversation
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence is answered to us
    if message.severity == Severity.CRITICAL:
        mail["Importance"], mail["X-Priority"] = "high", "1"
    # base64: no line of text is too long for a mail server, and what comes out does not depend on the text.
    mail.set_content(f"{message.title}\n\n{message.text}\n", cte="base64")
    mail.add_alternative(message.page or _html(message), subtype="html", cte="base64")
    mail.set_boundary(f"=_{delivery.id}")  # the library would draw one
    return mail.as_bytes()


def domain_of(sender: str) -> str:
    """The part after the ``@`` of whoever writes."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


def _html(message: Message) -> str:
    if message.body is not None:  # a template's text: each of its lines finds its own direction
        shown = "".join(
            f'<div dir="auto">{html.escape(line) or "&nbsp;"}</div>\n' for line in message.body.splitlines()
        )
        return f'<!DOCTYPE html>\n<html><meta charset="utf-8"><body>\n{shown}</body></html>\n'
    direction = "rtl" if message.title.startswith(RIGHT_TO_LEFT) else "ltr"
    title, lines = html.escape(message.title), [html.escape(line) for line in message.lines]
    paragraphs = [f"<p><strong>{title}</strong></p>", *(f"<p>{line}</p>" for line in lines)]
    if message.url:
        url = html.escape(message.url)
        paragraphs.append(f'<p dir="ltr" style="text-align:start"><a href="{url}">{url}</a></p>')
    inside = "\n".join(paragraphs)
    head = f'<!DOCTYPE html>\n<html dir="{direction}"><meta charset="utf-8"><body dir="{direction}">'
    return f"{head}\n{inside}\n</body></html>\n"
