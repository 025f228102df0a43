"""Text that panels send in whatever encoding their maker liked."""

_ENCODINGS = ("utf-8", "gb18030", "cp1252")


def decode_text(raw: bytes) -> str:
    """Reads `raw` as UTF-8, else GB18030 (Chinese panels), else CP-1252 (DC-09 field use). Never raises."""
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")
