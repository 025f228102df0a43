"""Gaps in sequence numbers, each to its own company."""

from datetime import timedelta

from lianjing.domain.signals.models import SequenceGap
from lianjing.domain.signals.sequence_list import gaps_of_day, gaps_of_panel
from lianjing.domain.sites.models import Panel
from tests.cast import NOON, Cast


def note(account: str, first: int, last: int, **told: object) -> None:
    panel = Panel.objects.select_related("site").get(account=account)
    place = {"listener": "dc09", "account": account, "panel": panel, "company_id": panel.site.company_id}
    times = {"on": NOON.date(), "after_at": NOON, "at": NOON + timedelta(seconds=first)}
    SequenceGap.objects.create(first=first, last=last, missing=last - first + 1, **place, **times, **told)


def test_gaps_are_seen_by_their_company_and_what_came_after_all_counts_no_more(
    cast: Cast, django_assert_num_queries
) -> None:
    note("1001", 5, 9, arrived=2)
    note("1002", 7, 7, possible=True)
    note("2001", 1, 4)
    olivia = cast.viewer("olivia")
    with django_assert_num_queries(2):
        ours = gaps_of_day(olivia, NOON.date())
    assert (ours.surely, ours.possibly, ours.panels, ours.more) == (3, 1, 2, 0)
    assert [(line.account, line.site_name) for line in ours.lines] == [
        ("1002", "Harbour Bank"),
        ("1001", "Corner Shop"),
    ]
    mill = Panel.objects.get(account="2001").pk
    assert [line.last for line in gaps_of_panel(cast.viewer("sam"), mill)] == [4]
    assert gaps_of_panel(cast.viewer("mia"), mill) == []
    assert gaps_of_day(cast.viewer("gus"), NOON.date()).lines == []
