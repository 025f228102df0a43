"""A centre's older receiver keeps working: its signals become cases like any other."""

import socket

import pytest

from tests.program import Program, until

pytestmark = pytest.mark.journey


def test_a_duress_code_from_a_surgard_receiver_becomes_a_case(program: Program) -> None:
    with socket.create_connection(("127.0.0.1", program.surgard_port), timeout=5) as line:
        line.sendall(b"5011 181234E12101001\x14")
        assert line.recv(1) == b"\x06"
        # The byte got lost on its way: the receiver says it again.
        line.sendall(b"5011 181234E12101001\x14")
        assert line.recv(1) == b"\x06"
    token = program.token("admin")
    (case,) = until(lambda: program.get("incidents", token)["items"])
    assert (case["grade"], case["class"]) == (1, "hold_up")
    frames = [f for f in program.get("frames?account=1234", token)["items"] if f["listener"] == "surgard"]
    assert [frame["repeat_of"] for frame in frames] == [frames[-1]["id"], None]
