"""Small decisions about sites; no Django, no clock."""

from datetime import datetime


def normal_number(number: str) -> str:
    """A zone or user number as it is compared: "003", "3" and " 03" are one zone; "0" stays "0"."""
    stripped = number.strip().upper()
    return stripped.lstrip("0") or ("0" if stripped else "")


def normal_account(account: str) -> str:
    """An account as it is looked up. Leading zeros count; letters compare without case."""
    return account.strip().upper()


def is_on_test(test_until: datetime | None, at: datetime) -> bool:
    return test_until is not None and at < test_until


def masked_phone(phone: str) -> str:
    """ "13812342201" -> "138****2201"; shorter numbers keep their last two digits."""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return "****" + phone[-2:] if len(phone) > 4 else "****"
