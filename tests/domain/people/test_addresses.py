"""Mail addresses of users: everybody his own, the administrator everybody's; the record does not repeat them."""

import argparse

import pytest

from lianjing.core.refusals import Refused
from lianjing.core.viewer import Forbidden
from lianjing.domain.people.addresses import set_email
from lianjing.domain.records.models import Record
from lianjing.project import user as command
from tests.cast import NOON, Cast


def test_everybody_sets_his_own_and_the_administrator_anybodys(cast: Cast) -> None:
    mia = cast.users["mia"]
    assert set_email(mia, " mia@example.cn ", by=cast.viewer("mia"), at=NOON) is True
    assert set_email(mia, "mia@example.cn", by=cast.viewer("ada"), at=NOON) is False
    assert set_email(mia, "", by=cast.viewer("ada"), at=NOON) is True
    with pytest.raises(Forbidden):
        set_email(mia, "leo@example.cn", by=cast.viewer("leo"), at=NOON)
    told = [record.after for record in Record.objects.filter(action="user.email_set").order_by("pk")]
    assert told == [{"user": "mia", "email": "changed"}, {"user": "mia", "email": ""}]


@pytest.mark.parametrize("address", ["mia", "mia@", "mia at home", "a@b.c\nBcc: d@e.f", "x" * 250 + "@example.cn"])
def test_what_is_no_address_is_refused(cast: Cast, address: str) -> None:
    with pytest.raises(Refused) as refused:
        set_email(cast.users["mia"], address, by=cast.viewer("mia"), at=NOON)
    assert refused.value.field == "email"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["mia", "mia@example.cn"], 0, "mia is reached by mail now\n"),
        (["mia", ""], 0, "mia has this mail address already\n"),
        (["mia", "at home"], 2, ""),
        (["nobody", "a@example.cn"], 2, ""),
    ],
)
def test_the_command_sets_an_address(
    cast: Cast, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    assert command.run(parser.parse_args(["email", *words])) == code
    assert capsys.readouterr().out == said
