"""Mails what is due in each company: the digest of the work-list to its managers, reminders to whoever is asked for
evidence, or has to read a document."""

import logging

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from lianjing.core.viewer import System
from lianjing.domain.companies.queries import companies
from lianjing.domain.compliance.reminding import send_reminders
from lianjing.domain.documents.reading_reminders import send_reading_reminders
from lianjing.domain.reports.work_digest import send_digest

log = logging.getLogger(__name__)

WORKER, REMINDER, LIBRARIAN = System("work-list"), System("evidence"), System("documents")
SENDERS = ((send_digest, WORKER), (send_reminders, REMINDER), (send_reading_reminders, LIBRARIAN))


def turn() -> int:
    """Always 0: what was not due is asked again later. One company's failure keeps no other from its mail."""
    for company in companies(WORKER):
        for send, worker in SENDERS:
            try:
                send(company.pk, by=worker, at=timezone.now(), source=worker.name)
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                log.exception("%s of company %d failed; it is tried again", worker.name, company.pk)
    return 0
