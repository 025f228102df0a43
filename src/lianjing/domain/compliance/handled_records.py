"""Acts that rules count from the sealed records, and their news: nobody who writes one has to remember the rules."""

from collections.abc import Sequence
from datetime import datetime

from lianjing.core.outbox.write import News, emit
from lianjing.core.viewer import INSTALLATION, Viewer
from lianjing.domain.records.actions import Deed
from lianjing.domain.records.policy import ERASED

REVEALED = ("staff.identity_revealed",)
TAKEN_OUT = ("workbook.exported", "callcards.taken", "compliance.report_made", "register.exported")
HANDLED, GONE = "records.handled", "records.erased"


def tell_handled(deeds: Sequence[Deed], by: Viewer, at: datetime) -> None:
    """Called with every recorded act (`apps.py`). An order to erase is the installation's: its news is everybody's."""
    counted = {deed.company_id for deed in deeds if deed.action in (*REVEALED, *TAKEN_OUT)}
    news = [News(HANDLED, company_id, {}) for company_id in sorted(one for one in counted if one is not None)]
    news += [News(GONE, INSTALLATION, {})] if any(deed.action == ERASED for deed in deeds) else []
    emit(news, at=at)
