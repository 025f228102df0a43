"""Photos and scans of people in bulk: each file is matched by staff number and kind, and kept, all or nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from lianjing.core.refusals import Refused
from lianjing.core.scans import Scan, scan_of
from lianjing.core.viewer import Viewer, require
from lianjing.core.workbooks.cells import shown, text
from lianjing.core.workbooks.columns import Column, Sheet
from lianjing.core.workbooks.faults import Fault
from lianjing.core.workbooks.planning import Change, File, Outcome, Plan, What
from lianjing.domain.companies.models import Company
from lianjing.domain.companies.workbooks import Errand, write_down
from lianjing.domain.people.facts import new_fact_of
from lianjing.domain.people.importing import saving, standing
from lianjing.domain.people.importing.papers_in import KINDS, PHOTO, Paper, named, papers_in
from lianjing.domain.people.importing.plan import Entry
from lianjing.domain.people.models import Photo, StaffFact, StaffMember
from lianjing.domain.records.actions import Deed
from lianjing.terms.sentences import Phrase, listed
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import StaffFactKind

EDIT = "people.edit"
PHOTO_ENDINGS = ("png", "jpg")
PAPERS = Sheet(
    "papers",
    "照片和扫描件",
    "",
    (
        Column("file", "文件", text(255), ""),
        Column("staff_no", "工号", text(32), ""),
        Column("name", "姓名", text(50), ""),
        Column("kind", "种类", text(40), "", words=StaffFactKind),
        Column("about", "对应的记录", text(200), ""),
    ),
)
KEY = PAPERS.key
_KIND_NAMES = listed(["照片", *(kind.zh for kind in StaffFactKind if kind.value in set(KINDS.values()))])


def examine_papers(file: File, company_id: int, *, by: Viewer, at: datetime) -> Outcome:
    """Which file belongs to whom; nothing is written. Raises Forbidden, or NotATable for a broken ZIP file."""
    require(by, EDIT, company_id)
    return Outcome(_Matching(Errand(company_id, by, at, file=file.name)).plan_of(file))


def import_papers(file: File, company_id: int, *, by: Viewer, at: datetime, source: str = "") -> Outcome:
    """Keeps all of the files, or, with any fault, none. Raises Forbidden, or NotATable for a broken ZIP file."""
    require(by, EDIT, company_id)
    errand = Errand(company_id, by, at, source, file.name)
    kept: list[Callable[[], None]] = []
    try:
        with transaction.atomic():
            Company.objects.select_for_update(no_key=True).get(pk=company_id)
            matching = _Matching(errand)
            plan = matching.plan_of(file)
            if plan.faults:
                return Outcome(plan)
            _save(matching, file, kept)
            write_down(file, plan, errand)
    except IntegrityError:
        _throw_away(kept)
        told = _("导入时有人改动了同样的内容，什么都没有导入：请再试一次。")
        return Outcome(Plan(faults=[Fault(None, None, None, told)]))
    except BaseException:
        _throw_away(kept)
        raise
    return Outcome(plan, True)


@dataclass(slots=True)
class _Match:
    """A file with its place: a fact of a person, or none for his photo."""

    paper: str
    member: StaffMember
    fact: StaffFact | None = None


@dataclass(slots=True)
class _Matching:
    """The files of one import, compared with what stands."""

    errand: Errand
    matches: dict[str, _Match] = field(default_factory=dict)
    _places: dict[tuple[int, str], str] = field(default_factory=dict)
    _plan: Plan = field(default_factory=Plan)

    def plan_of(self, file: File) -> Plan:
        who = self.errand.by, self.errand.company_id
        members = standing.every_member(*who)
        ids = [member.pk for member in members.values()]
        facts = standing.facts(self.errand.by, ids)
        photos = {photo.member_id: photo for photo in Photo.objects.filter(member__company_id=who[1])}
        for paper in papers_in(file):
            self._plan.rows[KEY] += 1
            self._look(paper, members, facts, photos)
        if not self._plan.rows[KEY]:
            self._plan.faults.append(Fault(KEY, None, None, _("文件里没有照片和扫描件。")))
        return self._plan

    def _look(
        self,
        paper: Paper,
        members: Mapping[str, StaffMember],
        facts: Mapping[int, list[StaffFact]],
        photos: Mapping[int, Photo],
    ) -> None:
        said = named(paper.name, members)
        if not said.staff_no:
            return self._fault(paper, _("“%(file)s”：没有这样的工号，文件名须以工号开头。"))
        if not said.kind:
            return self._fault(paper, _("“%(file)s”：看不出是什么，工号后面可写 %(kinds)s。"), kinds=_KIND_NAMES)
        member = members[said.staff_no]
        earlier = self._places.setdefault((member.pk, said.kind), paper.name)
        if earlier != paper.name or paper.name in self.matches:
            told = _("“%(file)s”与“%(other)s”是同一人的同一种文件，只能有一个。")
            return self._fault(paper, told, other=shown(earlier))
        try:
            scan = scan_of(paper.content, paper.name)
        except Refused as refused:
            problem = Phrase(refused.sentence, refused.figures)
            return self._fault(paper, _("“%(file)s”：%(problem)s"), problem=problem)
        if said.kind == PHOTO:
            return self._match_photo(paper, scan, member, photos.get(member.pk))
        return self._match_fact(paper, scan, member, [f for f in facts.get(member.pk, ()) if f.kind == said.kind])

    def _match_photo(self, paper: Paper, scan: Scan, member: StaffMember, stands: Photo | None) -> None:
        if scan.ending not in PHOTO_ENDINGS:
            return self._fault(paper, _("“%(file)s”：照片须为 JPEG 或 PNG 图片。"))
        self.matches[paper.name] = _Match(paper.name, member)
        return self._settle(paper, member, (PHOTO, "", stands.sha256 if stands else ""), scan)

    def _match_fact(self, paper: Paper, scan: Scan, member: StaffMember, stand: list[StaffFact]) -> None:
        fact = max(stand, key=lambda one: (one.valid_from or date.min, one.pk), default=None)
        kind = StaffFactKind(named(paper.name, [member.staff_no]).kind)
        if fact is None:
            told = _("“%(file)s”：%(name)s没有登记%(kind)s，请先登记再导入扫描件。")
            return self._fault(paper, told, name=member.name, kind=Phrase(kind.zh))
        self.matches[paper.name] = _Match(paper.name, member, fact)
        return self._settle(paper, member, (kind.value, _about(fact), fact.scan_sha256), scan)

    def _settle(self, paper: Paper, member: StaffMember, place: tuple[str, str, str], scan: Scan) -> None:
        kind, about, sha256 = place
        if sha256 == scan.sha256:
            self._plan.unchanged[KEY] += 1
            del self.matches[paper.name]
            return
        after = {"staff_no": member.staff_no, "name": member.name, "kind": kind, "about": about}
        what = What.CHANGED if sha256 else What.CREATED
        self._plan.changes.append(Change(KEY, None, paper.name, what, member, after=after))

    def _fault(self, paper: Paper, sentence: str, **figures: Any) -> None:
        self._plan.faults.append(Fault(KEY, None, "file", sentence, {"file": shown(paper.name), **figures}))


def _about(fact: StaffFact) -> str:
    days = f"{fact.valid_from or '…'} – {fact.valid_until or '…'}"
    return f"{fact.number} {days}".strip()


# Keeping them


def _save(matching: _Matching, file: File, kept: list[Callable[[], None]]) -> None:
    """A fact is not edited: it is recorded anew with its scan, and the one without is taken back."""
    errand, deeds, entries, files = matching.errand, [], [], {}
    changed = {}
    for paper in papers_in(file):
        match = matching.matches.get(paper.name)
        if match is None:
            continue
        scan = scan_of(paper.content, paper.name)
        changed[match.member.pk] = match.member
        if match.fact is None:
            deeds.append(_keep_photo(match.member, scan, errand, kept))
        else:
            entry = Entry(match.member, new_fact_of(match.fact), match.fact)
            row = StaffFact()
            row.scan.save(_file_name(scan), ContentFile(scan.content), save=False)
            kept.append(_deleting(row.scan.storage, str(row.scan.name)))
            entries.append(entry)
            files[id(entry)] = (str(row.scan.name), scan.sha256)
    made = saving.save_facts(entries, errand, files)
    saving.write_down([*deeds, *saving.of_facts(made, errand)], list(changed.values()), errand)


def _keep_photo(member: StaffMember, scan: Scan, errand: Errand, kept: list[Callable[[], None]]) -> Deed:
    photo = Photo.objects.filter(member=member).first() or Photo(member=member)
    if photo.file:
        transaction.on_commit(_deleting(photo.file.storage, str(photo.file.name)))
    photo.sha256, photo.kept_at = scan.sha256, errand.at
    photo.file.save(_file_name(scan), ContentFile(scan.content), save=False)
    kept.append(_deleting(photo.file.storage, str(photo.file.name)))
    photo.save()
    told = {"photo_sha256": scan.sha256, "file": errand.file[:200]}
    return Deed("staff.photo_kept", "staffmember", member.pk, errand.company_id, after=told)


def _file_name(scan: Scan) -> str:
    return f"{uuid4().hex}.{scan.ending}"


def _deleting(storage: Any, name: str) -> Callable[[], None]:
    return lambda: storage.delete(name)


def _throw_away(kept: list[Callable[[], None]]) -> None:
    for delete in kept:
        delete()
