"""What of an answer is told to whom: reasons that are private only to who may read the file. No Django, no clock."""

from lianjing.domain.people.eligibility import Eligibility, Reason
from lianjing.terms.sentences import marked as _

WITHHELD = Reason("private", "", False, _("另有不便公开的原因，请向经理了解。"))


def told_reasons(answer: Eligibility, *, sees_file: bool) -> tuple[Reason, ...]:
    """Every reason; of those that are private others learn no more than that there is one."""
    if sees_file:
        return answer.reasons
    open_ones = tuple(reason for reason in answer.reasons if not reason.private)
    return open_ones if len(open_ones) == len(answer.reasons) else (*open_ones, WITHHELD)


def told_against(answer: Eligibility, *, sees_file: bool) -> tuple[Reason, ...]:
    """Those that stand in the way."""
    return tuple(reason for reason in told_reasons(answer, sees_file=sees_file) if not reason.met)
