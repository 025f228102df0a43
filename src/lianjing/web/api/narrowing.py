"""What lists are narrowed by."""

from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import Field

from lianjing.core.viewer import Viewer
from lianjing.domain.companies.queries import company_called
from lianjing.domain.incidents.moving import Missing

TextWanted = Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]


def company_wanted(viewer: Viewer, named: str) -> int | None:
    """The company of that code or name; None when none is named. Raises Missing."""
    if not named:
        return None
    found = company_called(viewer, named)
    if found is None:
        raise Missing(_("没有这个单位。"))
    return found.pk
