"""Telephone numbers as pages and reports show them. Pure."""


def masked_phone(phone: str) -> str:
    """ "13812342201" -> "138****2201"; shorter numbers keep their last two digits."""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return "****" + phone[-2:] if len(phone) > 4 else "****"
