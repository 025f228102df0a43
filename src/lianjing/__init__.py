"""联警: the open platform for networked alarm operation centres."""

__version__ = "0.1.0"
