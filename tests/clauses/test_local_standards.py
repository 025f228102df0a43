"""Local standards without code: the file, the table of relations, editions, two times, and whose companies they are."""

import json
import re
from datetime import date, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.compliance.catalogue import catalogue
from lianjing.domain.compliance.local_adding import add_local_standard, withdraw_local_standard
from lianjing.domain.compliance.local_file import BadFile, read_local
from lianjing.domain.compliance.local_judging import all_judged
from lianjing.domain.compliance.local_policy import local_verdict, verdict_by
from lianjing.domain.compliance.local_rule import LocalFacts, Own, judge_local
from lianjing.domain.compliance.local_text import LocalClause, LocalMapping
from lianjing.domain.compliance.models import LocalStandard
from lianjing.domain.records.models import Record
from lianjing.terms.sentences import words
from lianjing.terms.verdicts import ClauseKind, Relation, Verdict
from tests.cast import NOON, SYSTEM, Cast
from tests.clauses.whole_company import put_in_post, whole_company
from tests.domain.compliance.evidence import accepted

HOWTO = Path(__file__).parent.parent.parent / "docs" / "howto"
EXAMPLE = (HOWTO / "local-standard-example.json").read_bytes()
ON = date(2026, 11, 22)
MET, MOSTLY, NOT_MET, INSUFFICIENT, NOT_APPLICABLE = (
    *(Verdict.MET, Verdict.MOSTLY, Verdict.NOT_MET),
    *(Verdict.INSUFFICIENT, Verdict.NOT_APPLICABLE),
)


def add(content: bytes = EXAMPLE, companies: Any = (), **told: Any) -> LocalStandard:
    return add_local_standard(content, companies, **{"by": SYSTEM, "at": NOON} | told)


def changed(**told: Any) -> bytes:
    return json.dumps(json.loads(EXAMPLE) | told, ensure_ascii=False).encode()


def judged(cast: Cast, on: date = ON, known: Any = None, name: str = "mia") -> dict[str, tuple[str, str]]:
    """Verdict and sentence of each local clause."""
    company = cast.other if name == "sam" else cast.company
    found = [one for one in all_judged(cast.viewer(name), company.pk, on, known) if "示例" in one.clause.number]
    return {
        one.clause.number: (one.judgement.verdict.value, "".join(map(words, one.judgement.sentences))) for one in found
    }


# The table


OWN = {"—": None, "符合": MET, "基本符合": MOSTLY, "不符合": NOT_MET}


def rows_of_the_howto() -> list[list[str]]:
    text = (HOWTO / "add-a-local-standard.md").read_text()
    return [
        [cell.strip() for cell in row.strip("|").split("|")] for row in re.findall(r"^\| (?:equal|s|i).*", text, re.M)
    ]


def expected(row: list[str], mapped: Verdict, own: Verdict | None) -> Verdict:
    """What a row of the table says, read as it stands."""
    order = (NOT_MET, INSUFFICIENT, MOSTLY, MET, NOT_APPLICABLE)
    alone = own or INSUFFICIENT
    says = {
        "that of the other": mapped,
        "符合": MET,
        "what its own evidence says": alone,
        "what its own evidence says; — 证据不足": alone,
        "the worse of the other and its own evidence; — counts as 证据不足": min(mapped, alone, key=order.index),
    }
    return says[row[3]]


def fits(row: list[str], relation: Relation, mapped: Verdict, own: Verdict | None) -> bool:
    other = {"any": True, "符合": mapped == MET, "anything else": mapped != MET}[row[1]]
    return row[0] == relation.value and other and (row[2] == "any" or own in [OWN[one] for one in row[2].split(", ")])


@pytest.mark.parametrize("relation", Relation)
def test_the_verdict_is_that_of_the_howto_s_table(relation: Relation) -> None:
    for mapped in Verdict:
        for own in OWN.values():
            rows = [row for row in rows_of_the_howto() if fits(row, relation, mapped, own)]
            assert len(rows) == 1, (relation, mapped, own)
            assert verdict_by(relation, mapped, own) == expected(rows[0], mapped, own)


def test_several_mappings_combine_to_the_worst_and_none_leaves_it_to_its_own_evidence() -> None:
    both = [(Relation.EQUAL, MET), (Relation.EQUAL, MOSTLY)]
    assert local_verdict(both, None) == MOSTLY
    assert local_verdict([*both, (Relation.SUPERSET, MET)], None) == INSUFFICIENT
    assert local_verdict([*both, (Relation.EQUAL, NOT_MET)], MET) == NOT_MET
    assert [local_verdict([], own) for own in (None, MET)] == [INSUFFICIENT, MET]


def test_a_mapped_clause_that_is_not_in_force_proves_nothing() -> None:
    clause = LocalClause("1", "x", ClauseKind.COMPUTED, "x", (), (LocalMapping("DB 1-2020 1", Relation.EQUAL),))
    found = judge_local(LocalFacts(clause, ((clause.mappings[0], None),), Own()))
    assert (found.verdict, words(found.sentences[0])) == (INSUFFICIENT, "对应的 DB 1-2020 1 当日不在用，按证据不足计。")


# The how-to, followed


def test_the_example_stands_behind_the_specification_and_follows_its_verdicts(cast: Cast) -> None:
    add()
    whole_company(cast)
    found = all_judged(cast.viewer("mia"), cast.company.pk, ON)
    numbers = [one.number for one in catalogue().judged]
    assert [one.clause.number for one in found] == [*numbers, *(f"示例/T 1-2026 4.{place}" for place in (1, 2, 3, 4))]
    assert judged(cast) == {
        "示例/T 1-2026 4.1": ("met", "与 5.2 等同，该条符合。"),
        "示例/T 1-2026 4.2": ("met", "要求不多于 5.1.1，该条符合。"),
        "示例/T 1-2026 4.3": ("insufficient", "要求多于 5.1.4，该条符合；多出的部分要有自有证据。没有自有证据。"),
        "示例/T 1-2026 4.4": (
            "insufficient",
            "与 7 部分重合，该条符合，只作参考；本条要有自有证据。没有自有证据。",
        ),
    }
    member = put_in_post(cast, "X1", "watch")
    member.facts.filter(kind="guard_certificate").delete()
    assert judged(cast)["示例/T 1-2026 4.3"][0] == "not_met"
    everything = all_judged(cast.viewer("mia"), cast.company.pk, ON)
    third = next(one for one in everything if one.clause.number == "示例/T 1-2026 4.3")
    assert [(one.kind, one.id) for one in third.judgement.evidence] == [("person", member.pk)]


def test_a_clause_may_lead_to_another_one_of_a_local_text(cast: Cast) -> None:
    add()
    mapping = [{"to": "示例/T 1-2026 4.1", "relation": "equal"}]
    clause = {"number": "1", "title": "x", "kind": "computed", "text": "x", "mappings": mapping}
    add(changed(number="示例/T 2", clauses=[clause]))
    assert judged(cast)["示例/T 2-2026 1"] == ("not_met", "与 示例/T 1-2026 4.1 等同，该条不符合。")
    with pytest.raises(Refused, match=r"示例/T 2-2026 有条款对应“示例/T 1-2026 4\.1”，先撤除它。"):
        withdraw_local_standard(LocalStandard.objects.get(number="示例/T 1").pk, "错", by=SYSTEM, at=NOON)


def test_one_piece_of_evidence_serves_several_texts(cast: Cast) -> None:
    add()
    whole_company(cast)
    accepted(cast, clauses=("8.3.1", "示例/T 1-2026 4.3", "示例/T 1-2026 4.4"))
    found = judged(cast)
    assert found["示例/T 1-2026 4.3"][0] == found["示例/T 1-2026 4.4"][0] == "met"
    assert "有效证据 1 份，到 2026-12-31，由Mia审核。" in found["示例/T 1-2026 4.4"][1]
    assert judged(cast, date(2027, 1, 1))["示例/T 1-2026 4.4"][0] == "insufficient"
    with pytest.raises(Refused, match="没有需要判定的条款"):
        accepted(cast, text="other", clauses=("示例/T 1-2026 4",))


# Editions and two times


def test_the_later_edition_counts_from_its_first_day(cast: Cast) -> None:
    add()
    add(changed(edition="2027", valid_from="2027-01-01", valid_until="2027-12-31"))
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1), date(2028, 1, 1))
    editions = [{number.split()[1] for number in judged(cast, day)} for day in days]
    assert editions == [set(), {"1-2026"}, {"1-2026"}, {"1-2027"}, set()]


def test_with_known_fixed_an_addition_and_a_removal_change_nothing(cast: Cast) -> None:
    row = add()
    assert judged(cast, known=NOON - timedelta(seconds=1)) == {}
    withdraw_local_standard(row.pk, "试用结束", by=SYSTEM, at=NOON + timedelta(days=1))
    assert judged(cast) == {}
    assert len(judged(cast, known=NOON)) == 4
    assert list(Record.objects.order_by("pk").values_list("action", "company_id")) == [
        ("local_standard.added", None),
        ("local_standard.withdrawn", None),
    ]


# Whose


def test_one_for_chosen_companies_is_theirs_alone(cast: Cast) -> None:
    add(companies=[cast.company.pk])
    assert (len(judged(cast)), judged(cast, name="sam"), judged(cast, name="polly")) == (4, {}, judged(cast))
    add(companies=[cast.other.pk])
    assert len(judged(cast, name="sam")) == 4


def test_a_manager_adds_for_his_company_and_nobody_but_the_administrator_for_all(cast: Cast) -> None:
    add(companies=[cast.company.pk], by=cast.viewer("mia"))
    for name, companies in (("mia", ()), ("mia", [cast.other.pk]), ("leo", [cast.company.pk])):
        with pytest.raises(Forbidden):
            add(companies=companies, by=cast.viewer(name))


# Bad files


CLAUSE = {
    "number": "1",
    "title": "x",
    "kind": "computed",
    "text": "x",
    "mappings": [{"to": "5.2", "relation": "equal"}],
}


def clause(**told: Any) -> bytes:
    return changed(clauses=[CLAUSE, {**CLAUSE, "number": "2"} | told])


@pytest.mark.parametrize(
    ("content", "place", "sentence"),
    [
        (b"\xff\xfe", "", "不是 UTF-8 编码的文本。"),
        (b'{\n"a": }', "", "第 2 行第 6 列：不是 JSON。"),
        (b"[]", "", "最外层应是一个对象 { }。"),
        (b'{"a": 1, "a": 2}', "", "不是可以读取的 JSON：“a”写了两次"),
        (
            b"[" * 100_000,
            "",
            "不是可以读取的 JSON：maximum recursion depth exceeded while decoding a JSON array from a unicode string",
        ),
        (changed(format="other"), "format", "“other”不是可选的值，可选：lianjing-local-standard/1。"),
        (changed(number=5), "number", "应是文字，现为 5。"),
        (changed(title=" "), "title", "没有填写。"),
        (changed(title="x" * 101), "title", "最多 100 个字，现有 101 个。"),
        (changed(title="a\x00"), "title", "“a\x00”含有换行、首尾空格或不能保存的字符。"),
        (changed(valid_from="2026-02-30"), "valid_from", "“2026-02-30”不是日期，请写成 2026-01-01 的样子。"),
        (changed(valid_until="2025-12-31"), "valid_until", "2025-12-31 早于实施日期 2026-01-01。"),
        (changed(colour="red"), "colour", "没有这样的栏目。"),
        (changed(clauses=[]), "clauses", "没有条款。"),
        (changed(clauses="x"), "clauses", "应是一个列表 [ ]，现为 x。"),
        (changed(clauses=["x"]), "clauses[0]", "应是一个对象 { }，现为 x。"),
        (clause(number="1"), "clauses[1].number", "条款号“1”与 clauses[0] 重复。"),
        (clause(kind="law"), "clauses[1].kind", "“law”不是可选的值，可选：heading、definition、computed、attested。"),
        (clause(text=""), "clauses[1].text", "没有填写：除标题外都要写原文。"),
        (clause(kind="heading"), "clauses[1].mappings", "标题没有判定，不能有对应的条款。"),
        (
            clause(mappings=[{"to": "5.2", "relation": "bigger"}]),
            "clauses[1].mappings[0].relation",
            "“bigger”不是可选的值，可选：equal、subset、superset、intersects。",
        ),
        (
            clause(mappings=[{"to": "5.2", "relation": "superset"}]),
            "clauses[1].kind",
            "计算得出的条款只能由 equal 或 subset 对应的条款判定；要自有证据的，性质写 attested。",
        ),
        (clause(mappings=CLAUSE["mappings"] * 2), "clauses[1].mappings[1].to", "“5.2”对应了两次。"),
        (
            clause(number="1234567890.1234567890"),
            "clauses[1].number",
            "最多 20 个字，现有 21 个。",
        ),
        (
            changed(
                number="一个很长很长很长很长很长很长很长很长的标准号", clauses=[{**CLAUSE, "number": "1.2.3.4.5.6.7"}]
            ),
            "clauses[0].number",
            "“一个很长很长很长很长很长很长很长很长的标准号-2026 1.2.3.4.5.6.7”共 41 个字，最多 40 个："
            "请缩短标准号、版本或条款号。",
        ),
    ],
)
def test_a_file_that_cannot_be_taken_says_what_is_wrong_and_where(content: bytes, place: str, sentence: str) -> None:
    with pytest.raises(BadFile) as bad:
        read_local(content)
    assert [(fault.place, words(fault)) for fault in bad.value.faults] == [(place, sentence)]


@pytest.mark.parametrize(
    ("to", "sentence"),
    [
        ("9.9", "没有条款“9.9”：写规范的条款号，或“标准号-版本 条款号”。"),
        ("5", "“5”没有判定，不能对应。"),
        ("示例/T 1-2026 2", "“示例/T 1-2026 2”又对应回本条，成了循环。"),
    ],
)
def test_a_mapping_that_leads_nowhere_or_round_is_refused_and_nothing_is_kept(
    cast: Cast, to: str, sentence: str
) -> None:
    with pytest.raises(BadFile) as bad:
        add(clause(mappings=[{"to": to, "relation": "equal"}]))
    assert [(fault.place, words(fault)) for fault in bad.value.faults] == [("clauses[1].mappings[0].to", sentence)]
    assert (LocalStandard.objects.count(), Record.objects.count()) == (0, 0)


def test_all_faults_of_a_file_are_told_at_once() -> None:
    broken = [{**CLAUSE, "kind": "law", "mappings": [{"to": "5.2"}]}, {**CLAUSE, "number": "2", "title": ""}]
    with pytest.raises(BadFile) as bad:
        read_local(changed(valid_from="soon", clauses=broken))
    assert [fault.place for fault in bad.value.faults] == [
        *("valid_from", "clauses[0].kind", "clauses[0].mappings[0].relation", "clauses[1].title")
    ]


def test_an_edition_is_there_once_and_two_never_begin_on_one_day(cast: Cast) -> None:
    add()
    with pytest.raises(Refused, match="示例/T 1-2026 已经登记；要换掉先撤除它。"):
        add(companies=[cast.company.pk])
    with pytest.raises(Refused, match="示例/T 1-2026 也从 2026-01-01 起实施：两版不能同日生效。"):
        add(changed(edition="2026B"))


# Where it is seen


def test_it_is_seen_on_the_page_by_the_api_and_in_the_report(cast: Cast, client: Any) -> None:
    add()
    client.force_login(cast.users["mia"])
    asked = {"company": "harbour", "on": "2026-11-22"}
    page = client.get("/office/clauses/", asked).content.decode()
    assert "示例/T 1-2026 联网报警运营地方要求" in page
    assert "保安员应持有《保安员证》，并每年复训不少于16学时。" in page
    told = client.get("/office/clauses/report/", {**asked, "as": "json"}).json()
    assert [one["clause"] for one in told["items"]][-4:] == [f"示例/T 1-2026 4.{place}" for place in (1, 2, 3, 4)]
    assert [one["chapter"] for one in told["clauses"]][-1] == "示例/T 1-2026 联网报警运营地方要求（示例，不是真实标准）"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_the_same_edition_at_once_the_second_waits_and_is_refused() -> None:
    cast = Cast()
    is_added, may_end, refused = Event(), Event(), list[str]()

    def first() -> None:
        with transaction.atomic():
            add(companies=[cast.company.pk])
            is_added.set()
            may_end.wait(5)
        connection.close()

    def second() -> None:
        try:
            add(companies=[cast.company.pk])
        except Refused as told:
            refused.append(told.field)
        connection.close()

    threads = [Thread(target=one) for one in (first, second)]
    threads[0].start()
    assert is_added.wait(5)
    threads[1].start()
    threads[1].join(0.3)
    may_end.set()
    for one in threads:
        one.join()
    assert (refused, LocalStandard.objects.count()) == (["edition"], 1)
