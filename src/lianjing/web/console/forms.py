"""The forms of the moves that ask something. They check that something was chosen; the domain checks the rest."""

from lianjing.web.console.customer_forms import CUSTOMER_FORMS
from lianjing.web.console.forms_of_handling import DisposeForm, ForwardForm, NoteForm, ReopenForm, VerifyForm
from lianjing.web.console.forms_of_help import (
    CancelTaskForm,
    PoliceAcceptedForm,
    PoliceClosedForm,
    PoliceForm,
    PoliceRejectedForm,
    SendTaskForm,
    WaivePoliceForm,
)
from lianjing.web.console.forms_of_joining import JoinForm, SplitForm
from lianjing.web.console.forms_of_plan import StepBackForm, StepForm
from lianjing.web.console.forms_of_queue import DeclineForm, HoldForm, OfferForm
from lianjing.web.console.move_form import MoveForm

BAR_FORMS: dict[str, type[MoveForm]] = {
    form.move: form
    for form in (
        NoteForm,
        VerifyForm,
        ForwardForm,
        DisposeForm,
        ReopenForm,
        HoldForm,
        OfferForm,
        DeclineForm,
        StepForm,
        StepBackForm,
        JoinForm,
        SplitForm,
        SendTaskForm,
        CancelTaskForm,
        PoliceForm,
        PoliceAcceptedForm,
        PoliceRejectedForm,
        PoliceClosedForm,
        WaivePoliceForm,
    )
}
"""Those that stand at the moves of the case page."""

FORMS = BAR_FORMS | dict(CUSTOMER_FORMS)
"""Every form of the case page, those at its contacts too."""
