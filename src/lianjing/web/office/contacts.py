"""联系人 of a site: form, order, verification. Words go in and never come out."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from lianjing.core.access import needs, viewer_of
from lianjing.core.phones import masked_phone
from lianjing.domain.sites.actions.contacts import (
    CONTACT_FIELDS,
    WORDS,
    add_contact,
    change_contact,
    clear_words,
    move_contact,
    remove_contact,
    verify_contact,
)
from lianjing.domain.sites.models import Contact
from lianjing.domain.sites.site_page import contact_by_id, site_by_id
from lianjing.web.acting import doors, found, submitted, who
from lianjing.web.office.acting import FormPage, done, show_form
from lianjing.web.office.forms import OfficeForm, text, time_of_day

TAB = "sites"


def _word(label: Any, hint: Any) -> forms.CharField:
    """Never rendered with a value. A password field would switch off the input method for Chinese."""
    field = text(label, 40, hint=hint)
    field.widget = _Unshown(attrs={"autocomplete": "off", "spellcheck": "false", "maxlength": "40"})
    return field


class _Unshown(forms.TextInput):
    """What was typed is not sent back."""

    def format_value(self, value: Any) -> None:
        return None


class ContactForm(OfficeForm):
    """`on_file`: of a contact that is there, whose empty fields for words mean that they stay."""

    name = text(later("姓名"), 50, required=True)
    role = text(later("身份"), 50, hint=later("如店长、物业值班。"))
    phone = text(later("电话"), 32, required=True)
    email = text(later("邮箱"), 190, hint=later("可不填；填了才能用邮件通报和发确认链接。"))
    notes = text(later("备注"), 200)
    reachable_from = time_of_day(later("可联系自"), hint=later("都不填：全天。"))
    reachable_until = time_of_day(later("可联系至"), hint=later("早于起始时间：到次日。"))
    pass_word = _word(later("口令"), later("只存校验值，谁也看不到；再填一次就是更换。"))
    duress_word = _word(later("胁迫口令"), later("必须与口令不同。报出它即上报一级警情。"))


@sensitive_variables("form", "values")
@sensitive_post_parameters(*WORDS)
@needs("sites.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, site_id: int) -> HttpResponse:
    site = found(site_by_id(viewer_of(request), site_id))
    form = ContactForm(request.POST or None)
    if request.method == "POST" and submitted(form, lambda values: add_contact(site_id, values, **who(request))):
        return done(request, _href(site_id), _("联系人已添加，排在最后。"))
    title = _("添加联系人：%(name)s") % {"name": site.name}
    return show_form(request, FormPage(TAB, title, _("添加"), _href(site_id)), form)


@sensitive_variables("form", "values")
@sensitive_post_parameters(*WORDS)
@needs("sites.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, site_id: int, contact_id: int) -> HttpResponse:
    contact = found(contact_by_id(viewer_of(request), site_id, contact_id))
    form = _form(request, contact)

    def act(values: dict[str, Any]) -> None:
        if not values["phone"]:
            del values["phone"]
        change_contact(site_id, contact_id, values, **who(request))

    if request.method == "POST" and submitted(form, act):
        return done(request, _href(site_id), _("已保存。"))
    title = _("修改联系人：%(name)s") % {"name": contact.name}
    page = FormPage(TAB, title, _("保存"), _href(site_id), template="office/contact_form.html")
    return show_form(request, page, form, {"contact": contact, "site_id": site_id})


def _form(request: HttpRequest, contact: Contact) -> ContactForm:
    """Whoever may not see the number in whole may replace it, and sees it masked beside the empty field."""
    values = {name: getattr(contact, name) for name in CONTACT_FIELDS}
    sees = viewer_of(request).scope("sites.contact_phone").holds(contact.site.company_id)
    form = ContactForm(request.POST or None, initial=values if sees else {**values, "phone": "", "email": ""})
    if not sees:
        del form.fields["email"]
        form.fields["phone"].required = False
        form.fields["phone"].help_text = _("现为 %(phone)s；不填：不变。") % {"phone": masked_phone(contact.phone)}
    for name in WORDS:
        if getattr(contact, name):
            form.fields[name].label = _("%(label)s（已登记；不填：不变）") % {"label": form.fields[name].label}
    return form


def _button(act: Callable[[HttpRequest, int, int], object], said: Any = "") -> Callable[..., HttpResponse]:
    """A view of a button without a form."""

    @needs("sites.edit")
    @require_POST
    def view(request: HttpRequest, site_id: int, contact_id: int) -> HttpResponse:
        with doors():
            act(request, site_id, contact_id)
        return done(request, _href(site_id), str(said)) if said else HttpResponseRedirect(_href(site_id))

    return view


up = _button(lambda request, site_id, contact_id: move_contact(site_id, contact_id, True, **who(request)))
down = _button(lambda request, site_id, contact_id: move_contact(site_id, contact_id, False, **who(request)))
verify = _button(
    lambda request, site_id, contact_id: verify_contact(site_id, contact_id, timezone.localdate(), **who(request)),
    later("已核实。"),
)
remove = _button(
    lambda request, site_id, contact_id: remove_contact(site_id, contact_id, **who(request)), later("联系人已删除。")
)
forget_words = _button(
    lambda request, site_id, contact_id: clear_words(site_id, contact_id, **who(request)), later("口令已删除。")
)


def _href(site_id: int) -> str:
    return reverse("office:site", args=[site_id]) + "#contacts"
