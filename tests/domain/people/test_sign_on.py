"""Signing on and off goes on record."""

from django.test import Client

from lianjing.domain.records.models import Record
from tests.cast import PASSWORD, Cast


def told() -> list[tuple[str, str, str]]:
    rows = Record.objects.filter(action__startswith="user.").order_by("pk")
    return [(r.action, r.after["user"], r.source) for r in rows]


def sign_on(client: Client, name: str, password: str) -> int:
    return client.post("/accounts/login/", {"login": name, "password": password}).status_code


def test_every_way_of_signing_on_and_off_is_recorded_and_no_password_is(cast: Cast, client: Client) -> None:
    sign_on(client, "nobody", "wrong-secret")
    sign_on(client, "olivia", PASSWORD)
    client.post("/accounts/logout/")
    assert told() == [
        ("user.sign_on_failed", "nobody", "127.0.0.1"),
        ("user.signed_on", "olivia", "127.0.0.1"),
        ("user.signed_off", "olivia", "127.0.0.1"),
    ]
    assert "wrong-secret" not in str(list(Record.objects.values()))


def test_a_lock_out_is_recorded(cast: Cast, client: Client) -> None:
    for _ in range(6):
        sign_on(client, "oscar", "wrong-secret")
    assert [event for event, _, _ in told()].count("user.locked_out") >= 1
    assert {name for _, name, _ in told()} == {"oscar"}
