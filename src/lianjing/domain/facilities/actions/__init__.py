"""What people do to places, to what is on record of them and to measured values: one module a noun."""
