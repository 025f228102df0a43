"""联警: the open platform for networked alarm operation centres."""
