"""Table 1 of clause 5.2: how many are needed in the three posts for so many customers. No Django."""

from dataclasses import dataclass

from lianjing.terms.staffing import PostKind

POSTS = (PostKind.PATROL, PostKind.WATCH, PostKind.DESIGN_INSTALL)
"""The columns of table 1."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of table 1. `most` None: however many."""

    words: str
    most: int | None
    patrol: int
    watch: int
    design_install: int

    def needs(self, post: PostKind) -> int:
        return int(getattr(self, post.value))


TABLE = (
    Row("≤100", 100, 10, 10, 20),
    Row("101~500", 500, 20, 15, 25),
    Row("501~1000", 1000, 30, 20, 30),
    Row("1001~2000", 2000, 40, 25, 40),
    Row("2001~5000", 5000, 55, 30, 45),
    Row("5001~10000", 10000, 80, 35, 50),
    Row("≥10001", None, 200, 40, 100),
)


def row_for(customers: int) -> Row:
    """The row of table 1 for so many customers."""
    return next(row for row in TABLE if row.most is None or customers <= row.most)
