"""Pass-words that a file gives, and how they are kept (docs/operations/import.md, "Pass-words")."""

from collections.abc import Iterable

from django.contrib.auth.hashers import check_password

from lianjing.core.workbooks.reading import Row
from lianjing.domain.sites.word_digests import digest_of


class GivenWord:
    """A word as a person wrote it. Its digest is made once, when it is needed; it is never shown."""

    __slots__ = ("_digest", "plain")

    def __init__(self, plain: str) -> None:
        self.plain = plain
        self._digest = ""

    def __repr__(self) -> str:
        return "GivenWord(…)"

    @property
    def digest(self) -> str:
        self._digest = self._digest or digest_of(self.plain)
        return self._digest

    def fits(self, digest: str) -> bool:
        """Whether what stands is this word's."""
        return bool(digest) and check_password(self.plain, digest)


WORDS = ("pass_word", "duress_word")


def wrapped(rows: Iterable[Row], *, digested: bool = False) -> None:
    """Makes the words of contacts' rows what they are here; with `digested` also the digests, which take a while."""
    for row in rows:
        for column in WORDS:
            value = row.values.get(column)
            if isinstance(value, str):
                value = row.values[column] = GivenWord(value)
            if digested and value is not None:
                value.digest  # noqa: B018 made now
