"""Sur-Gard MLR2 (MLR2E, MLR2-DG, MLR2000) computer output, and what other receivers send in its form.

Sources: Sur-Gard MLR2 manuals, VisorALARM manual; see docs/protocols/surgard.md.
"""

from lianjing.protocols.receiver_output import OutputConnection
from lianjing.protocols.surgard.messages import END, read_message

__all__ = ["Connection"]


class Connection(OutputConnection):
    """Bytes of one MLR2 output in, messages with their answers out."""

    def __init__(self) -> None:
        super().__init__(read_message, END)
