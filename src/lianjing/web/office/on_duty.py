"""在岗: who is on duty now against the roster, place by place, and how the desks were handed over."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_safe

from lianjing.core.access import may, needs, viewer_of
from lianjing.domain.companies.queries import companies
from lianjing.domain.incidents.hand_overs import hand_overs
from lianjing.domain.people.on_duty import SEE, counted, on_duty_now
from lianjing.web.office.surroundings import surroundings
from lianjing.web.pages import show
from lianjing.web.words import Words

HAND_OVERS_SHOWN = 10
THERE: Words = {
    "there": later("已签到"),
    "missing": later("未到"),
    "between": later("交接时段"),
    "without": later("没有排班"),
    "unplanned": later("已签到"),
}
SIGNS = {"there": ("✓", "ok"), "missing": ("▲", "g2"), "between": ("○", "soft"), "without": ("▲", "g2")}


@needs(SEE)
@require_safe
def on_duty(request: HttpRequest) -> HttpResponse:
    viewer, context = viewer_of(request), surroundings(request, "on_duty")
    now = context["now"]
    mine = [one for one in companies(viewer) if viewer.scope(SEE).holds(one.pk)]
    blocks = []
    for company in mine:
        places = on_duty_now(viewer, company.pk, now)
        blocks.append({"company": company, "places": [_place(one) for one in places], "told": counted(places)})
    context |= {
        "blocks": blocks,
        "several_companies": len(mine) > 1,
        "hand_overs": hand_overs(viewer, limit=HAND_OVERS_SHOWN) if may(viewer, "handovers.see") else [],
        "may_relieve": may(viewer, "roster.edit"),
        "may_see_gate": may(viewer, "people.see"),
    }
    return show(request, "office/on_duty.html", context)


def _place(place: Any) -> dict[str, Any]:
    people = [
        {
            "one": person,
            "sign": SIGNS.get(person.there, ("✓", "ok"))[0],
            "tone": SIGNS.get(person.there, ("✓", "ok"))[1],
            "words": THERE[person.there],
        }
        for person in place.people
    ]
    return {"place": place, "people": people}
