"""How tests and suppression rules say no."""


class Missing(Exception):
    """There is no such thing for this viewer; another company's is answered the same."""


class Refused(Exception):
    """It is not possible so; the text is a sentence for the person, `field` what it is about (empty: the whole)."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
