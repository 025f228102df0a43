"""Reading hand-overs: those that wait for a signature, the list, and one with all that was signed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianjing.core.viewer import Viewer, person_id, visible
from lianjing.domain.incidents.hand_over_policy import Signing, redrawing_refusal, signing_refusal
from lianjing.domain.incidents.hand_over_standing import SIGN, digest_of, signing_of
from lianjing.domain.incidents.models import HandOver, HandOverRemark
from lianjing.domain.records.queries import latest_records

WAITING_SHOWN = 5


@dataclass(frozen=True, slots=True)
class HandOverLine:
    """A hand-over as lists show it."""

    id: int
    company_id: int
    company_name: str
    desk: str
    outgoing: str
    drawn_up_at: datetime
    outgoing_signed_at: datetime | None
    incoming: str
    incoming_signed_at: datetime | None
    open_count: int

    @property
    def standing(self) -> str:
        """draft, half (the outgoing person has signed) or signed."""
        if self.incoming_signed_at:
            return "signed"
        return "half" if self.outgoing_signed_at else "draft"


@dataclass(frozen=True, slots=True)
class HandOverPage:
    """One hand-over. `may_sign` and `may_redraw` for this viewer; `why_not`: why he cannot sign. `intact`: content and
    digest still agree with what the sealed records say was signed."""

    line: HandOverLine
    one: HandOver
    added: Sequence[HandOverRemark]
    is_outgoing: bool
    may_redraw: bool
    not_redrawn: str
    """Why he cannot draw it up anew."""
    may_sign: bool
    why_not: str
    may_add: bool
    intact: bool


def waiting_hand_overs(viewer: Viewer, limit: int = WAITING_SHOWN) -> list[HandOverLine]:
    """Those that lack a signature, the oldest first."""
    rows = visible(HandOver.objects.filter(incoming_signed_at=None), viewer, "handovers.see")
    return _lines(rows.order_by("pk"), limit)


def hand_overs(viewer: Viewer, *, after: int | None = None, limit: int = 50) -> list[HandOverLine]:
    """All of them, the latest first, from before `after` (an id)."""
    rows = visible(HandOver.objects.all(), viewer, "handovers.see")
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return _lines(rows.order_by("-pk"), limit)


def hand_over_page(viewer: Viewer, hand_over_id: int, *, at: datetime) -> HandOverPage | None:
    """None when it is not the viewer's to see."""
    rows = visible(HandOver.objects.all(), viewer, "handovers.see")
    one = rows.select_related("company", "outgoing", "incoming").filter(pk=hand_over_id).first()
    if one is None:
        return None
    added = list(one.added.select_related("written_by").order_by("pk"))
    standing = signing_of(one, person_id(viewer), added=len(added))
    entitled = viewer.scope(SIGN).holds(one.company_id)
    refused, kept = signing_refusal(standing, at), redrawing_refusal(standing)
    return HandOverPage(
        line=_line(one),
        one=one,
        added=added,
        is_outgoing=standing.is_outgoing,
        may_redraw=entitled and kept is None,
        not_redrawn=_(kept.sentence) % kept.figures if kept else "",
        may_sign=entitled and refused is None,
        why_not=_(refused.sentence) % refused.figures if refused else "",
        may_add=entitled and standing.outgoing_signed,
        intact=_intact(viewer, one, standing),
    )


def _intact(viewer: Viewer, one: HandOver, standing: Signing) -> bool:
    if digest_of(one) != one.digest:
        return False
    if not standing.outgoing_signed:
        return True
    records = latest_records(viewer, [("handover", one.pk)], "handovers.see", limit=100)
    signed = {(record.after or {}).get("digest") for record in records if record.action == "handover.signed"}
    # A record whose time is over was erased by a recorded act: it cannot contradict any more.
    return signed <= {one.digest}


def _lines(rows: "QuerySet[HandOver]", limit: int) -> list[HandOverLine]:
    return [_line(row) for row in rows.select_related("company", "outgoing", "incoming").defer("content")[:limit]]


def _line(row: HandOver) -> HandOverLine:
    return HandOverLine(
        id=row.pk,
        company_id=row.company_id,
        company_name=row.company.name,
        desk=row.desk,
        outgoing=row.outgoing.shown_name,
        drawn_up_at=row.drawn_up_at,
        outgoing_signed_at=row.outgoing_signed_at,
        incoming=row.incoming.shown_name if row.incoming else "",
        incoming_signed_at=row.incoming_signed_at,
        open_count=row.open_count,
    )
