"""Goes through the rows of the sheet `people` and compares each with what stands of the person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from lianjing.core.pinyin import initials_of
from lianjing.core.workbooks.faults import Fault
from lianjing.core.workbooks.planning import Change, Plan, What, compared, told
from lianjing.core.workbooks.reading import Book, Row
from lianjing.domain.companies.workbooks import Errand
from lianjing.domain.people.facts import new_fact_of
from lianjing.domain.people.identity_policy import Identity, masked
from lianjing.domain.people.importing import standing
from lianjing.domain.people.importing.columns import PEOPLE
from lianjing.domain.people.importing.groups import GROUPS, Group
from lianjing.domain.people.importing.matching import Made, Stood, Told, Unfit, made_of, part_of, shown_of
from lianjing.domain.people.importing.plan import ACCOUNTS, FACTS, IDENTITIES, KEY, Entry, Scene
from lianjing.domain.people.models import StaffFact, StaffMember, User
from lianjing.domain.people.staff import facts_of_identity, identity_digest, put_identity
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import PostKind, StaffFactKind

_EMPLOYMENT = next(group for group in GROUPS if group.kind == StaffFactKind.EMPLOYMENT)


def plan_of(book: Book, errand: Errand) -> Plan:
    """What a file would make of the people of a company. Reads, and writes nothing."""
    scene = Scene(errand, timezone.localdate(errand.at), book)
    rows = book.rows(KEY)
    if KEY in book.sheets:
        scene.plan.rows[KEY] = len(rows)
    known = _known(errand, rows)
    for row in rows:
        _enter(scene, row, known)
    _warn_of_gate(scene, rows)
    return scene.close()


def _warn_of_gate(scene: Scene, rows: Sequence[Row]) -> None:
    """The first people on file set up the duty gate, and it asks every account for a person."""
    linked = {row.values["username"] for row in rows if row.values.get("username")}
    names = [] if not rows else standing.duty_accounts(scene.errand.by, scene.errand.company_id, linked)
    if names:
        said = _("导入后值班门禁启用：这些账号没有关联人员，将不能签到：%(names)s。可在“账号”列填写，或由经理放行。")
        scene.plan.hints.append(Fault(KEY, None, "username", said, {"names": "、".join(names)}))


@dataclass(frozen=True, slots=True)
class _Known:
    """What stands of everybody whom the file names."""

    members: Mapping[str, StaffMember]
    holders: Mapping[str, StaffMember]
    accounts: Mapping[str, User]
    facts: Mapping[int, list[StaffFact]]
    digests: dict[int, str] = field(default_factory=dict)
    """Of the identity numbers of rows, by the number of the row."""


def _known(errand: Errand, rows: Sequence[Row]) -> _Known:
    who = errand.by, errand.company_id
    members = standing.members(*who, [row.values["staff_no"] for row in rows if "staff_no" in row.values])
    digests = {
        row.number: identity_digest(identity.number)
        for row in rows
        if isinstance(identity := row.values.get("identity_no"), Identity)
    }
    names = [row.values["username"] for row in rows if row.values.get("username")]
    return _Known(
        members,
        standing.holders(*who, digests.values()),
        standing.accounts(*who, names),
        standing.facts(errand.by, [member.pk for member in members.values()]),
        digests,
    )


def _enter(scene: Scene, row: Row, known: _Known) -> None:
    number = row.values.get("staff_no")
    if number is None:
        return
    if not scene.is_first(row, "staff_no", number, _("工号 %(key)s 与第 %(row)d 行重复。"), key=number):
        return
    member = known.members.get(number)
    if member is None:
        member = StaffMember(company_id=scene.errand.company_id, staff_no=number, added_at=scene.errand.at)
        scene.needs(row, "name", _("新人员须填写%(title)s。"))
    was_called = member.name
    change = Change(KEY, row.number, number, What.CHANGED if member.pk else What.CREATED, member)
    compared(PEOPLE, row, member, change)
    if "name" in change.fields:
        member.initials = initials_of(member.name)
        change.fields.append("initials")
    entries = [*_identity(scene, row, known, change, was_called), *_facts(scene, row, known, change)]
    has_account = _account(scene, row, known, change)
    if scene.settle(row, change):
        scene.plan.put(FACTS, *entries)
        scene.plan.put(IDENTITIES, *([member] if "identity_no" in change.after else []))
        scene.plan.put(ACCOUNTS, *([member] if has_account else []))


# The identity number


def _identity(scene: Scene, row: Row, known: _Known, change: Change, was_called: str) -> list[Entry]:
    """The number itself, which goes into the member, and the facts that it tells."""
    identity: Identity | None = row.values.get("identity_no")
    member: Any = change.instance
    if identity is None or not _is_sound(scene, row, known, member):
        return []
    if member.identity_digest == known.digests[row.number]:
        return []
    if member.identity_digest:
        if "name" in change.fields:
            said = _("工号 %(number)s 现为%(name)s，身份号码也不同：若是另一个人，请用新的工号。")
            scene.fault(row, "staff_no", said, number=member.staff_no, name=was_called)
        scene.hint(row, "identity_no", _("%(name)s的身份号码与登记的不同，将替换。"), name=member.name)
    change.note("identity_no", masked(member.identity_tail), masked(identity.number[-4:]))
    put_identity(member, identity)
    change.fields += ["identity_sealed", "identity_tail", "identity_digest", "sex"]
    return list(_told_by(identity, row, member, known.facts.get(member.pk, [])))


def _is_sound(scene: Scene, row: Row, known: _Known, member: StaffMember) -> bool:
    """Born already, and nobody else's, in the file or in the company."""
    identity: Identity = row.values["identity_no"]
    digest, shown = known.digests[row.number], masked(identity.number[-4:])
    if identity.born_on > scene.today:
        scene.fault(row, "identity_no", _("身份号码里的出生日期还没有到（这一格：%(masked)s）。"), masked=shown)
    holder = known.holders.get(digest)
    if holder is not None and holder.pk != member.pk:
        said = _("身份号码 %(masked)s 已登记在工号 %(number)s（%(name)s）名下。")
        scene.fault(row, "identity_no", said, masked=shown, number=holder.staff_no, name=holder.name)
    scene.is_first(row, "identity_no", digest, _("身份号码 %(masked)s 与第 %(row)d 行相同。"), masked=shown)
    return "identity_no" not in row.broken


def _told_by(identity: Identity, row: Row, member: StaffMember, stood: Sequence[StaffFact]) -> list[Entry]:
    """Birth date and citizenship; a nationality that stands, or that the row tells, is left alone."""
    entries = []
    for new in facts_of_identity(identity):
        of_kind = [fact for fact in stood if fact.kind == new.kind.value]
        if new.kind == StaffFactKind.NATIONALITY and (of_kind or "nationality" in row.values):
            continue
        if not any(fact.value == new.value for fact in of_kind):
            entries.append(Entry(member, new, of_kind[0] if of_kind else None))
    return entries


# The account


def _account(scene: Scene, row: Row, known: _Known, change: Change) -> bool:
    if "username" not in row.values:
        return False
    name: str = row.values["username"]
    member: Any = change.instance
    had = member.user.username if member.user else ""
    if name == had:
        return False
    user = known.accounts.get(name)
    if name and user is None:
        scene.fault(row, "username", _("本单位没有账号 %(name)s。"), name=name)
    holder = getattr(user, "staff_member", None)
    if holder is not None and holder.pk != member.pk:
        scene.fault(row, "username", _("账号 %(name)s 已属于另一个人。"), name=name)
    if name:
        scene.is_first(row, "username", name, _("账号 %(name)s 与第 %(row)d 行相同。"), name=name)
    change.note("username", had, name)
    member.user = user
    change.fields.append("user")
    return True


# Dated facts


def _facts(scene: Scene, row: Row, known: _Known, change: Change) -> list[Entry]:
    member: Any = change.instance
    rows = known.facts.get(member.pk, []) if member.pk else []
    by_id = {fact.pk: fact for fact in rows}
    stood = [Stood(fact.pk, new_fact_of(fact)) for fact in rows]
    hired_on = _hired_on(row, stood)
    entries = []
    for group in GROUPS:
        of_kind = [one for one in stood if one.fact.kind == group.kind]
        made = _made(scene, row, change, Told(group, _cells(row, group), of_kind, hired_on))
        if made is None:
            continue
        _note(group, made, change)
        _warn(scene, row, made)
        entries += [Entry(member, s.new, by_id[s.instead.id] if s.instead else None, s.told) for s in made.steps]
    return entries


def _cells(row: Row, group: Group) -> dict[Any, Any]:
    return {
        part: row.values[column]
        for part, column in group.columns.items()
        if column in row.values and column not in row.broken
    }


def _hired_on(row: Row, stood: Sequence[Stood]) -> date | None:
    """What else would hold from the day of hiring on."""
    if "hired_on" in row.values:
        return row.values["hired_on"]  # type: ignore[no-any-return]
    shown = shown_of([one for one in stood if one.fact.kind == StaffFactKind.EMPLOYMENT])
    return shown.valid_from if shown else None


def _made(scene: Scene, row: Row, change: Change, about: Told) -> Made | None:
    """Nobody is on file who is not, or was not, at work."""
    is_new_employment = about.group is _EMPLOYMENT and change.what is What.CREATED
    broken = set(about.group.columns.values()) & set(row.broken)
    if broken or not (about.cells or is_new_employment):
        return None
    try:
        return made_of(about)
    except Unfit as unfit:
        scene.fault(row, unfit.column, unfit.sentence, **unfit.figures)
        return None


def _note(group: Group, made: Made, change: Change) -> None:
    """What the columns said, and what they will say."""
    for part, column in group.columns.items():
        before = part_of(made.before, part) if made.before else None
        after = part_of(made.after, part)
        if (before or None) != (after or None):
            change.note(column, _plain(before), _plain(after))
    if not change.after and made.steps:
        # One that stands beside another just like it in every column.
        change.note(group.column("valid_from"), None, told(made.after.valid_from))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _warn(scene: Scene, row: Row, made: Made) -> None:
    """To rewrite the past is seldom meant."""
    if not made.rewrites or made.before is None:
        return
    kinds = {"old": Phrase(PostKind(made.before.value).zh), "new": Phrase(PostKind(made.after.value).zh)}
    said = _("岗位类别由%(old)s改为%(new)s，自 %(day)s 起全部改写；若是从某天起换岗，请填写岗位类别起始日期。")
    scene.hint(row, "post_kind", said, day=str(made.after.valid_from or "…"), **kinds)
