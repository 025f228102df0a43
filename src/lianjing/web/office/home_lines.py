"""The lines of the manager's home: what it is about, how many, in words, and the one next action.

Each line is a function of its own, and asks one function of the domain.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lianjing.domain.companies.fact_reading import standing_of
from lianjing.domain.companies.models import Company
from lianjing.domain.compliance.forecast import forecast
from lianjing.domain.compliance.verdict_reading import kept_companies, not_met_counts, turned_since
from lianjing.domain.documents.due_list import documents_due
from lianjing.domain.facilities.equipment_list import equipment_counts
from lianjing.domain.facilities.measured_list import running_out
from lianjing.domain.findings.queries import tab_counts
from lianjing.domain.people.cover_policy import by_day
from lianjing.domain.people.gate_list import not_entitled, passes_now, ungated, wants_in
from lianjing.domain.people.on_duty import counted, on_duty_now
from lianjing.domain.people.organisation import organisation
from lianjing.domain.people.organisation_policy import Gap
from lianjing.domain.people.shift_lists import GAP_DAYS, gaps_ahead, has_minimum_rules, has_shifts_ahead
from lianjing.domain.people.training_list import standing_counts
from lianjing.domain.people.work_list import work_counts
from lianjing.domain.sites.schedules import workdays
from lianjing.terms.sentences import words
from lianjing.terms.verdicts import Verdict
from lianjing.web.office.clauses_ahead import is_worse
from lianjing.web.office.home_line import FEW, NAMED, Asked, Line, href_of, named
from lianjing.web.office.home_practice import plan_review_lines, practice_lines
from lianjing.web.words import label

LOOKS_AHEAD = 90
"""Days in which a clause that will turn is told of."""
MEASURED_AHEAD = 7
"""Days in which a measured value that runs out is told of."""
URGENT = ("over", "7", "30", "missing", "90")
"""Tabs of the work-list, the most urgent first."""


def lines(asked: Asked) -> list[tuple[str, list[Line]]]:
    """The blocks of the page with their lines."""
    return [(title, [line for make in makers for line in make(asked)]) for title, makers in _blocks()]


def _papers(asked: Asked) -> Iterator[Line]:
    people, own = work_counts(asked.viewer, asked.on, workdays(asked.viewer))
    if people["barred"]:
        said = _("在职而不得上岗：%(count)d 项") % {"count": people["barred"]}
        yield Line(_("不得上岗"), people["barred"], said, "g1", href_of("worklist", tab="barred"), _("核对"))
    yield _todo(_("人员证件"), people, {})
    yield _todo(_("单位资质"), own, {"kind": "company"})


def _todo(title: str, found: dict[str, int], narrowed: dict[str, str]) -> Line:
    return _due(title, found, "worklist", narrowed)


def _due(title: str, found: dict[str, int], page: str, narrowed: dict[str, str]) -> Line:
    """How much there is under the tabs of a list of what is due, and the most urgent tab of it."""
    count = found["over"] + found["90"] + found["missing"]
    tab = next((tab for tab in URGENT if found[tab]), "")
    href = href_of(page, **narrowed, **({"tab": tab} if tab else {}))
    if not count:
        return Line(title, 0, _("齐全，90 天内没有到期的。"), "ok", href, "")
    said = _("已过期 %(over)d · 7 天内 %(in_7)d · 30 天内 %(in_30)d · 90 天内 %(in_90)d · 缺少 %(missing)d")
    figures = {f"in_{days}": found[days] for days in ("7", "30", "90")}
    tone = "g1" if tab == "over" else "soft" if tab == "90" else "g2"
    return Line(title, count, said % {**figures, **found}, tone, href, _("逐项办理"))


def _equipment(asked: Asked) -> Iterator[Line]:
    """What of the company's equipment is over, ends soon or lacks a certificate; that its register is empty."""
    found = equipment_counts(asked.viewer, asked.on)
    if not found["all"]:
        said = _("装备台账还是空的，条款 7 因此证据不足。")
        yield Line(_("装备"), 0, said, "soft", href_of("inventory"), _("登记"))
        return
    yield _due(_("装备"), found, "inventory", {})


def _training(asked: Asked) -> Iterator[Line]:
    told = standing_counts(asked.viewer, asked.on)
    courses, people = told["overdue"], told["overdue_people"]
    if not courses:
        yield Line(_("培训"), 0, _("没有逾期的培训。"), "ok", href_of("training_progress"), "")
        return
    said = _("%(people)d 人逾期未完成，共 %(courses)d 门") % {"people": people, "courses": courses}
    yield Line(_("培训"), courses, said, "g2", href_of("training_progress", standing="overdue"), _("催办"))


def _cover(asked: Asked) -> Iterator[Line]:
    """Companies that are short, those of which nothing can be said; when there are none of either, that all is well."""
    told = [line for company in asked.few for line in (*_short(asked, company), *_unmeasured(asked, company))]
    yield from told or [Line(_("排班"), 0, _("14 天内没有缺人的班。"), "ok", href_of("roster"), "")]
    yield from asked.left(_("排班"), "roster")


def _unmeasured(asked: Asked, company: Company) -> Iterator[Line]:
    """Of a company that has not said how many it needs: that nothing is planned, or that nothing can be measured."""
    if has_minimum_rules(asked.viewer, company.pk):
        return
    name = asked.name_of(company)
    if has_shifts_ahead(asked.viewer, company.pk, asked.at):
        said, page, action = _("没有规定最低在岗人数，算不出缺员。"), "roster_cover", _("登记最低在岗")
    else:
        said, page, action = _("14 天内没有排班，也没有规定最低在岗人数。"), "roster", _("排班")
    yield Line(_("排班"), 0, name + said, "soft", href_of(page, company=company.pk), action)


def _short(asked: Asked, company: Company) -> Iterator[Line]:
    """Of a company that is short: on how many days; the next one as its roster shows it."""
    gaps = gaps_ahead(asked.viewer, company.pk, asked.at)
    last = asked.on + timedelta(days=GAP_DAYS - 1)
    days = sorted({day for day, _gap in by_day(gaps, timezone.get_default_timezone()) if day <= last})
    if not days:
        return
    told = {"count": len(days), "days": named([f"{day:%m-%d}" for day in days])}
    said = asked.name_of(company) + _("14 天内 %(count)d 天人数不足：%(days)s") % told
    href = href_of("roster", company=company.pk, by="places", on=days[0])
    yield Line(_("排班"), len(days), said, "g1" if days[0] <= asked.on else "g2", href, _("补排"))


def _on_duty(asked: Asked) -> Iterator[Line]:
    told = counted(place for one in asked.few for place in on_duty_now(asked.viewer, one.pk, asked.at))
    said = _("应到 %(planned)d · 在岗 %(there)d · 未到 %(missing)d · 没有排班 %(without)d") % {
        "planned": told.planned,
        "there": told.present,
        "missing": told.missing,
        "without": told.without,
    }
    tone = "g1" if told.missing else "g2" if told.without else "ok" if told.present else "soft"
    action = _("看谁没到") if told.missing else _("看在岗")
    yield Line(_("现在在岗"), told.present, said, tone, reverse("office:on_duty"), action)
    yield from asked.left(_("现在在岗"), "on_duty")


def _refused(asked: Asked) -> Iterator[Line]:
    waiting = [one for one in wants_in(asked.viewer, asked.at) if not one.allowed]
    href = reverse("office:duty_gate")
    if not waiting:
        yield Line(_("想签到而不能"), 0, _("24 小时内没有人被门禁拒绝。"), "ok", href, "")
        return
    said = _("24 小时内：%(names)s") % {"names": named([one.user.shown_name for one in waiting])}
    yield Line(_("想签到而不能"), len(waiting), said, "g1", href, _("看原因，可放行"))


def _lapsed(asked: Asked) -> Iterator[Line]:
    found, href = not_entitled(asked.viewer, asked.at), reverse("office:duty_gate")
    if found:
        said = _("正在值班：%(names)s") % {"names": named([one.duty.user.shown_name for one in found])}
        yield Line(_("在岗而已不符合条件"), len(found), said, "g1", href, _("放行或换下"))


def _passes(asked: Asked) -> Iterator[Line]:
    found, href = passes_now(asked.viewer, asked.at), reverse("office:duty_gate")
    if found:
        said = _("凭放行：%(names)s") % {"names": named([one.user.shown_name for one in found])}
        yield Line(_("放行"), len(found), said, "soft", href, _("查看"))


def _ungated(asked: Asked) -> Iterator[Line]:
    found = ungated(asked.viewer)
    for company in found[:FEW]:
        said = _("%(company)s还没有人员档案：签到只核对账号和角色。登记第一个人后门禁启用。")
        yield Line(
            _("值班门禁"), 1, said % {"company": company.name}, "soft", reverse("office:gate_settings"), _("看设置")
        )
    if left := len(found[FEW:]):
        said = _("另有 %(count)d 家单位还没有人员档案。") % {"count": left}
        yield Line(_("值班门禁"), left, said, "soft", reverse("office:gate_settings"), _("看设置"))


def _licence(asked: Asked) -> Iterator[Line]:
    for company in asked.few:
        items = standing_of(asked.viewer, company.pk, asked.on)
        if any(item.code == "licence" and item.standing.is_broken for item in items):
            said = asked.name_of(company) + _("没有登记有效的保安服务许可证（4.2）。")
            yield Line(_("许可证"), 1, said, "g1", href_of("company", company=company.pk), _("登记"))
    yield from asked.left(_("许可证"), "company")


def _organisation(asked: Asked) -> Iterator[Line]:
    """Mandatory departments that are not there, key posts that nobody holds, and whatever else is not as it must be."""
    for company in asked.few:
        gaps = [one for one in organisation(asked.viewer, company.pk, asked.on).gaps if not one.is_advice]
        name, href = asked.name_of(company), href_of("departments", company=company.pk)
        for title, action, codes in (
            (_("部门"), _("设立"), ("department",)),
            (_("关键岗位"), _("任命"), ("key_posts", "vacant")),
        ):
            found = [gap for gap in gaps if gap.code in codes]
            if found:
                yield Line(title, len(found), name + _first_words(found), "g2", href, action)
        rest = [gap for gap in gaps if gap.code not in ("department", "key_posts", "vacant")]
        if rest:
            yield Line(_("组织架构"), len(rest), name + _first_words(rest), "g2", href, _("补齐"))
    yield from asked.left(_("组织架构"), "departments")


def ahead_lines(asked: Asked) -> Iterator[Line]:
    """The next clause that turns for the worse by itself; of the first few companies, and how many are not reckoned."""
    for company in asked.few:
        turns = forecast(asked.viewer, company.pk, asked.on, LOOKS_AHEAD, looks_back=False)
        worse = [turn for turn in turns if is_worse(turn)]
        if worse:
            first = worse[0]
            said = asked.name_of(company) + _("%(day)s 起 %(clause)s %(title)s：%(verdict)s") % {
                "day": first.on,
                "clause": first.clause.number,
                "title": _(first.clause.title),
                "verdict": label(Verdict, first.after.verdict.value),
            }
            href = href_of("clauses_ahead", company=company.pk)
            yield Line(_("条款将变"), len(worse), said, "g2", href, _("看将要变化"))
    yield from asked.left(_("条款将变"), "clauses_ahead")


def _first_words(gaps: list[Gap]) -> str:
    said = "".join(words(gap, _) for gap in gaps[:NAMED])
    return said + (_("等。") if len(gaps) > NAMED else "")


def _clauses(asked: Asked) -> Iterator[Line]:
    """Of the clauses of each company: how many are not met, and how many have turned within the week."""
    bad, kept = not_met_counts(asked.viewer), kept_companies(asked.viewer)
    turned = turned_since(asked.viewer, asked.on - timedelta(days=6))
    for company in asked.few:
        if company.pk not in kept:
            continue
        count, turns = bad.get(company.pk, 0), turned.get(company.pk, 0)
        figures = {"count": count, "turns": turns}
        said = _("不符合 %(count)d 条 · 7 天内转变 %(turns)d 条") if turns else _("不符合 %(count)d 条")
        href = href_of("clauses", company=company.pk, **({"verdict": Verdict.NOT_MET.value} if count else {}))
        action = _("逐条看") if count or turns else ""
        tone = "g2" if count else "soft" if turns else "ok"
        yield Line(_("规范条款"), count, asked.name_of(company) + said % figures, tone, href, action)
    yield from asked.left(_("规范条款"), "clauses")


def finding_lines(asked: Asked) -> Iterator[Line]:
    """What is late first, then what waits for somebody to take it up or to verify it."""
    told = tab_counts(asked.viewer, asked.on)
    if not told["open"]:
        yield Line(_("整改"), 0, _("没有未关闭的整改。"), "ok", href_of("findings"), "")
        return
    late, verify = told["overdue"], told["verify"]
    said = _("未关闭 %(open)d · 超期 %(late)d · 待复核 %(verify)d") % {
        "open": told["open"],
        "late": late,
        "verify": verify,
    }
    if late:
        yield Line(_("整改"), late, said, "g1", href_of("findings", tab="overdue"), _("催办"))
    elif verify:
        yield Line(_("整改"), verify, said, "g2", href_of("findings", tab="verify"), _("复核"))
    else:
        yield Line(_("整改"), told["open"], said, "soft", href_of("findings"), _("查看"))


def document_lines(asked: Asked) -> Iterator[Line]:
    """Reviews that are late or near, and who has not read in time."""
    told = documents_due(asked.viewer, asked.on)
    count = told.late + told.soon + told.unread
    if not count:
        yield Line(_("受控文件"), 0, _("没有到期的复审，也没有逾期未读的。"), "ok", href_of("documents"), "")
        return
    said = _("复审逾期 %(late)d · 30 天内应复审 %(soon)d · 逾期未读 %(unread)d 人次")
    figures = {"late": told.late, "soon": told.soon, "unread": told.unread}
    tab, action = ("review", _("去复审")) if told.late or not told.unread else ("unread", _("催读"))
    tone = "g2" if told.late or told.unread else "soft"
    yield Line(_("受控文件"), count, said % figures, tone, href_of("documents", tab=tab), action)


def _measured(asked: Asked) -> Iterator[Line]:
    """Values of rooms that have run out or soon will; nothing where nobody has measured."""
    count = running_out(asked.viewer, [one.pk for one in asked.companies], asked.on, MEASURED_AHEAD)
    if count:
        said = _("%(days)d 天内到期、已到期或仪器过校准期：%(count)d 项") % {"days": MEASURED_AHEAD, "count": count}
        yield Line(_("环境测量"), count, said, "g2", href_of("premises") + "#values", _("补测"))


def _blocks() -> list[tuple[str, list[Callable[[Asked], Iterator[Line]]]]]:
    """What stands together, by its title."""
    return [
        (_("值班"), [_on_duty, _lapsed, _refused, _passes, _ungated]),
        (_("排班与培训"), [_cover, _training]),
        (_("证件与资质"), [_papers, _licence, _organisation]),
        (_("中心与装备"), [_measured, _equipment]),
        (_("规范与整改"), [_clauses, finding_lines, document_lines, practice_lines, plan_review_lines]),
    ]
