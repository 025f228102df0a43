"""The same browsers as at the desk."""

from tests.web.console.conftest import As, signed_on

__all__ = ["As", "signed_on"]
