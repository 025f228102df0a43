"""`{% form_key %}` beside `{% csrf_token %}`: a form that holds it is stored once, however often it is sent (`once`).

Every template may use it without loading anything.
"""

import secrets

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
NAME = "form_key"


@register.simple_tag
def form_key() -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', NAME, secrets.token_urlsafe(12))
