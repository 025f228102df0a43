"""An access review of the cast's company, for tests."""

from datetime import datetime
from typing import Any

from lianjing.domain.people.access_list import account_lines
from lianjing.domain.people.access_policy import Decided
from lianjing.domain.people.access_reviewing import sign_access_review
from lianjing.domain.people.models import AccessReview
from tests.cast import NOON, Cast


def review(cast: Cast, at: datetime = NOON, without: tuple[str, ...] = (), **told: Any) -> AccessReview:
    """Everybody keeps his role but those named in `without`."""
    viewer = cast.viewer("mia")
    lines = account_lines(viewer, cast.company.pk)
    decided = {one.id: Decided("withdraw", "已离岗") if one.username in without else Decided("keep") for one in lines}
    return sign_access_review(cast.company.pk, decided | told.pop("more", {}), "", by=viewer, at=at)
