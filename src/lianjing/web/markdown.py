"""Markdown as people write it, as HTML that can do no harm: HTML in it is shown as text, a link leads nowhere but to
the web, and nothing is loaded from elsewhere."""

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

HEADING_LEVELS_DOWN = 2
"""The page itself has the first heading, and a part of it the second."""


def _outward(self: Any, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    tokens[place].attrSet("rel", "noopener noreferrer")
    return str(self.renderToken(tokens, place, options, env))


_reader = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
_reader.add_render_rule("link_open", _outward)


def rendered(text: str) -> SafeString:
    """Safe by the reader's own rules: it escapes all text, and refuses `javascript:`, `data:` and the like."""
    tokens = _reader.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + HEADING_LEVELS_DOWN)}"
    return SafeString(_reader.renderer.render(tokens, _reader.options, {}))
