"""How a piece of evidence stands, and what somebody was asked for."""

from lianjing.terms.premises import Word


class EvidenceState(Word):
    """证据的状态. `EXPIRED` and `UPCOMING` follow from the day and are stored nowhere."""

    SUBMITTED = "submitted", "待审核"
    ACCEPTED = "accepted", "有效"
    UPCOMING = "upcoming", "尚未生效"
    EXPIRED = "expired", "已到期"
    REJECTED = "rejected", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


class AskedState(Word):
    """What became of one request of a campaign."""

    OPEN = "open", "待提交"
    OVERDUE = "overdue", "已逾期"
    DELIVERED = "delivered", "已提交"
    ACCEPTED = "accepted", "已通过"

    @property
    def is_open(self) -> bool:
        return self in (AskedState.OPEN, AskedState.OVERDUE)
