"""Compiles the translations that are newer than what was compiled of them."""

from pathlib import Path

import polib

SOURCE = Path(__file__).parent.parent / "src" / "lianjing" / "locale"

for text in sorted(SOURCE.glob("*/LC_MESSAGES/*.po")):
    compiled = text.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < text.stat().st_mtime:
        polib.pofile(str(text)).save_as_mofile(str(compiled))
