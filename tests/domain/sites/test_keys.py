"""Keys of panels: how an entry is understood, who may enter one, and that nobody reads one again."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from lianjing.core.crypto import open_field
from lianjing.core.refusals import Missing
from lianjing.core.viewer import Forbidden
from lianjing.domain.records.models import Record
from lianjing.domain.sites.actions.panel_keys import NoKeys, allow_plain, remove_panel_key, set_panel_key
from lianjing.domain.sites.models import Panel
from lianjing.domain.sites.policy import BadKey, chosen_key, key_readings
from lianjing.domain.sites.queries import KeyState, key_state
from tests.cast import NOON, Cast

KEY = b"a-secret-of-16-b"
HEX_32 = "00112233445566778899AABBCCDDEEFF"
PLAIN = "设备 1001 也收明文：报文可能是冒充的"
GONE = "设备 1001 的密钥删除：加密的报文不再能读"


@pytest.mark.parametrize(
    ("entry", "form", "key"),
    [
        ("0011 2233 4455 6677 8899 aabb ccdd eeff", "", bytes.fromhex(HEX_32)),
        ("00-11-22-33-44-55-66-77-88-99-AA-BB-CC-DD-EE-FF", "", bytes.fromhex(HEX_32)),
        (HEX_32, "hex", bytes.fromhex(HEX_32)),
        (HEX_32, "characters", HEX_32.encode()),
        ("a" * 48, "", bytes.fromhex("a" * 48)),
        ("b" * 64, "", bytes.fromhex("b" * 64)),
        ("ABCDEF0123456789", "", b"ABCDEF0123456789"),
        ("a key-of 24 characters!!", "", b"a key-of 24 characters!!"),
        (" pasted-with-gaps\n", "", b"pasted-with-gaps"),
    ],
)
def test_a_key_is_read_as_digits_or_as_characters(entry: str, form: str, key: bytes) -> None:
    assert chosen_key(entry, form) == key


def test_thirty_two_digits_can_be_two_keys_and_the_person_chooses() -> None:
    assert {form: len(key) for form, key in key_readings(HEX_32).items()} == {"hex": 16, "characters": 32}
    with pytest.raises(BadKey, match=r"AES-128.*AES-256"):
        chosen_key(HEX_32, "")


@pytest.mark.parametrize(
    ("entry", "form", "said"),
    [
        ("", "", "请输入密钥"),
        ("12345678", "", "所填为 8 个字符"),
        ("12345678", "hex", "所填为 8 位"),
        ("12345678", "characters", "所填为 8 个"),
        ("x" * 32, "hex", "不是十六进制"),
        ("0" * 40, "hex", "所填为 40 位"),
        ("密" * 16, "", "只能用英文字母"),
        ("\x00" * 16, "characters", "只能用英文字母"),
        ("0" * 33, "", "所填为 33 个字符"),
        ("٠" * 32, "hex", "不是十六进制"),
    ],
)
def test_what_is_no_key_is_told_without_repeating_it(entry: str, form: str, said: str) -> None:
    with pytest.raises(BadKey, match=said) as bad:
        chosen_key(entry, form)
    assert not entry or entry not in str(bad.value)


def panel(account: str = "1001") -> Panel:
    return Panel.objects.get(account=account)


def who(cast: Cast, name: str = "mia") -> dict[str, Any]:
    return {"by": cast.viewer(name), "at": NOON + timedelta(hours=1)}


def test_a_manager_puts_a_key_on_file_and_the_receiver_finds_the_change(cast: Cast) -> None:
    set_panel_key(panel().pk, KEY, **who(cast))
    after = panel()
    assert bytes.fromhex(open_field(settings.ENVIRONMENT.data_key, after.key_sealed).decode()) == KEY
    assert after.changed_at == after.key_set_at == NOON + timedelta(hours=1)
    assert key_state(cast.viewer("olivia"), after) == KeyState(16, NOON + timedelta(hours=1))
    assert key_state(cast.viewer("sam"), after) == KeyState(0, None)


def test_the_record_says_that_it_changed_and_never_what(cast: Cast) -> None:
    set_panel_key(panel().pk, KEY, **who(cast))
    allow_plain(panel().pk, True, **who(cast))
    remove_panel_key(panel().pk, **who(cast))
    rows = Record.objects.filter(subject_type="panel").order_by("pk")
    assert [(r.action, r.before, r.after) for r in rows] == [
        ("panel.key_set", {"key": "none"}, {"key": "changed"}),
        ("panel.plain_allowed", {"plain_allowed": False}, {"plain_allowed": True, "weakens": [PLAIN]}),
        ("panel.key_removed", {"key": "on file"}, {"key": "none", "weakens": [GONE]}),
    ]
    told = str(list(Record.objects.values())) + str(list(Panel.objects.values()))
    assert not any(secret in told for secret in (KEY.decode(), KEY.hex(), KEY.hex().upper()))
    assert (panel().key_sealed, panel().key_set_at, panel().plain_allowed) == ("", None, True)


@pytest.mark.parametrize(("name", "error"), [("olivia", Forbidden), ("leo", Forbidden), ("sam", Missing)])
def test_others_may_not_and_a_stranger_finds_no_panel(cast: Cast, name: str, error: type[Exception]) -> None:
    for act, more in ((set_panel_key, (KEY,)), (remove_panel_key, ()), (allow_plain, (True,))):
        with pytest.raises(error):
            act(panel().pk, *more, **who(cast, name))
    assert (panel().key_sealed, Record.objects.filter(subject_type="panel").count()) == ("", 0)


def test_a_panel_that_is_gone_or_behind_an_older_receiver_takes_no_key(cast: Cast) -> None:
    Panel.objects.filter(account="1001").update(removed_at=NOON)
    Panel.objects.filter(account="1002").update(listener="surgard")
    with pytest.raises(Missing):
        set_panel_key(panel().pk, KEY, **who(cast))
    with pytest.raises(NoKeys):
        set_panel_key(panel("1002").pk, KEY, **who(cast))
    with pytest.raises(ValueError, match="16, 24, 32"):
        set_panel_key(panel("1002").pk, b"short", **who(cast))


def test_a_key_that_was_sealed_with_another_data_key_is_told(cast: Cast) -> None:
    Panel.objects.filter(account="1001").update(key_sealed="v1:nonsense")
    assert key_state(cast.viewer("mia"), panel()).unopenable
