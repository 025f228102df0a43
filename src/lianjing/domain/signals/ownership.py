"""Whose an account was when a row of the journal came in: accounts pass from one panel to another."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from lianjing.core.viewer import Scope
from lianjing.domain.sites.models import Panel


def _panels_then() -> "QuerySet[Panel]":
    """The panel that a journal row's account was when the row came in."""
    panels = Panel.objects.filter(
        account=OuterRef("account"), listener=OuterRef("listener"), added_at__lte=OuterRef("received_at")
    )
    return panels.filter(Q(removed_at=None) | Q(removed_at__gt=OuterRef("received_at")))


def own_panel(scope: Scope) -> Exists:
    """Whether a journal row came from an account while it was a panel of these companies."""
    return Exists(_panels_then().filter(site__company_id__in=scope.companies))


def any_panel() -> Exists:
    """Whether a journal row came from an account while it was anybody's panel."""
    return Exists(_panels_then())


def site_name() -> Subquery:
    """The name of the site whose panel a journal row's account was. Who may see the row may see the name."""
    return Subquery(_panels_then().values("site__name")[:1])


def company_then() -> Subquery:
    """The company whose panel a journal row's account was; None when it was nobody's."""
    return Subquery(_panels_then().values("site__company_id")[:1])
