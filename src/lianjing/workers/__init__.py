"""幕后: loops that turn without anybody looking."""
