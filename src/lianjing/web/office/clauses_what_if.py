"""假设: so many customers and so many people in the three posts: which row of table 1, and who would be lacking."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_safe

from lianjing.core.access import needs, viewer_of
from lianjing.domain.compliance.effects import staffed_on
from lianjing.domain.compliance.table_1 import POSTS, TABLE
from lianjing.domain.compliance.what_if import Staffed, added, next_told
from lianjing.terms.sentences import words
from lianjing.terms.staffing import PostKind
from lianjing.web.office.clause_view import NEED_AT
from lianjing.web.office.forms import NOT_FILLED, OfficeForm
from lianjing.web.office.surroundings import surroundings
from lianjing.web.office.whose import says_when_none, shown_company
from lianjing.web.pages import show
from lianjing.web.words import label

TAB, SEE = "clauses", "compliance.see"
CUSTOMERS_AT_MOST, PEOPLE_AT_MOST = 1_000_000, 10_000
SLIDES_AT_LEAST = 12_000
"""Past the last boundary of table 1."""
ANSWERED = {"hx-select": "#answer", "hx-target": "#answer", "hx-swap": "outerHTML", "hx-include": "#what-if"}


def _number(words: Any, most: int, **more: str) -> forms.IntegerField:
    said = {**NOT_FILLED, "invalid": later("请填整数。"), "max_value": later("最多 %(limit_value)d。")}
    said["min_value"] = later("最少 %(limit_value)d。")
    attrs = {"inputmode": "numeric", "hx-trigger": "input changed delay:150ms", **ANSWERED, **more}
    return forms.IntegerField(
        label=words, min_value=0, max_value=most, widget=forms.NumberInput(attrs=attrs), error_messages=said
    )


class WhatIfForm(OfficeForm):
    """Customers and people by post."""

    customers = _number(later("在服务客户（户）"), CUSTOMERS_AT_MOST, **{"hx-select-oob": "#slide"})
    patrol = _number(later("现场处置巡逻（合格人数）"), PEOPLE_AT_MOST)
    watch = _number(later("人工值守（合格人数）"), PEOPLE_AT_MOST)
    design_install = _number(later("设计施工（合格人数）"), PEOPLE_AT_MOST)

    def __init__(self, data: Any, path: str, **more: Any) -> None:
        super().__init__(data, **more)
        for field in self.fields.values():
            field.widget.attrs["hx-get"] = path

    def staffed(self) -> Staffed:
        told = self.cleaned_data
        return Staffed(told["customers"], {post: told[post.value] for post in POSTS})


@dataclass(frozen=True, slots=True)
class Bar:
    """One post. `more`: how many more than today's row needs."""

    words: str
    count: int
    needs: int
    margin: int
    more: int

    @property
    def fill(self) -> int:
        return min(100, self.count * NEED_AT // self.needs)

    @property
    def signed(self) -> str:
        return _signed(self.margin)

    @property
    def more_signed(self) -> str:
        return _signed(self.more)


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else str(number).replace("-", "−")


@needs(SEE)
@require_safe
@says_when_none(TAB)
def clauses_what_if(request: HttpRequest) -> HttpResponse:
    company, companies = shown_company(request, SEE)
    today = staffed_on(viewer_of(request), company.pk, timezone.localdate()) or Staffed(0, {})
    begins = {"customers": today.customers, **{post.value: today.count(post) for post in POSTS}}
    form = WhatIfForm(_asked(request, begins), request.path)
    found = form.staffed() if form.is_valid() else None
    context = surroundings(request, TAB) | {"company": company, "companies": companies, "form": form, "today": today}
    context |= {"rows": TABLE, "found": found, "posts": [label(PostKind, post.value) for post in POSTS]}
    if found is not None:
        context |= {"bars": _bars(today, found), "next": [words(one, _) for one in next_told(found)]}
        context |= {"is_short": any(found.margin(post) < 0 for post in POSTS)}
    context["slide_most"] = _slides_to(today)
    return show(request, "office/clauses/what_if.html", context, status=200 if found is not None else 422)


def _asked(request: HttpRequest, begins: dict[str, int]) -> dict[str, Any]:
    """What was asked, beginning with today's figures; the slider stands for the number when it was moved."""
    asked = {name: request.GET.get(name, value) for name, value in begins.items()}
    if request.headers.get("HX-Trigger-Name") == "slide":
        asked["customers"] = request.GET.get("slide", asked["customers"])
    return asked


def _slides_to(staffed: Staffed) -> int:
    """Over the whole table, whatever is asked: the slider itself is not renewed while it is moved. Of a larger company
    some way past its number."""
    return max(SLIDES_AT_LEAST, staffed.customers * 6 // 5)


def _bars(today: Staffed, found: Staffed) -> list[Bar]:
    more = added(today.row, found.row)
    return [
        Bar(label(PostKind, post.value), found.count(post), found.row.needs(post), found.margin(post), more[post])
        for post in POSTS
    ]
