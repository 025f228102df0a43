"""Where an account's frames are: most are entered by account, the latest few are found by looking."""

from lianjing.domain.signals.models import AccountMark, Frame, FrameOfAccount
from lianjing.domain.sites.policy import normal_account

PORTION = 1000


def frames_of_account(account: str, before: int | None = None, limit: int = PORTION) -> list[int]:
    """Ids of an account's frames, newest first, from before the frame `before`. For those who may see them already."""
    account = normal_account(account)
    # The mark first, and both halves by it: what the receiver enters in the meantime is neither missed nor found twice.
    mark = AccountMark.objects.values_list("frame_id", flat=True).get()
    late = Frame.objects.filter(account=account, pk__gt=mark)
    early = FrameOfAccount.objects.filter(account=account, frame_id__lte=mark)
    if before is not None:
        late, early = late.filter(pk__lt=before), early.filter(frame_id__lt=before)
    found = list(late.order_by("-pk").values_list("pk", flat=True)[:limit])
    return found + list(early.order_by("-frame_id").values_list("frame_id", flat=True)[: limit - len(found)])
