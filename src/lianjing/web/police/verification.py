"""校验证据包: a bundle that a company hands in, checked here as `lianjing verify-records` checks it."""

import re
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods

from lianjing.core.access import needs
from lianjing.core.seals.bundle_zip import MB, ZIP_AT_MOST
from lianjing.domain.records.bundle_checks import BundleCheck, check_bundle
from lianjing.web.acting import RefusableForm, submitted, who
from lianjing.web.pages import show
from lianjing.web.police.fault_words import fault_line
from lianjing.web.police.surroundings import surroundings

HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


class BundleForm(RefusableForm):
    """The file, and a head that was kept elsewhere."""

    bundle = forms.FileField(
        label=later("证据包（ZIP）"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        error_messages={"required": later("请选择文件。"), "invalid": later("请选择文件。")},
    )
    head = forms.CharField(
        label=later("包外留存的封存号与哈希"),
        required=False,
        max_length=200,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "5120:9c1f…"}),
        error_messages={"null_characters_not_allowed": later("含有不能保存的字符。")},
    )

    def __init__(self, data: object = None, files: object = None) -> None:
        super().__init__(data, files, auto_id="f-%s", label_suffix="")  # type: ignore[arg-type]

    def clean_head(self) -> tuple[int, str] | None:
        text = self.cleaned_data["head"].lower()
        found = HEAD.fullmatch(text)
        if text and found is None:
            raise forms.ValidationError(_("请写成 封存号:哈希，哈希为 64 位十六进制数字，如 5120:9c1f…。"))
        return (int(found[1]), found[2]) if found else None


@needs("police.desk")
@require_http_methods(["GET", "HEAD", "POST"])
def verification(request: HttpRequest) -> HttpResponse:
    form, result = BundleForm(), None
    if request.method == "POST":
        form = BundleForm(request.POST, request.FILES)
        checks: list[BundleCheck] = []

        def act(values: dict[str, Any]) -> None:
            file = values["bundle"]
            checks.append(check_bundle(file, file.size, values["head"], **who(request)))

        submitted(form, act)
        result = checks[0] if checks else None
    context = surroundings(request, "verification") | {"form": form, "result": result, "limit_mb": ZIP_AT_MOST // MB}
    if result is not None:
        context |= {"faults": [fault_line(fault) for fault in result.faults]}
        context["head_said"] = f"{result.head[0]}:{result.head[1]}" if result.head else ""
    refused = request.method == "POST" and result is None
    return show(request, "police/verification.html", context, 422 if refused else 200)
