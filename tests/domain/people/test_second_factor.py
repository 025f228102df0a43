"""两步验证: which codes are taken, how often, and what is kept of them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection

from lianjing.core.crypto import Unopenable
from lianjing.core.viewer import Forbidden
from lianjing.domain.people.actions import (
    TooManyWrong,
    WrongCode,
    require_second_factor,
    reset_second_factor,
    take_code,
    unlock_user,
)
from lianjing.domain.people.models import User
from lianjing.domain.people.policy import must_have_second_factor, plain_code, still_counted, totp_step
from lianjing.domain.people.queries import second_factors
from lianjing.domain.records.models import Record
from lianjing.terms.roles import Role
from tests.authenticator import App, app_of
from tests.cast import NOON, SYSTEM, Cast

Take = Callable[..., str]
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""RFC 6238, appendix B: "12345678901234567890" in base32."""


@pytest.fixture
def olivia(cast: Cast) -> User:
    return cast.users["olivia"]


@pytest.fixture
def app(olivia: User) -> App:
    return app_of(olivia)


@pytest.fixture
def take(olivia: User) -> Take:
    """Takes a code of Olivia's `after` a while; the kind of factor that it belonged to."""

    def taken(code: str, after: timedelta = timedelta()) -> str:
        at = datetime.now(tz=UTC) + after
        return str(take_code(olivia, code, by=olivia.as_viewer(), at=at, source="test").type)

    return taken


def told() -> list[str]:
    return list(Record.objects.order_by("pk").values_list("action", flat=True))


# Policy


@pytest.mark.parametrize(("second", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_codes_are_those_of_the_rfc(second: int, code: str) -> None:
    assert totp_step(RFC_SECRET, code, datetime.fromtimestamp(second, tz=UTC)) == second // 30


@pytest.mark.parametrize(("late", "is_taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_is_taken_one_step_early_or_late(late: int, is_taken: bool) -> None:
    at = datetime.fromtimestamp(1111111109 + late, tz=UTC)
    assert (totp_step(RFC_SECRET, "081804", at) is not None) is is_taken


def test_a_code_of_a_step_that_was_taken_is_of_no_use() -> None:
    at = datetime.fromtimestamp(1111111109, tz=UTC)
    assert totp_step(RFC_SECRET, "081804", at, after=1111111109 // 30) is None


@pytest.mark.parametrize("typed", ["123 456", "123-456", " １２３４５６ "])
def test_codes_may_be_typed_as_people_type_them(typed: str) -> None:
    assert plain_code(typed) == "123456"


def test_failures_count_for_a_quarter_of_an_hour() -> None:
    now = NOON.timestamp()
    assert still_counted([now - 901, now - 899], NOON) == [now - 899]


@pytest.mark.parametrize(
    ("held", "required_of", "in_person", "must"),
    [
        ({Role.OPERATOR}, set(), False, False),
        ({Role.OPERATOR}, {Role.ADMIN, Role.POLICE}, False, False),
        ({Role.OPERATOR, Role.ADMIN}, {Role.ADMIN}, False, True),
        ({Role.OPERATOR}, set(), True, True),
    ],
)
def test_a_role_or_the_name_makes_it_a_must(
    held: set[Role], required_of: set[Role], in_person: bool, must: bool
) -> None:
    assert must_have_second_factor(held, required_of, in_person=in_person) is must


# Taking codes


def test_a_code_of_the_app_is_taken_once_and_the_next_one_again(app: App, take: Take) -> None:
    assert take(app.code()) == "totp"
    with pytest.raises(WrongCode):
        take(app.code())
    assert take(app.code(later=1)) == "totp"
    with pytest.raises(WrongCode):
        take(app.code())


def test_each_recovery_code_is_taken_once(app: App, take: Take) -> None:
    first, second = app.codes[:2]
    assert take(f"{first[:4]} {first[4:]}") == "recovery_codes"
    with pytest.raises(WrongCode):
        take(first)
    assert take(second) == "recovery_codes"
    assert told() == ["user.recovery_code_used", "user.second_step_failed", "user.recovery_code_used"]


def test_the_fifth_wrong_code_closes_the_second_step_for_a_quarter_of_an_hour(app: App, take: Take) -> None:
    for _ in range(4):
        with pytest.raises(WrongCode) as refused:
            take(app.wrong())
        assert not isinstance(refused.value, TooManyWrong)
    with pytest.raises(TooManyWrong):
        take(app.wrong())
    for right in (app.code(), app.codes[0]):
        with pytest.raises(TooManyWrong):
            take(right)
    assert told().count("user.locked_out") == 3
    assert take(app.codes[0], after=timedelta(minutes=16)) == "recovery_codes"


def test_a_right_code_ends_the_count_and_so_does_an_administrator(app: App, take: Take, olivia: User) -> None:
    for _ in range(4):
        with pytest.raises(WrongCode):
            take(app.wrong())
    take(app.code())
    for _ in range(5):
        with pytest.raises(WrongCode):
            take(app.wrong())
    assert unlock_user(olivia, by=SYSTEM, at=NOON, source="test") == 1
    assert take(app.code(later=1)) == "totp"


def test_another_users_code_and_one_for_nobodys_app_are_wrong(app: App, cast: Cast) -> None:
    app_of(cast.users["oscar"])
    for name in ("oscar", "leo"):
        with pytest.raises(WrongCode):
            take_code(cast.users[name], app.code(), by=SYSTEM, at=datetime.now(tz=UTC), source="test")


def test_of_one_code_that_comes_ten_times_at_once_one_opens(transactional_db: None) -> None:
    olivia = Cast().users["olivia"]
    code = app_of(olivia).code()
    at = datetime.now(tz=UTC)
    together = Barrier(10)

    def opens(_: int) -> bool:
        together.wait(10)
        try:
            return bool(take_code(olivia, code, by=SYSTEM, at=at, source="test"))
        except WrongCode:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as crowd:
        assert sorted(crowd.map(opens, range(10))) == [False] * 9 + [True]
    assert told().count("user.locked_out") == 5


# What is kept


def test_neither_secret_nor_seed_nor_code_stands_in_the_tables_in_clear(app: App, take: Take, olivia: User) -> None:
    take(app.codes[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        kept = str(cursor.fetchall())
        cursor.execute("SELECT after FROM records_record")
        kept += str(cursor.fetchall())
    assert kept.count("v1:") == 2
    assert [secret for secret in (app.secret, *app.codes) if secret in kept] == []
    seed = Authenticator.objects.get(user=olivia, type="recovery_codes").data["seed"]
    assert seed.startswith("v1:")


def test_with_another_data_key_nothing_opens_and_the_administrator_hears_whose(
    app: App, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert second_factors(SYSTEM).sealed_otherwise == []
    monkeypatch.setattr(settings.ENVIRONMENT, "data_key", b"k" * 32)
    with pytest.raises(Unopenable):
        take(app.code())
    assert second_factors(SYSTEM).sealed_otherwise == ["olivia"]


# Who must


def test_who_must_and_who_has_not_yet_is_counted(cast: Cast, app: App, settings: object) -> None:
    assert (second_factors(SYSTEM).must, second_factors(SYSTEM).owing) == (0, 0)
    settings.SECOND_FACTOR_ROLES = frozenset({Role.OPERATOR, Role.ADMIN})
    assert require_second_factor(cast.users["gus"], True, by=SYSTEM, at=NOON, source="test")
    assert (second_factors(SYSTEM).must, second_factors(SYSTEM).owing) == (4, 3)


def test_requiring_is_recorded_when_it_changes_something(olivia: User) -> None:
    said = [require_second_factor(olivia, on, by=SYSTEM, at=NOON, source="test") for on in (True, True, False)]
    assert said == [True, False, True]
    assert [r.after for r in Record.objects.order_by("pk")] == [
        {"user": "olivia", "required": True},
        {"user": "olivia", "required": False},
    ]


def test_a_reset_removes_everything_and_says_whose_and_by_whom(app: App, olivia: User) -> None:
    assert [reset_second_factor(olivia, by=SYSTEM, at=NOON, source="test") for _ in range(2)] == [True, False]
    assert not Authenticator.objects.filter(user=olivia).exists()
    record = Record.objects.get()
    assert (record.action, record.actor_name, record.after) == ("user.second_factor_reset", "test", {"user": "olivia"})


def test_only_who_runs_the_installation_may_require_reset_or_count(cast: Cast, olivia: User) -> None:
    mia = cast.viewer("mia")
    for change in (
        lambda: require_second_factor(olivia, True, by=mia, at=NOON, source="test"),
        lambda: reset_second_factor(olivia, by=mia, at=NOON, source="test"),
        lambda: second_factors(mia),
    ):
        with pytest.raises(Forbidden):
            change()
