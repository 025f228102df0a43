"""Settings reach what they are for."""

from dataclasses import fields

import pytest

from lianjing.project.environment import BadSetting, Environment
from lianjing.receivers.limits import Limits

OTHER = {
    "UNKNOWN_ACCOUNT_DUH": "1",
    "ENCRYPTED_WITHOUT_KEY": "SILENT",
    "MAX_FRAME_BYTES": "4200",
    **dict.fromkeys(("MAX_CONNECTIONS", "MAX_CONNECTIONS_ADDRESS", "MAX_CONNECTIONS_UNPROVEN"), "7"),
    **dict.fromkeys(("CONNECTIONS_A_SECOND", "FRAMES_A_SECOND", "DATAGRAMS_A_SECOND", "MAX_NONSENSE_FRAMES"), "7"),
    **dict.fromkeys(("MAX_WAITING_FRAMES", "MAX_WAITING_DATAGRAMS", "FIRST_FRAME_SECONDS", "HALF_FRAME_SECONDS"), "7"),
    **dict.fromkeys(("UNREAD_SECONDS", "VANISHED_SECONDS", "DRAIN_SECONDS"), "7"),
    "SILENCE_SECONDS": "77",
}


def test_every_limit_of_the_receiver_is_a_setting(tmp_path):
    usual = Environment({"LIANJING_DATA": str(tmp_path)}).limits
    changed = {f"LIANJING_{name}": value for name, value in OTHER.items()}
    limits = Environment({"LIANJING_DATA": str(tmp_path), **changed}).limits
    assert usual == Limits()
    same = [field.name for field in fields(Limits) if getattr(limits, field.name) == getattr(usual, field.name)]
    assert same == []


def made(tmp_path, **told):
    return Environment({"LIANJING_DATA": str(tmp_path), **{f"LIANJING_{name}": text for name, text in told.items()}})


@pytest.mark.parametrize(
    ("template", "origin"),
    [
        ("https://tiles.example.cn:8443/vec/{z}/{x}/{y}.png?tk=a-key", "https://tiles.example.cn:8443"),
        ("/tiles/{z}/{x}/{y}.png", ""),
    ],
)
def test_a_tile_server_is_one_origin_and_its_key_is_not_printed(tmp_path, template, origin):
    environment = made(tmp_path, TILES=template, TILES_ATTRIBUTION="GS(2026)1", TILES_DATUM="gcj02")
    assert (environment.tiles.origin, environment.tiles.is_shifted) == (origin, True)
    assert "a-key" not in " ".join(setting.shown for setting in environment.settings)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"TILES": "https://tiles.example.cn/{z}/{x}.png"}, "holds no"),
        ({"TILES": "https://t{s}.example.cn/{z}/{x}/{y}.png"}, "several hosts"),
        ({"TILES": "ftp://tiles.example.cn/{z}/{x}/{y}.png"}, "neither"),
        ({"TILES": "https://a.cn; script-src */{z}/{x}/{y}.png"}, "neither"),
        ({"TILES": "//tiles.example.cn/{z}/{x}/{y}.png"}, "neither"),
        ({"TILES": "/{z}/{x}/{y}.png", "TILES_DATUM": "BD09"}, "takes one of WGS84, GCJ02"),
    ],
)
def test_tiles_that_cannot_be_used_are_refused_at_the_start(tmp_path, told, said):
    with pytest.raises(BadSetting, match=said):
        made(tmp_path, **told)


def test_without_a_tile_server_there_is_plain_ground(tmp_path):
    assert made(tmp_path).tiles is None


SECRET = "sixteen-letters-or-more"


def test_gateways_want_a_secret_and_print_neither_it_nor_a_key_in_their_address(tmp_path):
    told = {"SMS_WEBHOOK": "https://me:pw@sms.example.cn/send?key=abc", "WEBHOOK_SECRET": SECRET}
    environment = made(tmp_path, **told, WEBHOOK_HOSTS="desk.example.cn, Other.example.cn", PUBLIC_URL="https://x.cn/")
    messages = environment.messages
    assert (messages.sms_webhook, messages.public_url) == (told["SMS_WEBHOOK"], "https://x.cn")
    assert messages.webhook_hosts == {"desk.example.cn", "other.example.cn"}
    assert messages.missing == {"sms": "", "wechat": "LIANJING_WECHAT_WEBHOOK", "webhook": ""}
    shown = {setting.name: setting.shown for setting in environment.settings}
    assert shown["LIANJING_SMS_WEBHOOK"] == "https://***@sms.example.cn/send?***"
    assert shown["LIANJING_WEBHOOK_SECRET"] == "(hidden)"


def test_the_secret_may_stand_in_a_file(tmp_path):
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    assert made(tmp_path, WEBHOOK_SECRET_FILE=str(tmp_path / "secret")).messages.secret == SECRET


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"SMS_WEBHOOK": "https://sms.example.cn/"}, "WEBHOOK_SECRET"),
        ({"SMS_WEBHOOK": "https://sms.example.cn/", "WEBHOOK_SECRET": "short"}, "16 characters"),
        ({"PUBLIC_URL": "desk.example.cn"}, "PUBLIC_URL"),
        ({"WECHAT_WEBHOOK": "ftp://wx.example.cn"}, "WECHAT_WEBHOOK"),
        ({"WEBHOOK_SECRET_FILE": "/no/such/file"}, "does not exist"),
    ],
)
def test_ways_out_that_cannot_be_used_are_refused_at_the_start(tmp_path, told, said):
    with pytest.raises(BadSetting, match=said):
        made(tmp_path, **told)
