"""Clause 8.2 c: external documents, controlled: the standards that the specification refers to are held, in editions
that are not superseded, or with the edition that took their place beside them."""

from collections.abc import Iterable

from lianjing.domain.compliance.catalogue import Standard, catalogue
from lianjing.domain.compliance.documents_known import DocumentKnown, DocumentsKnown
from lianjing.domain.compliance.documents_rule import DocumentRule, Gap, names_of
from lianjing.domain.compliance.judging import said
from lianjing.domain.documents.policy import normal_number
from lianjing.terms.documents import DocumentKind, StandardState
from lianjing.terms.sentences import Phrase
from lianjing.terms.sentences import marked as _


class Clause82cExternal(DocumentRule):
    clause = "8.2 c"
    kind = DocumentKind.EXTERNAL

    def gaps(self, known: DocumentsKnown) -> list[Gap]:
        documents = known.of(self.kind)
        unknown = tuple(one for one in documents if one.state is None)
        return [
            *super().gaps(known),
            Gap("superseded", _("已被代替而没有新版的 %(count)d 份：%(names)s。"), superseded(documents), _superseded),
            Gap("unchecked", _("没有核对是否现行的 %(count)d 份：%(names)s。"), unknown, _unknown),
        ]

    def more_said(self, known: DocumentsKnown) -> list[Phrase]:
        missing = not_held(known.of(self.kind))
        if not missing:
            return []
        names = names_of(one.cited for one in missing)
        return [said(_("规范引用的标准没有持有的 %(count)d 项：%(names)s。"), count=len(missing), names=names)]


def superseded(documents: Iterable[DocumentKnown]) -> tuple[DocumentKnown, ...]:
    """Those of which there is a newer edition, and it is not held beside them. What was abolished has none."""
    rows = tuple(documents)
    held = {normal_number(one.number) for one in rows}
    return tuple(
        one
        for one in rows
        if one.state not in (None, StandardState.CURRENT) and normal_number(one.successor) not in held
    )


def not_held(documents: Iterable[DocumentKnown]) -> list[Standard]:
    """Of the nineteen: a dated one in its own edition, an undated one in any (clause 2)."""
    held = {normal_number(one.number) for one in documents}
    return [one for one in catalogue().referenced if not any(_is(one, number) for number in held)]


def _is(standard: Standard, number: str) -> bool:
    wanted = {normal_number(one) for one in (standard.cited, standard.right, standard.newest) if one}
    undated = () if standard.dated else tuple(f"{one}-" for one in wanted)
    return number in wanted or number.startswith(undated)


def _superseded(one: DocumentKnown) -> Phrase:
    if one.successor:
        return said(_("已被 %(successor)s 代替"), successor=one.successor)
    return said(_("已废止"))


def _unknown(_one: DocumentKnown) -> Phrase:
    return said(_("没有核对是否现行"))
