"""Taking call-card sheets out of the house."""

from collections.abc import Iterator
from shutil import rmtree

import pytest
from django.conf import settings

from lianjing.domain.records.models import Record
from lianjing.project.call_cards import refresh
from tests.cast import Cast
from tests.web.console.conftest import As


@pytest.fixture
def made(cast: Cast) -> Iterator[str]:
    refresh(settings.ENVIRONMENT.call_cards_folder, cast.company)
    yield f"/call-cards/{cast.company.pk}/000000-01/"
    rmtree(settings.ENVIRONMENT.call_cards_folder)


def test_a_leader_takes_a_sheet_and_that_is_on_record(cast: Cast, signed_on: As, made: str) -> None:
    leo = signed_on("leo")
    assert f'action="{made}"' in leo.get("/call-cards/").content.decode()
    answer = leo.post(made)
    assert (answer.content[:5], answer["Content-Type"], answer["Cache-Control"]) == (
        b"%PDF-",
        "application/pdf",
        "no-store",
    )
    record = Record.objects.get(action="callcards.taken")
    assert (record.actor_name, record.company_id, record.after["sheet"]) == ("Leo", cast.company.pk, "000000-01")
    assert "10012345678" not in str(record.after)


@pytest.mark.parametrize(("name", "status"), [("olivia", 403), ("polly", 403), ("gus", 403), ("sam", 404)])
def test_others_get_none(signed_on: As, made: str, name: str, status: int) -> None:
    assert signed_on(name).post(made).status_code == status
    assert not Record.objects.filter(action="callcards.taken").exists()


def test_a_sheet_that_is_not_there_and_one_not_made_yet(cast: Cast, signed_on: As, made: str) -> None:
    assert signed_on("leo").post(made.replace("000000", "999999")).status_code == 404
    assert signed_on("leo").get(made, headers={"accept": "*/*"}).status_code == 405
    assert "还没有制作" in signed_on("sam").get("/call-cards/").content.decode()
