"""journal_account: where an account's frames are, entered in portions beside the commits."""

import asyncio

from lianjing.core.journal import writer
from tests.core.journal.places import alarm, during, entry, stored


def entered(at) -> list[tuple[str, int]]:
    return [(row["account"], row["frame_id"]) for row in at.rows("journal_account", "account, frame_id")]


def mark(at) -> int:
    return at.rows("journal_account_mark")[0]["frame_id"]


async def until_mark(at, frame_id: int) -> None:
    while mark(at) < frame_id:  # noqa: ASYNC110 the writer's thread tells nobody
        await asyncio.sleep(0.01)


def test_with_nothing_else_to_do_every_frame_is_entered_by_its_account(at):
    async def work(journal):
        await stored(journal, [entry(alarm(1)), entry(alarm(1, account="7098")), entry(b"noise"), entry(alarm(2))])
        await until_mark(at, 4)

    during(at.journal(), work)
    assert entered(at) == [("7098", 2), ("7099", 1), ("7099", 4)]


def test_under_load_they_are_entered_in_portions(at, monkeypatch):
    monkeypatch.setattr(writer, "ACCOUNTS_FRAMES", 100)

    async def work(journal):
        for start in range(1, 1001, 50):
            await stored(journal, [entry(alarm(n)) for n in range(start, start + 50)])

    during(at.journal(), work)
    assert mark(at) % 100 == 0
    assert 900 <= mark(at) <= 1000
    assert entered(at) == [("7099", n) for n in range(1, mark(at) + 1)]


def test_the_next_run_goes_on_where_the_last_ended(at):
    during(at.journal(), lambda journal: stored(journal, [entry(alarm(1))]))

    during(at.journal(), lambda journal: until_mark(at, 1))
    assert entered(at) == [("7099", 1)]
