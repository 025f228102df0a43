"""Who may look through what was sent, and send it again."""

SEE = "deliveries.see"
"""The list of all messages of the company."""
OF_A_CASE = "incidents.see"
"""Whoever sees a case sees what was sent about it, with masked addresses."""
RETRY = "deliveries.retry"
