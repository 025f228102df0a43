"""Ademco 685 and MX8000 computer output, and what other receivers send in its form.

Sources: Honeywell MX8000 manual 8-13 and 8-14, VisorALARM manual; see docs/protocols/ademco685.md.
"""

from lianjing.protocols.ademco685.messages import END, read_message
from lianjing.protocols.receiver_output import OutputConnection

__all__ = ["Connection"]


class Connection(OutputConnection):
    """Bytes of one 685 output in, messages with their answers out."""

    def __init__(self) -> None:
        super().__init__(read_message, END)
