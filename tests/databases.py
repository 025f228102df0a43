"""Which database the tests run on."""

from django.db import connection


def database_url() -> str:
    """The test database of this worker, for code that speaks SQL without Django."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{connection.settings_dict['NAME']}"
    told = connection.settings_dict
    return f"postgresql://{told['USER']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
