"""Files that people bring with a form, looked at by their content and by what their names say."""

from django.core.files.uploadedfile import UploadedFile

from lianjing.core.scans import LARGEST, Scan, scan_of


def scan_brought(file: UploadedFile | None) -> Scan | None:
    """None without one. Never more in memory than is allowed, whatever was sent. Raises Refused for what may not be
    kept, or is not what its name says."""
    return scan_of(file.read(LARGEST + 1), file.name or "") if file is not None else None


def scan_needed(file: UploadedFile | None) -> Scan:
    """Raises Refused without one, too."""
    return scan_brought(file) or scan_of(b"")
