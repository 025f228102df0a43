"""The phone page behind a confirmation link: nobody signs on, and nothing is shown that the link is not about."""
