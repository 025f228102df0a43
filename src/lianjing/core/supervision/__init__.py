"""Line supervision (线路监督): which paths of which panels have fallen silent. SQL without Django."""

from lianjing.core.supervision.watch import Changes, Heard, Lost, Watch

__all__ = ["Changes", "Heard", "Lost", "Watch"]
