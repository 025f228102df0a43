"""统计报表: figures over what the other apps have recorded; on top of all of them, so it may read everybody."""
