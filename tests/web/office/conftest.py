"""The same browsers as at the desk."""

from tests.web.console.conftest import signed_on

__all__ = ["signed_on"]
