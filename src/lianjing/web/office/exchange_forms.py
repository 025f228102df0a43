"""Forms of 导入导出: what is brought, for which company, and how it goes out."""

import io
import zipfile
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lianjing.core.workbooks.planning import File
from lianjing.domain.companies.models import Company
from lianjing.web.office.forms import NOT_FILLED, OfficeForm, text


class UploadForm(OfficeForm):
    """A file, and for which company when there are several."""

    company = forms.ChoiceField(label=later("从业单位"), error_messages={"required": later("请选择一项。")})
    file = forms.FileField(
        label=later("工作簿"),
        error_messages={**NOT_FILLED, "required": later("请选择一个文件。"), "empty": later("文件是空的。")},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.zip"}),
    )

    def __init__(self, mine: list[Company], data: object = None, files: object = None) -> None:
        super().__init__(data, files)
        offer_companies(self, mine)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        check_size(file.size)
        return file


class ExportForm(OfficeForm):
    """Which company, when there are several."""

    company = forms.ChoiceField(label=later("从业单位"), error_messages={"required": later("请选择一项。")})

    def __init__(self, mine: list[Company], data: object = None) -> None:
        super().__init__(data, auto_id="e-%s")
        offer_companies(self, mine)


def offer_companies(form: forms.Form, mine: list[Company]) -> None:
    """With one company there is nothing to choose."""
    field = form.fields["company"]
    if len(mine) == 1:
        field.widget = forms.HiddenInput()
        field.initial = str(mine[0].pk)
    field.choices = [(str(company.pk), company.name) for company in mine]  # type: ignore[attr-defined]


def check_size(size: int) -> None:
    """Raises ValidationError for more than may be brought."""
    most = settings.ENVIRONMENT.import_max_mb
    if size > most * 1_000_000:
        told = _("文件有 %(size)s MB，最多 %(most)d MB：请分成几个文件，或请管理员在服务器上导入。")
        raise forms.ValidationError(told % {"size": f"{size / 1_000_000:.1f}", "most": most})


class _SeveralInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class _SeveralFiles(forms.FileField):
    """One file or more."""

    widget = _SeveralInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        brought = data if isinstance(data, list | tuple) else [data]
        return [super(_SeveralFiles, self).clean(one, initial) for one in brought or [None]]


class PapersForm(OfficeForm):
    """Photos and scans: a ZIP file, or several files at once."""

    company = forms.ChoiceField(label=later("从业单位"), error_messages={"required": later("请选择一项。")})
    papers = _SeveralFiles(
        label=later("ZIP 或若干文件"),
        error_messages={**NOT_FILLED, "required": later("请选择一个文件。"), "empty": later("文件是空的。")},
        widget=_SeveralInput(attrs={"accept": ".zip,.jpg,.jpeg,.png,.pdf"}),
    )

    def __init__(self, mine: list[Company], data: object = None, files: object = None) -> None:
        super().__init__(data, files, auto_id="p-%s")
        offer_companies(self, mine)

    def clean_papers(self) -> list[Any]:
        brought: list[Any] = self.cleaned_data["papers"]
        check_size(sum(one.size or 0 for one in brought))
        return brought

    def file(self) -> File:
        """What was brought as one ZIP file."""
        brought: list[Any] = self.cleaned_data["papers"]
        first = brought[0].read()
        if len(brought) == 1 and first.startswith(b"PK"):
            return File(brought[0].name or "", first)
        names = brought[0].name if len(brought) == 1 else _("%(count)d 个文件") % {"count": len(brought)}
        brought[0].seek(0)
        into = io.BytesIO()
        with zipfile.ZipFile(into, "w") as archive:
            for one in brought:
                archive.writestr(one.name or "", one.read())
        return File(f"{names}.zip", into.getvalue())


class PeopleExportForm(OfficeForm):
    """Which company; and whether with identity numbers, for whoever may see them, and why."""

    company = forms.ChoiceField(label=later("从业单位"), error_messages={"required": later("请选择一项。")})
    identity = forms.BooleanField(label=later("含完整身份号码"), required=False)
    reason = text(later("理由"), 200, hint=later("含身份号码时必填；会记录在案。"))

    def __init__(self, mine: list[Company], data: object = None, *, may_reveal: bool) -> None:
        super().__init__(data, auto_id="x-%s")
        offer_companies(self, mine)
        if not may_reveal:
            del self.fields["identity"], self.fields["reason"]
