"""What the web server runs."""

import gc
import os

from django.core.asgi import get_asgi_application

COLLECT_AFTER = 20_000
"""Objects: a page makes thousands, and leaves hardly any in circles."""


def settle() -> None:
    """Loads what every page needs before the first one is asked for, and leaves it out of every later collection of
    rubbish: one page in some had to wait until all of it was looked through."""
    from django.urls import reverse
    from django.utils import translation

    from lianjing.domain.compliance.registry import rules

    reverse("office:home")
    for language in ("zh-hans", "en"):
        with translation.override(language):
            translation.gettext("")
    rules()
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lianjing.project.settings")
application = get_asgi_application()
settle()
