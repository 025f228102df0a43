"""年度演练计划: what is to be drilled in a year; approved by another person than those who wrote it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import IntegrityError, transaction

from lianjing.core.days import centre_day
from lianjing.core.entering import enter
from lianjing.core.refusals import Missing, Refused
from lianjing.core.seals.canonical import canonical_json
from lianjing.core.viewer import Forbidden, Viewer, person_id, require
from lianjing.domain.drills.models import Drill, PlannedDrill, Programme
from lianjing.domain.drills.moving import company_of
from lianjing.domain.drills.policy import A_YEAR_AT_LEAST, APPROVE, CHANGED, EDIT, LINES_AT_MOST, SEE
from lianjing.domain.records.changing import Actor, locked, owner_of, write_down
from lianjing.terms.codes import EventClass, Grade
from lianjing.terms.drills import DrillKind, ProgrammeState
from lianjing.terms.sentences import marked as _


@dataclass(frozen=True, slots=True)
class NewLine:
    """What is to be drilled in a month, and for which cases. `grade` None: any."""

    month: int
    kind: str
    title: str
    event_class: str = ""
    grade: int | None = None


@transaction.atomic
def draft_programme(company_id: int, year: int, *, by: Viewer, at: datetime, source: str = "") -> Programme:
    """A new edition of a year's programme, which begins with what the last one says. Raises Missing, Forbidden or
    Refused."""
    company = company_of(company_id, EDIT, by)
    if not centre_day(at).year - 1 <= year <= centre_day(at).year + 2:
        raise Refused("year", _("年份应在去年到后年之间。"))
    latest = Programme.objects.filter(company=company, year=year).order_by("-number").first()
    if latest is not None and latest.state == ProgrammeState.DRAFT:
        raise Refused("", _("%(year)d 年计划已有一份草稿，请在草稿上修改。"), year=year)
    row = Programme(company=company, year=year, number=latest.number + 1 if latest else 1, writers=[_person(by)])
    row.drafted_at, row.drafted_by = at, by.name[:150]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as twice:
        raise Refused("", _("%(year)d 年计划已有一份草稿，请在草稿上修改。"), year=year) from twice
    for line in latest.lines.all() if latest else ():
        line.pk, line.programme = None, row
        line.save(force_insert=True)
    _tell(row, "programme.drafted", Actor(by, at, source))
    return row


@transaction.atomic
def add_line(programme_id: int, new: NewLine, *, by: Viewer, at: datetime, source: str = "") -> PlannedDrill:
    """A drill to be held in a month of the year. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    programme = _draft(programme_id, actor)
    taken = PlannedDrill.objects.filter(programme__company=programme.company_id, programme__year=programme.year)
    last = taken.order_by("-line").values_list("line", flat=True).first() or 0
    if last >= LINES_AT_MOST:
        raise Refused("", _("一年最多 %(limit)d 项。"), limit=LINES_AT_MOST)
    line = PlannedDrill(programme=programme, line=last + 1)
    return _kept(line, new, "programme.line_added", actor)


@transaction.atomic
def change_line(line_id: int, new: NewLine, *, by: Viewer, at: datetime, source: str = "") -> PlannedDrill:
    """Says otherwise what is to be drilled. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    line = _line(line_id, actor)
    drill = _begun(line)
    if drill is not None and new.kind != line.kind:
        raise Refused("kind", _("这一项已经排出演练 %(number)s，种类不能再改。"), number=drill.number)
    return _kept(line, new, "programme.line_changed", actor)


@transaction.atomic
def remove_line(line_id: int, *, by: Viewer, at: datetime, source: str = "") -> None:
    """Takes a line out of a draft. Raises Missing, Forbidden or Refused."""
    actor = Actor(by, at, source)
    line = _line(line_id, actor)
    drill = _begun(line)
    if drill is not None:
        raise Refused("", _("这一项已经排出演练 %(number)s，不能删去。"), number=drill.number)
    line.delete()
    _tell(line.programme, "programme.line_removed", actor, {"title": line.title})


@transaction.atomic
def approve_programme(programme_id: int, *, by: Viewer, at: datetime, source: str = "") -> Programme:
    """Approves a draft; by somebody who has not written at it. The edition before it is replaced. Raises Missing,
    Forbidden, or Refused for fewer drills than the specification asks for."""
    actor = Actor(by, at, source)
    programme = _draft(programme_id, actor, APPROVE)
    if _person(by) in programme.writers:
        raise Refused("", _("写过这份计划的人不能批准它，请另一人批准。"))
    lines = list(programme.lines.order_by("line"))
    if not lines:
        raise Refused("", _("计划还是空的，不能批准。"))
    drills = sum(DrillKind(one.kind).counts for one in lines)
    if drills < A_YEAR_AT_LEAST:
        # 8.4.1 b).
        sentence = _("规范要求每年至少演练 %(least)d 次，计划里只有 %(count)d 次，不能批准；通讯测试不算演练。")
        raise Refused("", sentence, least=A_YEAR_AT_LEAST, count=drills)
    former = Programme.objects.filter(company=programme.company_id, year=programme.year, state=ProgrammeState.APPROVED)
    former.update(state=ProgrammeState.REPLACED.value, replaced_at=at)
    programme.state, programme.approved_at = ProgrammeState.APPROVED.value, at
    programme.approved_by, programme.content_hash = by.name[:150], _hash_of(programme, lines)
    programme.save()
    _tell(programme, "programme.approved", actor, {"content_hash": programme.content_hash, "count": len(lines)})
    return programme


def _person(by: Viewer) -> int:
    known = person_id(by)
    if known is None:
        raise Forbidden(EDIT)
    return known


def _line(line_id: int, actor: Actor) -> PlannedDrill:
    """A line of a draft, as it is once the draft is locked: whoever was faster may have removed it."""
    company = {"see": SEE, "company": "programme__company_id"}
    programme = _draft(owner_of(PlannedDrill.objects.all(), line_id, actor.by, "programme_id", **company), actor)
    line = programme.lines.filter(pk=line_id).first()
    if line is None:
        raise Missing(f"planned drill {line_id}")
    return line


def _draft(programme_id: int, actor: Actor, permission: str = EDIT) -> Programme:
    """The draft, locked; whoever writes becomes one of its writers."""
    row = locked(Programme.objects.all(), programme_id, actor.by, see=SEE)
    require(actor.by, permission, row.company_id)
    if row.state != ProgrammeState.DRAFT:
        raise Refused("", _("已批准的计划不能改，请另起一版。"))
    if permission == EDIT and _person(actor.by) not in row.writers:
        row.writers = sorted({*row.writers, _person(actor.by)})
        row.save(update_fields=["writers"])
    return row


def _begun(line: PlannedDrill) -> Drill | None:
    programme = line.programme
    rows = Drill.objects.filter(company=programme.company_id, year=programme.year, line=line.line)
    return rows.exclude(state="cancelled").first()


def _kept(line: PlannedDrill, new: NewLine, act: str, actor: Actor) -> PlannedDrill:
    if not 1 <= new.month <= 12:
        raise Refused("month", _("月份应在 1 到 12 之间。"))
    if new.event_class and new.event_class not in list(EventClass):
        raise Refused("event_class", _("没有这个类别。"))
    if new.grade is not None and new.grade not in list(Grade):
        raise Refused("grade", _("没有这个级别。"))
    kind = DrillKind.of(new.kind)
    if kind is not None and kind.counts and not new.event_class:
        raise Refused("event_class", _("请选择演练哪一类警情。"))
    enter(line, {"kind": new.kind, "title": new.title, "event_class": new.event_class})
    line.month, line.grade = new.month, new.grade
    line.save()
    told = {"title": line.title, "month": line.month, "drill_kind": line.kind}
    _tell(line.programme, act, actor, told | {"event_class": line.event_class, "grade": line.grade})
    return line


def _hash_of(programme: Programme, lines: list[PlannedDrill]) -> str:
    """What was approved is held to it."""
    told = [[one.line, one.month, one.kind, one.title, one.event_class, one.grade] for one in lines]
    head = {"year": programme.year, "number": programme.number, "lines": told}
    return sha256(canonical_json(head).encode()).hexdigest()


def _tell(programme: Programme, act: str, actor: Actor, more: dict[str, object] | None = None) -> None:
    after = {"year": programme.year, "version": programme.number, **(more or {})}
    after = {name: value for name, value in after.items() if value not in ("", None)}
    write_down(act, programme, programme.company_id, actor, after=after, topic=CHANGED)
