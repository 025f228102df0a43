"""导入导出 of people beside the workbook: photos and scans in bulk, and the people of a company as a workbook."""

from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lianjing.core.access import needs
from lianjing.core.crypto import Unopenable
from lianjing.core.workbooks.writing import Form
from lianjing.domain.people.exporting.actions import Wanted, export_people
from lianjing.domain.people.importing.papers_in import is_papers
from lianjing.web.acting import submitted, who
from lianjing.web.file_sending import workbook
from lianjing.web.office.exchange import (
    EDIT_PEOPLE,
    EXPORT_PEOPLE,
    IDENTITY,
    mine_for,
    page,
    to_dry_run,
)
from lianjing.web.office.exchange_forms import PapersForm, PeopleExportForm


@needs(EDIT_PEOPLE)
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Keeps photos and scans, and shows what belongs to whom."""
    form = PapersForm(mine_for(request, EDIT_PEOPLE), request.POST, request.FILES)
    if not form.is_valid():
        return page(request, status=422, papers_form=form)
    file = form.file()
    if not is_papers(file):
        form.add_error("papers", _("只能是 PDF、PNG 或 JPEG 文件，或装有它们的 ZIP。"))
        return page(request, status=422, papers_form=form)
    return to_dry_run(request, int(form.cleaned_data["company"]), file)


@needs(EXPORT_PEOPLE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The people of a company as a workbook; that it went out is recorded."""
    mine = mine_for(request, EXPORT_PEOPLE)
    form = PeopleExportForm(mine, request.POST, may_reveal=bool(mine_for(request, IDENTITY)))
    into = BytesIO()

    def act(told: dict[str, Any]) -> None:
        wanted = Wanted(Form(labels=True), told.get("identity", False), told.get("reason", ""))
        export_people(int(told["company"]), into, wanted, **who(request))

    try:
        done = submitted(form, act)
    except Unopenable:
        form.add_error("identity", _("有的身份号码是用另一把数据密钥加密的，打不开。"))
        done = False
    if not done:
        return page(request, status=422, people_form=form)
    name = next(company.name for company in mine if str(company.pk) == form.cleaned_data["company"])
    day = timezone.localdate().isoformat()
    return workbook(into, _("%(company)s 人员 %(day)s.xlsx") % {"company": name, "day": day})
