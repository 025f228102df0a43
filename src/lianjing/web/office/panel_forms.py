"""Forms of a panel's registration."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as later

from lianjing.core.viewer import Viewer
from lianjing.domain.sites.equipment_entries import PanelEntry
from lianjing.domain.sites.panel_register import backup_choices
from lianjing.terms.premises import Listener
from lianjing.web.durations import MOST_TEXT, duration_text, seconds_of
from lianjing.web.office.forms import OfficeForm, choice, text

MINUTE = 60


class DurationField(forms.CharField):
    """A length of time as people write it; cleaned to seconds, None when empty."""

    def __init__(self, *, bare: str, **more: Any) -> None:
        super().__init__(max_length=MOST_TEXT, required=False, **more)
        self.bare = bare
        self.widget.attrs |= {"autocomplete": "off"}

    def clean(self, value: Any) -> int | None:
        written = super().clean(value)
        if not written:
            return None
        seconds = seconds_of(written, self.bare)
        if seconds is None:
            raise forms.ValidationError(later("请写成 24 小时、30 分、90 秒 的样子。"))
        return seconds


class PanelForm(OfficeForm):
    """What is registered of a panel; paths, areas and zones have tables of their own."""

    account = text(
        later("账号"), 64, required=True, hint=later("照设备发出的填写，前导零也要。经接警机转来的，照接警机打印的填。")
    )
    listener = choice(later("接入协议"), Listener)
    model = text(later("型号"), 64)
    receiver_line = text(later("接收线路"), 16, hint=later("只供人看：设备应从哪条线路来。"))
    test_interval = DurationField(
        label=later("测试间隔"),
        bare="m",
        help_text=later("推荐 24 小时：满 25 小时 30 分没有测试就提醒。不要求测试就留空。"),
        widget=forms.TextInput(attrs={"list": "test-intervals"}),
    )
    backup_of = forms.ChoiceField(
        label=later("备用通信机"),
        required=False,
        help_text=later("另有账号的第二台通信机，选它的主设备；一般留空。"),
        error_messages={"invalid_choice": later("没有这个选项。")},
    )

    def __init__(
        self, data: Any = None, *, viewer: Viewer, site_id: int, panel_id: int | None = None, **more: Any
    ) -> None:
        super().__init__(data, **more)
        mains = backup_choices(viewer, site_id, panel_id)
        self.fields["backup_of"].choices = [  # type: ignore[attr-defined]
            ("", later("不是，独立设备")),
            *((str(p.pk), f"{p.account} {p.model}".strip()) for p in mains),
        ]

    @staticmethod
    def start(entry: PanelEntry) -> Mapping[str, Any]:
        """The form as it stands for a panel that is on file."""
        interval = duration_text(entry.test_interval * MINUTE) if entry.test_interval else ""
        return {
            "account": entry.account,
            "listener": entry.listener,
            "model": entry.model,
            "receiver_line": entry.receiver_line,
            "test_interval": interval,
            "backup_of": entry.backup_of or "",
        }

    def entry(self) -> PanelEntry:
        told = self.cleaned_data
        seconds = told["test_interval"]
        return PanelEntry(
            account=told["account"],
            listener=told["listener"],
            model=told["model"],
            receiver_line=told["receiver_line"],
            # Rounded up: half a minute is no interval at all, and must not become none.
            test_interval=None if seconds is None else -(-seconds // MINUTE),
            backup_of=int(told["backup_of"]) if told["backup_of"] else None,
        )
