"""The directory (名录): what receivers must know of each account, from memory. SQL without Django."""

from lianjing.core.directory.book import PANELS
from lianjing.core.directory.directory import Directory, Panel
from lianjing.core.directory.sources import source_of

__all__ = ["Directory", "Panel", "open_directory"]


def open_directory(database_url: str, data_key: bytes) -> Directory:
    """The panels of this installation. Nothing is read before `Directory.start`."""
    return Directory(source_of(database_url, PANELS), data_key)
