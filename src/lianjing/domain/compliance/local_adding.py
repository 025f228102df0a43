"""Adding and withdrawing local standards: all of a file or nothing of it, and on sealed record."""

from collections.abc import Collection, Iterator
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import F

from lianjing.core.refusals import Missing, Refused
from lianjing.core.viewer import INSTALLATION, Viewer, require
from lianjing.domain.companies.models import Company
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.local_file import BadFile, FileFault, read_local
from lianjing.domain.compliance.local_text import LocalClause, LocalText, text_of
from lianjing.domain.compliance.models import JudgedCompany, LocalStandard
from lianjing.domain.records.changing import Actor, reason_given, take_back, write_down
from lianjing.terms.sentences import marked as _

CHOOSE, ALL = "compliance.settings", "installation.manage"


@transaction.atomic
def add_local_standard(
    content: bytes, company_ids: Collection[int], *, by: Viewer, at: datetime, source: str = ""
) -> LocalStandard:
    """Takes the file of a local standard, for these companies or, without any, for all of the installation. Raises
    Forbidden, BadFile with every fault, or Refused."""
    _require(company_ids, by)
    others = _standing(company_ids)
    text, told = read_local(content)
    beside = [row for row in others if _meets(row, company_ids)]
    _refuse_second(text, beside)
    faults = list(_unknown(text, [text_of(row.content) for row in beside if _covers(row, company_ids)]))
    if faults:
        raise BadFile(faults)
    row = LocalStandard.objects.create(
        number=text.number,
        edition=text.edition,
        title=text.title,
        content=told,
        sha256=sha256(content).hexdigest(),
        is_for_all=not company_ids,
        valid_from=text.valid_from,
        valid_until=text.valid_until,
        recorded_at=at,
        recorded_by=by.name,
    )
    row.companies.set(company_ids)
    _due_again(company_ids)
    _write_down("local_standard.added", row, Actor(by, at, source))
    return row


@transaction.atomic
def withdraw_local_standard(pk: int, reason: str, *, by: Viewer, at: datetime, source: str = "") -> None:
    """Takes a local standard back: it counts for no day any more, and stays on file. Raises Missing, Forbidden or
    Refused."""
    # For whom it is never changes.
    company_ids = set(
        LocalStandard.companies.through.objects.filter(localstandard=pk).values_list("company", flat=True)
    )
    others = _standing(company_ids)
    row = next((one for one in others if one.pk == pk), None)
    if row is None:
        raise Missing(f"local standard {pk}")
    _require(company_ids, by)
    text, actor = text_of(row.content), Actor(by, at, source)
    for other in others:
        if other.pk != pk and _meets(other, company_ids) and (key := _leads_to(text_of(other.content), text)):
            sentence = _("%(other)s 有条款对应“%(key)s”，先撤除它。")
            raise Refused("", sentence, other=str(other), key=key)
    take_back(row, reason_given(reason), actor)
    _due_again(company_ids)
    _write_down("local_standard.withdrawn", row, actor)


def _due_again(company_ids: Collection[int]) -> None:
    """Their clauses are others now: everything is to be judged, also by whoever is judging already."""
    rows = JudgedCompany.objects.filter(pk__in=company_ids) if company_ids else JudgedCompany.objects.all()
    rows.update(swept_on=None, revision=F("revision") + 1)


def _standing(company_ids: Collection[int]) -> list[LocalStandard]:
    """What stands, for all to be compared with. Whoever adds or withdraws another one for one of these companies (none:
    for all of them) waits: the companies' rows are there to be locked, and the row to be added is not."""
    companies = Company.objects.filter(pk__in=company_ids) if company_ids else Company.objects.all()
    list(companies.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    return list(LocalStandard.objects.filter(retracted_at=None).order_by("pk"))


def _require(company_ids: Collection[int], by: Viewer) -> None:
    if not company_ids:
        require(by, ALL, INSTALLATION)
    for company_id in company_ids:
        require(by, CHOOSE, company_id)


def _meets(row: LocalStandard, company_ids: Collection[int]) -> bool:
    """Whether it counts for one of these companies (none: for all of them)."""
    if row.is_for_all or not company_ids:
        return True
    return row.companies.filter(pk__in=company_ids).exists()


def _covers(row: LocalStandard, company_ids: Collection[int]) -> bool:
    """Whether it counts for each of these companies: what they are mapped to must be there for all of them."""
    if row.is_for_all:
        return True
    return bool(company_ids) and row.companies.filter(pk__in=company_ids).count() == len(set(company_ids))


def _refuse_second(text: LocalText, beside: list[LocalStandard]) -> None:
    for row in beside:
        if row.number != text.number:
            continue
        if row.edition == text.edition:
            raise Refused("edition", _("%(cited)s 已经登记；要换掉先撤除它。"), cited=text.cited)
        if row.valid_from == text.valid_from:
            sentence = _("%(other)s 也从 %(day)s 起实施：两版不能同日生效。")
            raise Refused("valid_from", sentence, other=str(row), day=str(text.valid_from))


def _unknown(text: LocalText, others: list[LocalText]) -> Iterator[FileFault]:
    """Mappings that lead nowhere, to what is not judged, or round and back."""
    elsewhere = {key: clause for other in others for key, clause in other.keys.items()}
    for place, clause in enumerate(text.clauses):
        for at, mapping in enumerate(clause.mappings):
            where, told = f"clauses[{place}].mappings[{at}].to", {"to": mapping.to}
            kind = _kind_of(mapping.to, text, elsewhere)
            if kind is None:
                sentence = _("没有条款“%(to)s”：写规范的条款号，或“标准号-版本 条款号”。")
                yield FileFault(where, sentence, told)
            elif not kind:
                yield FileFault(where, _("“%(to)s”没有判定，不能对应。"), told)
            elif mapping.to in text.keys and _goes_round(text, text.key(clause), mapping.to):
                yield FileFault(where, _("“%(to)s”又对应回本条，成了循环。"), told)


def _kind_of(target: str, text: LocalText, elsewhere: dict[str, LocalClause]) -> bool | None:
    """Whether the clause is judged; None: there is none."""
    clause = catalogue().clauses.get(target) or text.keys.get(target) or elsewhere.get(target)
    return None if clause is None else clause.kind.is_judged


def _goes_round(text: LocalText, start: str, target: str) -> bool:
    waiting, seen, clauses = [target], set[str](), text.keys
    while waiting:
        here = waiting.pop()
        if here == start:
            return True
        if here in clauses and here not in seen:
            seen.add(here)
            waiting += [one.to for one in clauses[here].mappings]
    return False


def _leads_to(other: LocalText, text: LocalText) -> str | None:
    targets = (mapping.to for clause in other.clauses for mapping in clause.mappings)
    return next((target for target in targets if target in text.keys), None)


def _write_down(action: str, row: LocalStandard, actor: Actor) -> None:
    """One record for each company whose clauses change; for all of the installation one of no company."""
    told = {"cited": str(row), "title": row.title, "sha256": row.sha256, "valid_from": str(row.valid_from)}
    companies = [None] if row.is_for_all else list(row.companies.values_list("pk", flat=True))
    for company_id in companies:
        write_down(action, row, company_id, actor, after=told)  # type: ignore[arg-type]
