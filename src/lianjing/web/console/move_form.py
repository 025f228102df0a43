"""What the forms of the case page have in common, and the kinds of fields that they are made of."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

from lianjing.domain.incidents.case_page import IncidentPage
from lianjing.domain.incidents.moving import TEXT_LIMIT
from lianjing.web.console.acting import NO_CHOICE, NOT_FILLED

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class MoveForm(forms.Form):
    """A form inside the case page. `move` names the row of the transition table."""

    move: ClassVar[str]
    title: ClassVar["_StrPromise"]
    send_words: ClassVar["_StrPromise"]
    use_required_attribute = False
    href: str = ""
    quick: ClassVar[bool] = False
    """A number key chooses and sends at once."""

    def fit(self, page: IncidentPage, parts: Mapping[str, Any]) -> None:
        """Takes from the case, and from the parts of its page, what the form offers and begins with."""

    def __init__(self, data: object = None) -> None:
        super().__init__(data, auto_id=f"{self.move}-%s", label_suffix="")  # type: ignore[arg-type]

    @property
    def draft(self) -> str:
        """Names what is typed here among the drafts of the case."""
        return self.move

    @property
    def is_open(self) -> bool:
        return self.is_bound

    def refuse(self, field: str, sentence: str) -> None:
        """Puts the domain's sentence beside the field that it is about."""
        self.add_error(field if field in self.fields else None, sentence)


def choice(label: "_StrPromise", values: Sequence[str], words: Callable[[str], str]) -> forms.ChoiceField:
    """One of some values, by their words."""
    # A function: the words are read in the language of each request.
    return forms.ChoiceField(
        label=label,
        choices=lambda: [(value, words(value)) for value in values],
        widget=forms.RadioSelect,
        error_messages=NO_CHOICE,
    )


class OpenChoice(forms.ChoiceField):
    """One of what the case offers. Takes any value: that may have changed since the page was made, and the domain
    checks it."""

    def valid_value(self, value: object) -> bool:
        return True


def written(label: "_StrPromise", *, required: bool = False, lines: int = 2) -> forms.CharField:
    """Some lines of text."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": lines, "autocomplete": "off"}),
        error_messages=NOT_FILLED,
    )
