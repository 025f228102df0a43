"""Settings reach what they are for."""

from dataclasses import fields

from lianjing.project.environment import Environment
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
