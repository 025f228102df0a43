"""What was changed, in words: no word of the code is left in the histories of the office."""

import pytest

from lianjing.domain.records.actions import Deed, write_records
from lianjing.domain.records.handing_out import record_taken
from lianjing.domain.records.models import Record
from lianjing.domain.sites.models import Panel
from lianjing.web.office.history import UNTOLD, history
from lianjing.web.office.history_words import ACTS, FIELDS
from tests.cast import NOON, Cast, alarm
from tests.domain.sites.importing.books import take
from tests.domain.sites.importing.whole_file import FULL

pytestmark = pytest.mark.django_db
SUBJECTS = ("customer", "contract", "site", "panel", "zone")


def test_every_act_of_an_import_and_its_fields_have_words(cast: Cast) -> None:
    take(cast.company, FULL)
    changed = {
        "sites": [["code", "key_site"], ["S1", "是"]],
        "contracts": [["number", "state"], ["H1", "ended"]],
        "contacts": [["site", "order", "role"], ["S1", 1, "经理"]],
        "schedules": [["site", "kind", "begins", "ends"], ["S1", "must_close", "23:00", "06:00"]],
        "panels": [["account", "paths", "plain_allowed"], ["0012", "4g:300", "是"]],
        "zones": [["panel", "number", "disabled"], ["0012", "1", "是"]],
    }
    take(cast.company, changed)
    Panel.objects.update(activated_at=None)
    alarm()
    records = Record.objects.filter(subject_type__in=SUBJECTS)
    acts = {record.action for record in records}
    assert ("panel.activated" in acts, acts - set(ACTS)) == (True, set())
    names = {name for record in records for name in {**(record.before or {}), **record.after}}
    assert names - UNTOLD - set(FIELDS) == set()
    panel = records.get(action="panel.changed")
    assert panel.before is not None
    assert panel.before["paths"] == "有线 IP（TCP），每 1 分钟 30 秒，漏 3 次；4G，每 5 分钟，漏 3 次"


def test_what_was_taken_away_and_what_a_review_came_to_are_told_in_words(cast: Cast) -> None:
    mia, company_id = cast.viewer("mia"), cast.company.pk
    record_taken("plan_cover", {company_id: 3}, "plans.see", by=mia, at=NOON)
    reviewed = Deed("drill.reviewed", "drill", 1, company_id, after={"conclusion": "findings"})
    write_records([reviewed], by=mia, at=NOON)
    lines = history(mia, [("company", company_id), ("drill", 1)], "drills.see")
    assert [(line.act, [(one.field, one.has) for one in line.changes]) for line in lines] == [
        ("复盘", [("结论", "有改进项")]),
        ("导出名册或统计", [("名册", "预案覆盖"), ("行数", "3")]),
    ]
