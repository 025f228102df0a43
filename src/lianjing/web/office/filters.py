"""What stands above a list of the office: as in every room."""

from lianjing.web.filters import Choice, bar, choice, company_choice, company_id, text_of

__all__ = ["Choice", "bar", "choice", "company_choice", "company_id", "text_of"]
