"""从业单位: the operating companies."""
