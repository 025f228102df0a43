"""Words for the review of response plans (预案评审)."""

from lianjing.terms.premises import Word


class ReviewKind(Word):
    """What is looked at: whether the plan is lawful and fits its purpose, or, once a year, whether it must change."""

    LEGAL = "legal", "合法性和适用性评审"
    YEARLY = "yearly", "年度评审"


class ReviewConclusion(Word):
    """What a review came to; the first two of one of law, the others of a yearly one."""

    FITS = "fits", "符合"
    FAILS = "fails", "不符合"
    NO_CHANGE = "no_change", "无需修订"
    REVISE = "revise", "需要修订"

    @property
    def kind(self) -> ReviewKind:
        return ReviewKind.LEGAL if self in (ReviewConclusion.FITS, ReviewConclusion.FAILS) else ReviewKind.YEARLY


class FollowUp(Word):
    """What follows from a yearly review that wants a revision."""

    DRAFT = "draft", "起草新版"
    FINDING = "finding", "提出整改"
