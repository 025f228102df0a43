"""The ways out that are built in: mail, a signed HTTP post, and the simulated one. Docs: docs/operations/messages.md.

What an adapter says of a failure is shown and recorded, so it never repeats an address or an answer word by word.
"""

import hashlib
import hmac
import http.client
import json
import time
import urllib.error
import urllib.request
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from lianjing.domain.deliveries.ports import Letter, NotSent

TIMEOUT_SECONDS = 10
ANSWER_LIMIT = 10_000
"""Bytes of an answer that are read."""
HOPELESS = frozenset({400, 404, 405, 410, 413, 422})
"""The gateway has understood, and will say the same again. 401 and 403 are not here: a secret gets mended."""


class NotConnected:
    """A channel whose setting was taken away while messages waited."""

    def send(self, letter: Letter) -> str:
        raise NotSent(_("这个通道没有接通。"))


class Simulated:
    """模拟: of a demo company. Nothing leaves the house."""

    def send(self, letter: Letter) -> str:
        return f"simulated-{letter.id}"


class MailSender:
    """By Django's own mail and the server of LIANJING_SMTP_URL."""

    def send(self, letter: Letter) -> str:
        subject = " ".join((letter.subject or letter.body[:40]).split())
        if letter.maybe_twice:
            subject = _("（可能重复）%(subject)s") % {"subject": subject}
        # The same at every attempt, so that a mailbox can tell a repeat.
        message_id = f"<delivery.{letter.id}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>"
        mail = EmailMessage(subject, letter.body, None, [letter.address], headers={"Message-ID": message_id})
        try:
            mail.send()
        except SMTPRecipientsRefused as wrong:
            codes = sorted({code for code, _text in wrong.recipients.values()})
            told = _("收件服务器拒绝了收件人（%(codes)s）。") % {"codes": "、".join(map(str, codes))}
            raise NotSent(told, hopeless=all(500 <= code < 600 for code in codes)) from wrong
        except SMTPResponseException as wrong:
            raise NotSent(_("邮件服务器答复 %(code)d。") % {"code": wrong.smtp_code}) from wrong
        except (OSError, SMTPException) as wrong:
            raise NotSent(_("邮件服务器无法使用（%(kind)s）。") % {"kind": type(wrong).__name__}) from wrong
        return message_id


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A signed message goes where it was told to, and nowhere else."""

    def redirect_request(self, *_args: object, **_more: object) -> None:
        return None


class WebhookSender:
    """POSTs JSON, signed. With an empty `url` the letter's own address is where it goes."""

    def __init__(self, url: str, secret: str) -> None:
        self._url, self._secret = url, secret
        # No proxy of the environment: what is sent is personal, and goes straight to the gateway.
        self._opener = urllib.request.build_opener(_NoRedirects(), urllib.request.ProxyHandler({}))

    def send(self, letter: Letter) -> str:
        body = json.dumps(payload(letter), ensure_ascii=False).encode()
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "lianjing",
            "X-Lianjing-Timestamp": stamp,
            "X-Lianjing-Signature": f"sha256={signature(self._secret, stamp, body)}",
            "X-Lianjing-Delivery": str(letter.id),
        }
        request = urllib.request.Request(self._url or letter.address, body, headers, method="POST")  # noqa: S310 checked where it comes from
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return _number_in(answer.read(ANSWER_LIMIT))
        except urllib.error.HTTPError as wrong:
            wrong.close()
            told = _("网关答复 HTTP %(code)d。") % {"code": wrong.code}
            raise NotSent(told, hopeless=wrong.code in HOPELESS) from wrong
        except TimeoutError as wrong:
            raise NotSent(_("网关 %(seconds)d 秒内没有答复。") % {"seconds": TIMEOUT_SECONDS}) from wrong
        except (OSError, http.client.HTTPException, ValueError) as wrong:
            raise NotSent(_("无法连接网关（%(kind)s）。") % {"kind": _kind(wrong)}) from wrong


def payload(letter: Letter) -> dict[str, object]:
    """What a gateway gets; docs/operations/messages.md tells the same."""
    return {
        "id": letter.id,
        "attempt": letter.attempt,
        "channel": letter.channel,
        "to": letter.address,
        "subject": letter.subject,
        "text": letter.body,
        "purpose": letter.purpose,
        "maybe_repeated": letter.maybe_twice,
    }


def signature(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA256 over timestamp, a full stop and the body, in hexadecimal."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _number_in(answer: bytes) -> str:
    """The gateway's number of the message, when its answer is JSON that has one under `id`."""
    try:
        told = json.loads(answer)
    except ValueError:
        return ""
    number = told.get("id", "") if isinstance(told, dict) else ""
    return str(number) if isinstance(number, str | int) else ""


def _kind(wrong: Exception) -> str:
    reason = getattr(wrong, "reason", wrong)
    return type(reason if isinstance(reason, Exception) else wrong).__name__
