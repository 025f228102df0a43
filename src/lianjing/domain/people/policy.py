"""Small decisions about people; no Django, no clock."""

from hashlib import sha256


def token_digest(secret: str) -> str:
    """What is kept of an API token. With its 256 random bits a plain hash cannot be guessed back."""
    return sha256(secret.encode()).hexdigest()
