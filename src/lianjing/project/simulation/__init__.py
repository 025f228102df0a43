"""Simulated panels: what `lianjing simulate` is made of. Real sockets, real frames, no framework."""
