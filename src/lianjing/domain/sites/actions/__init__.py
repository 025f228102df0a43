"""What people do to customers, sites and what is installed there: one module a noun."""
