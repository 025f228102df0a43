from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from lianjing.core.outbox.pulse import WORK, beat
from tests.cast import Cast
from tests.web.conftest import As

__all__ = ["As"]


@pytest.fixture
def receiver_status() -> Iterator[Callable[..., None]]:
    """What the receiver says of itself, `age` seconds ago."""
    path = settings.ENVIRONMENT.status_path

    def write(journal_ok: bool = True, age: float = 0, fault: str = "") -> None:
        at = (timezone.now() - timedelta(seconds=age)).isoformat()
        told = f'{{"at": "{at}", "journal_ok": {str(journal_ok).lower()}, "fault": "{fault}"}}'
        path.write_text(told)

    yield write
    path.unlink(missing_ok=True)


@pytest.fixture
def all_well(cast: Cast, receiver_status: Callable[..., None]) -> None:
    """Receiver and background process both show signs of life."""
    receiver_status()
    beat(WORK, timezone.now())
