"""Who may test what, and for how long."""

from lianjing.core.viewer import INSTALLATION, Person, Token, Viewer
from lianjing.terms.roles import Role


def roles_for(viewer: Viewer, company_id: int | None) -> frozenset[Role]:
    """The roles that somebody holds for a company, those for the whole installation included; of programs none."""
    person = viewer.person if isinstance(viewer, Token) else viewer
    if not isinstance(person, Person):
        return frozenset()
    return person.roles.get(company_id, frozenset()) | person.roles.get(INSTALLATION, frozenset())
