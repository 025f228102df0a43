"""When a clause that turns asks for a finding, and how grave it is. No Django, no clock."""

from lianjing.terms.findings import FindingGrade
from lianjing.terms.verdicts import Verdict

GRADES = {
    Verdict.NOT_MET: FindingGrade.MAJOR,
    Verdict.MOSTLY: FindingGrade.MINOR,
    Verdict.INSUFFICIENT: FindingGrade.OBSERVATION,
}
"""The grade that a verdict begins with; people may change it."""


def badness(verdict: Verdict | None) -> int:
    """0 good; what is not known yet counts as good, so that the first verdict can be worse."""
    grade = GRADES.get(verdict) if verdict is not None else None
    return 0 if grade is None else len(FindingGrade) - grade.rank


def asks_for_finding(was: Verdict | None, now: Verdict) -> bool:
    """Whether it has turned for the worse.

    A clause that never was judged before and of which nothing is recorded has not turned: a company that begins to use
    the product would be given thirty findings that say nothing. What was proved and is proved no longer has turned.
    """
    if was is None and now is Verdict.INSUFFICIENT:
        return False
    return badness(now) > badness(was)
