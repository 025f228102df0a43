"""How table 1 of clause 5.2 stands on the days of a roster: its margins, and the days on which they change."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from lianjing.core.viewer import Viewer
from lianjing.domain.compliance.judging import said
from lianjing.domain.compliance.looking_ahead import Span
from lianjing.domain.compliance.staff_ahead import staff_ahead
from lianjing.domain.compliance.what_if import Staffed, margins_told
from lianjing.domain.sites.in_service_ahead import service_ahead
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _

SEE = "compliance.see"
TOLD_AT_MOST = 3
"""So many days are told; the clause's page tells the others."""


def cover_told(viewer: Viewer, company_id: int, span: Span) -> list[Phrase]:
    """[] for who may not see it. As many queries for a month as for a day."""
    service = service_ahead(viewer, company_id, span.first, span.last) if viewer.scope(SEE).holds(company_id) else None
    if service is None:
        return []
    staff = staff_ahead(viewer, company_id, span, None)
    turns = span.turns({*service.counts, *staff.days(lambda person: (person.post, person.answer.eligible))})
    days = [span.first, *turns]
    counts = (
        Staffed(service.counted_on(day), Counter(one.post for one in staff.on(day) if one.answer.eligible))
        for day in days
    )
    return list(_told(zip(days, counts, strict=True)))


def _told(days: Iterable[tuple[date, Staffed]]) -> Iterable[Phrase]:
    """A line for each day on which a margin is another one."""
    shown: list[Phrase] = []
    for day, staffed in days:
        margins = margins_told(staffed)
        if not shown or margins != shown[-1]:
            shown.append(margins)
            if len(shown) <= TOLD_AT_MOST:
                yield said(_("%(day)s 起表 1 的余量：%(margins)s。"), day=str(day), margins=margins)
    if len(shown) > TOLD_AT_MOST:
        yield said(_("这些天里另有 %(count)d 次变化，见“将要变化”。"), count=len(shown) - TOLD_AT_MOST)
