"""How a certificate or a licence stands on a day. No Django, no clock."""

from datetime import date, timedelta

SOON = timedelta(days=90)
VALID, ENDING, ENDED = "valid", "ending", "ended"


def certificate_state(until: date | None, on: date) -> str:
    """Whether it has ended, ends within 90 days, or neither."""
    if until is None or until > on + SOON:
        return VALID
    return ENDED if until < on else ENDING
