"""What another number of customers or of people means for table 1 of clause 5.2. No Django, no clock."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from lianjing.domain.compliance.judging import said
from lianjing.domain.compliance.table_1 import POSTS, TABLE, Row, row_for
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _
from lianjing.terms.staffing import PostKind


@dataclass(frozen=True, slots=True)
class Staffed:
    """So many 户 in service, and so many eligible people by post."""

    customers: int
    people: Mapping[PostKind, int]

    @property
    def row(self) -> Row:
        return row_for(self.customers)

    def count(self, post: PostKind) -> int:
        return self.people.get(post, 0)

    def margin(self, post: PostKind) -> int:
        """How many more than are needed; below zero so many are short."""
        return self.count(post) - self.row.needs(post)

    @property
    def next_row(self) -> tuple[int, Row] | None:
        """How many more 户 lead into the next row, and that row; None in the last one."""
        most = self.row.most
        return None if most is None else (most + 1 - self.customers, TABLE[TABLE.index(self.row) + 1])

    def serving(self, more: int) -> "Staffed":
        return replace(self, customers=max(0, self.customers + more))

    def staffed(self, post: PostKind, more: int) -> "Staffed":
        return replace(self, people={**self.people, post: max(0, self.count(post) + more)})


def added(before: Row, after: Row) -> dict[PostKind, int]:
    """How many more each post needs in the other row."""
    return {post: after.needs(post) - before.needs(post) for post in POSTS}


def customers_told(lead: Phrase, before: Staffed, after: Staffed) -> Iterator[Phrase]:
    """What another number of customers means: the row, what it needs, who is lacking, how far the next one is."""
    told = {"lead": lead, "customers": after.customers, "row": after.row.words}
    if after.row is before.row:
        yield said(_("%(lead)s在服务 %(customers)d 户，仍适用“%(row)s”一行。"), **told)
    else:
        more = _signed(added(before.row, after.row))
        sentence = _("%(lead)s在服务 %(customers)d 户，进入“%(row)s”一行：%(more)s。")
        if after.customers < before.customers:
            sentence = _("%(lead)s在服务 %(customers)d 户，回到“%(row)s”一行：%(more)s。")
        yield said(sentence, **told, more=more)
    yield from standing_told(after)
    yield from next_told(after)


def standing_told(staffed: Staffed) -> Iterator[Phrase]:
    """Who is there, and who is lacking."""
    have = _named({post: str(staffed.count(post)) for post in POSTS})
    short = {post: str(-staffed.margin(post)) for post in POSTS if staffed.margin(post) < 0}
    if short:
        yield said(_("现有合格人员：%(have)s；还差：%(short)s。"), have=have, short=_named(short))
    else:
        yield said(_("现有合格人员：%(have)s，都够。"), have=have)


def next_told(staffed: Staffed) -> Iterator[Phrase]:
    found = staffed.next_row
    if found is not None:
        left, row = found
        more = _signed(added(staffed.row, row))
        yield said(_("再签 %(left)d 户进入“%(row)s”：%(more)s。"), left=left, row=row.words, more=more)


def margins_told(staffed: Staffed) -> Phrase:
    """How many each post has more than it needs, or fewer."""
    margins = {post: staffed.margin(post) for post in POSTS}
    return _named({post: f"+{more}" if more > 0 else str(more).replace("-", "−") for post, more in margins.items()})


def post_told(lead: Phrase, post: PostKind, after: Staffed) -> Phrase:
    """How one post then stands."""
    margin = after.margin(post)
    told = {"lead": lead, "post": Phrase(post.zh), "count": after.count(post), "need": after.row.needs(post)}
    if margin < 0:
        return said(_("%(lead)s%(post)s %(count)d 人，应 ≥%(need)d，少 %(short)d 人。"), **told, short=-margin)
    return said(_("%(lead)s%(post)s %(count)d 人，应 ≥%(need)d，余 %(spare)d 人。"), **told, spare=margin)


def _signed(numbers: Mapping[PostKind, int]) -> Phrase:
    return _named({post: f"+{more}" if more >= 0 else f"−{-more}" for post, more in numbers.items()})


def _named(told: Mapping[PostKind, str]) -> Phrase:
    """Posts with something each: 巡逻 +10、值守 +5."""
    sentence = "、".join(f"%({post.value})s {words}" for post, words in told.items())
    return Phrase(sentence, {post.value: Phrase(post.zh) for post in told})
