"""Sentences for people, written where the decision is taken and translated where somebody reads them."""


def marked(sentence: str) -> str:
    """Marks a sentence for translation, as `_`; who shows it translates it. Pure code has no reader and no language."""
    return sentence
