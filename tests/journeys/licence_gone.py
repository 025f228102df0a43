"""Takes back the guard licence of a running program's demo company, or enters it anew:
`python -m tests.journeys.licence_gone gone|back`. Clause 4.2 turns, and back.
"""

import os
import sys
import time


def act(what: str) -> None:
    from django.utils import timezone

    from lianjing.core.viewer import Person
    from lianjing.domain.companies.fact_policy import NewCompanyFact
    from lianjing.domain.companies.models import Company, CompanyFact
    from lianjing.domain.companies.recording import record_company_fact, retract_company_fact
    from lianjing.domain.compliance.models import StandingVerdict
    from lianjing.terms.roles import Role
    from lianjing.terms.staffing import CompanyFactKind

    company, now = Company.objects.get(is_demo=True), timezone.now()
    acts = {"by": Person(0, "Seed", {company.pk: frozenset({Role.MANAGER})}), "at": now, "source": "seed"}
    rows = CompanyFact.objects.filter(company=company, kind=CompanyFactKind.GUARD_LICENCE.value)
    if what == "gone":
        # What never was judged cannot turn.
        for _try in range(600):
            if StandingVerdict.objects.filter(company=company, clause="4.2", verdict="met").exists():
                break
            time.sleep(0.1)
        for row in rows.filter(retracted_at=None):
            retract_company_fact(row.pk, "登记错了", **acts)
        return
    had = rows.latest("pk")
    new = NewCompanyFact(
        CompanyFactKind.GUARD_LICENCE, "", had.valid_from, had.valid_until, had.number, had.issuer, details=had.details
    )
    record_company_fact(company.pk, new, **acts)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "lianjing.project.settings"
    import django

    django.setup()
    act(sys.argv[1])
